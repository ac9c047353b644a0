// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/bitmap.h"

#include <algorithm>
#include <bit>

namespace freshet::columnar {

void fillBits(std::byte *bits, std::int64_t first, std::int64_t count, bool value)
{
    const std::int64_t end = first + count;
    const auto put = [&](std::int64_t index) {
        if (value)
            setBit(bits, index);
        else
            clearBit(bits, index);
    };
    while (first < end && (first & 7) != 0)
        put(first++);
    if (const std::int64_t bytes = (end - first) / 8; bytes > 0) {
        std::memset(bits + first / 8, value ? 0xff : 0, static_cast<std::size_t>(bytes));
        first += bytes * 8;
    }
    while (first < end)
        put(first++);
}

void copyBits(std::byte *to, std::int64_t at, const std::byte *from, std::int64_t first,
              std::int64_t count)
{
    if ((at & 7) == 0 && (first & 7) == 0) {
        if (count > 0)
            std::memcpy(to + at / 8, from + first / 8, bitmapBytes(count));
        return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        if (bitAt(from, first + i))
            setBit(to, at + i);
        else
            clearBit(to, at + i);
    }
}

std::int64_t countBits(const std::byte *bits, std::int64_t first, std::int64_t count)
{
    const std::int64_t end = first + count;
    std::int64_t total = 0;
    while (first < end && (first & 7) != 0)
        total += bitAt(bits, first++) ? 1 : 0;
    for (; end - first >= 64; first += 64) {
        std::uint64_t word = 0;
        std::memcpy(&word, bits + first / 8, sizeof word);
        total += std::popcount(word);
    }
    while (first < end)
        total += bitAt(bits, first++) ? 1 : 0;
    return total;
}

MutableBuffer filledBitmap(std::int64_t count, bool value)
{
    MutableBuffer bits;
    bits.reserve(std::max<std::size_t>(bitmapBytes(count), 1));
    bits.setSize(bitmapBytes(count));
    if (bits.size() != 0)
        std::memset(bits.data(), 0, bits.size());
    if (value)
        fillBits(bits.data(), 0, count, true);
    return bits;
}

} // namespace freshet::columnar
