// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace freshet::columnar {

/// The texts 00 to 99, one after the other: two digits a table look-up.
inline constexpr auto kDigitPairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

/// Write a value below 100 as two digits. Output: one past the last byte, as below.
inline char *writeTwoDigits(char *out, unsigned value)
{
    std::memcpy(out, &kDigitPairs[2 * std::size_t{value}], 2);
    return out + 2;
}

/// Write `value` without leading zeros; at most 20 bytes.
inline char *writeDigits(char *out, std::uint64_t value)
{
    std::array<char, 20> digits;
    std::size_t first = digits.size();
    while (value >= 100) {
        first -= 2;
        writeTwoDigits(&digits[first], static_cast<unsigned>(value % 100));
        value /= 100;
    }
    if (value >= 10) {
        first -= 2;
        writeTwoDigits(&digits[first], static_cast<unsigned>(value));
    } else {
        digits[--first] = static_cast<char>('0' + value);
    }
    std::memcpy(out, &digits[first], digits.size() - first);
    return out + (digits.size() - first);
}

/// Write exactly `count` digits, zeros first; `count` ≤ 19.
inline char *writePaddedDigits(char *out, std::uint64_t value, int count)
{
    for (int i = count; i-- > 0; value /= 10)
        out[i] = static_cast<char>('0' + value % 10);
    return out + count;
}

} // namespace freshet::columnar
