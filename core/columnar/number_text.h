// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace freshet::columnar {

/// Digits that a decimal128 holds.
inline constexpr int kMaxDecimalDigits = 38;
/// Digits that a decimal of the small precision holds.
inline constexpr int kSmallDecimalDigits = 18;

/// The unscaled value of a present row; its memory need not be aligned for 16 bytes.
[[nodiscard]] inline Int128 decimalAt(const Column &column, std::int64_t row)
{
    Int128 unscaled = 0;
    std::memcpy(&unscaled, column.values.data() + row * 16, sizeof unscaled);
    return unscaled;
}

/// 10^exponent for exponent in [0, 38].
[[nodiscard]] UInt128 powerOfTen(int exponent);
/// How many decimal digits `value` has; 0 for 0.
[[nodiscard]] int digitCount(UInt128 value);

/// The parts of a number text, found in one pass without converting it.
struct NumberText
{
    bool isValid = false; ///< by the JSON grammar (RFC 8259 §6), and nothing else follows
    bool isNegative = false;
    bool hasExponent = false;
    bool hasFraction = false;
    std::uint64_t mantissa = 0;      ///< all digits as an integer; meaningless beyond 19 `digits`
    std::int64_t digits = 0;         ///< from the first that is not 0 to the last one written
    std::int64_t fractionDigits = 0; ///< as written
    std::int64_t exponent = 0;       ///< as written, held within ±1e15

    [[nodiscard]] bool isInteger() const { return !hasFraction && !hasExponent; }
};

/// Source: RFC 8259 §6.
[[nodiscard]] inline NumberText scanNumber(std::string_view text)
{
    NumberText number;
    const char *at = text.data();
    const char *const end = at + text.size();
    const auto isDigit = [&] {
        return at != end && static_cast<unsigned char>(*at - '0') < 10;
    };
    const auto takeDigit = [&] {
        const auto digit = static_cast<unsigned>(*at++ - '0');
        number.mantissa = number.mantissa * 10 + digit;
        number.digits += (number.digits | static_cast<std::int64_t>(digit)) != 0 ? 1 : 0;
    };

    if (at != end && *at == '-') {
        number.isNegative = true;
        ++at;
    }
    if (!isDigit())
        return number;
    if (*at == '0')
        ++at;
    else
        do
            takeDigit();
        while (isDigit());
    if (at != end && *at == '.') {
        number.hasFraction = true;
        const char *const first = ++at;
        while (isDigit())
            takeDigit();
        number.fractionDigits = at - first;
        if (number.fractionDigits == 0)
            return number;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        number.hasExponent = true;
        ++at;
        bool isNegative = false;
        if (at != end && (*at == '+' || *at == '-'))
            isNegative = *at++ == '-';
        if (!isDigit())
            return number;
        constexpr std::int64_t kSaturated = 1'000'000'000'000'000;
        for (; isDigit(); ++at)
            if (number.exponent < kSaturated)
                number.exponent = number.exponent * 10 + (*at - '0');
        if (isNegative)
            number.exponent = -number.exponent;
    }
    number.isValid = at == end;
    return number;
}

/// The value of a number text: `digits` × 10^`exponent`, with no zero at the end of `digits`.
/// Zero has no digits and the exponent 0.
struct ExactDecimal
{
    bool isNegative = false;
    UInt128 digits = 0;
    std::int64_t exponent = 0;

    bool operator==(const ExactDecimal &) const = default;

    /// The value × 10^`scale` if that is an integer of at most 38 digits.
    [[nodiscard]] std::optional<Int128> unscaled(int scale) const;
};

/// Output: nothing if the value has more than 38 significant digits.
[[nodiscard]] std::optional<ExactDecimal> exactDecimal(const NumberText &number,
                                                       std::string_view text);

/// A number as a decimal has it: `unscaled` × 10^-`scale`.
struct ScaledDecimal
{
    Int128 unscaled = 0;
    int scale = 0;
};
/// The text's value with the fraction digits that were written if they fit, else with the fewest.
/// Output: nothing if the value needs more than 38 digits, or is a zero with a sign.
[[nodiscard]] std::optional<ScaledDecimal> scaledDecimal(const NumberText &number,
                                                         std::string_view text);
/// How many digits the unscaled value has.
[[nodiscard]] inline int digitCount(Int128 unscaled)
{
    const auto bits = static_cast<UInt128>(unscaled);
    return digitCount(unscaled < 0 ? 0 - bits : bits);
}

/// The shortest decimal that reads back as `value`, which is finite.
[[nodiscard]] ExactDecimal shortestDecimal(double value);

/// What a number text is, by the rules of design §5.
enum class NumberClass : std::uint8_t {
    Int64,
    UInt64,
    Decimal, ///< an integer of at most 38 digits, or a fraction that no double spells
    Double,  ///< its shortest decimal has the text's value; also `-0`, whose sign integers lack
    Text,    ///< no type holds it exactly, or it is no number
};

struct Number
{
    NumberClass kind = NumberClass::Text;
    std::int64_t int64 = 0;
    std::uint64_t uint64 = 0;
    double real = 0;
    ScaledDecimal decimal; ///< of all integers, too
};

[[nodiscard]] Number classifyNumber(const NumberText &number, std::string_view text);

/// The double nearest to a valid number text: ±infinity or 0 beyond the range.
[[nodiscard]] double nearestDouble(const NumberText &number, std::string_view text);

/// As `nearestDouble`, without the general algorithm: at most 15 digits and a power of ten that a
/// double holds exactly, so that one multiplication or division rounds correctly, and so that the
/// shortest decimal of the result is the text's value.
/// Source: W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990.
[[nodiscard]] inline bool quickDouble(const NumberText &number, double &value)
{
    static constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const std::int64_t power = number.exponent - number.fractionDigits;
    if (number.digits > 15 || power < -22 || power > 22)
        return false;
    const auto mantissa = static_cast<double>(static_cast<std::int64_t>(number.mantissa));
    const double magnitude = power < 0 ? mantissa / kPowers[-power] : mantissa * kPowers[power];
    value = number.isNegative ? -magnitude : magnitude;
    return true;
}

} // namespace freshet::columnar
