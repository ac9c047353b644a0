// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
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

/// How many decimal digits `value` has, at least 1.
/// Source: Bit Twiddling Hacks, "integer log base 10": log10(2) ≈ 1233 / 4096.
inline int decimalDigits(std::uint64_t value)
{
    static constexpr auto kPowers = [] {
        std::array<std::uint64_t, 20> powers{};
        std::uint64_t power = 1;
        for (std::uint64_t &each : powers) {
            each = power;
            power *= 10;
        }
        return powers;
    }();
    const auto guess = static_cast<std::size_t>(std::bit_width(value | 1)) * 1233 >> 12;
    return static_cast<int>(guess) + (value == 0 || value >= kPowers[guess] ? 1 : 0);
}

/// Write `value` without leading zeros; at most 20 bytes.
inline char *writeDigits(char *out, std::uint64_t value)
{
    char *const end = out + decimalDigits(value);
    char *at = end;
    while (value >= 100) {
        at -= 2;
        writeTwoDigits(at, static_cast<unsigned>(value % 100));
        value /= 100;
    }
    if (value >= 10)
        writeTwoDigits(at - 2, static_cast<unsigned>(value));
    else
        at[-1] = static_cast<char>('0' + value);
    return end;
}

/// Write exactly `count` digits, zeros first; `count` ≤ 19.
inline char *writePaddedDigits(char *out, std::uint64_t value, int count)
{
    char *const end = out + count;
    char *at = end;
    for (; count >= 2; count -= 2) {
        at -= 2;
        writeTwoDigits(at, static_cast<unsigned>(value % 100));
        value /= 100;
    }
    if (count == 1)
        at[-1] = static_cast<char>('0' + value % 10);
    return end;
}

} // namespace freshet::columnar
