// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace freshet::columnar {

namespace {

constexpr auto kPowersOfTen = [] {
    std::array<UInt128, kMaxDecimalDigits + 1> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

/// Exponents below which a text of at most 15 digits is certainly far from the ends of the range
/// of doubles, where the 15 digits are no longer guaranteed.
constexpr std::int64_t kSafeExponent = 290;

Number classifyInteger(const NumberText &text, std::string_view spelled)
{
    Number number;
    if (text.digits == 0) { // "0" or "-0"
        number.kind = text.isNegative ? NumberClass::Double : NumberClass::Int64;
        number.real = text.isNegative ? -0.0 : 0.0;
        return number;
    }
    if (text.digits > kMaxDecimalDigits)
        return number;
    UInt128 magnitude = 0;
    for (const char c : spelled.substr(text.isNegative ? 1 : 0))
        magnitude = magnitude * 10 + static_cast<unsigned>(c - '0');

    constexpr auto kMaxInt64 = static_cast<UInt128>(std::numeric_limits<std::int64_t>::max());
    if (magnitude <= kMaxInt64 + (text.isNegative ? 1u : 0u)) {
        number.kind = NumberClass::Int64;
        const auto bits = static_cast<std::uint64_t>(magnitude);
        number.int64 = static_cast<std::int64_t>(text.isNegative ? 0 - bits : bits);
    } else if (!text.isNegative && magnitude <= std::numeric_limits<std::uint64_t>::max()) {
        number.kind = NumberClass::UInt64;
        number.uint64 = static_cast<std::uint64_t>(magnitude);
    } else {
        number.kind = NumberClass::Decimal;
    }
    number.decimal.unscaled = static_cast<Int128>(magnitude);
    if (text.isNegative)
        number.decimal.unscaled = -number.decimal.unscaled;
    return number;
}

bool isShortestOf(double value, const NumberText &text, std::string_view spelled)
{
    if (!std::isfinite(value))
        return false;
    const std::int64_t power = text.exponent - text.fractionDigits;
    if (text.digits <= 15 && power > -kSafeExponent && power < kSafeExponent)
        return true;
    const std::optional<ExactDecimal> exact = exactDecimal(text, spelled);
    return exact && *exact == shortestDecimal(value);
}

} // namespace

UInt128 powerOfTen(int exponent)
{
    return kPowersOfTen.at(static_cast<std::size_t>(exponent));
}

int digitCount(UInt128 value)
{
    int digits = 0;
    while (digits <= kMaxDecimalDigits && value >= kPowersOfTen[static_cast<std::size_t>(digits)])
        ++digits;
    return digits;
}

std::optional<Int128> ExactDecimal::unscaled(int scale) const
{
    if (digits == 0)
        return 0;
    const std::int64_t shift = exponent + scale;
    if (shift < 0 || digitCount(digits) + shift > kMaxDecimalDigits)
        return std::nullopt;
    const auto magnitude = static_cast<Int128>(digits * powerOfTen(static_cast<int>(shift)));
    return isNegative ? -magnitude : magnitude;
}

std::optional<ExactDecimal> exactDecimal(const NumberText &number, std::string_view text)
{
    ExactDecimal exact{.isNegative = number.isNegative};
    std::int64_t zeros = 0; // held back until a digit follows them
    int taken = 0;
    for (const char c : text) {
        if (c == 'e' || c == 'E')
            break;
        if (c < '0' || c > '9')
            continue;
        if (c == '0') {
            zeros += taken != 0 ? 1 : 0;
            continue;
        }
        if (taken + zeros + 1 > kMaxDecimalDigits)
            return std::nullopt;
        exact.digits *= powerOfTen(static_cast<int>(zeros) + 1);
        exact.digits += static_cast<unsigned>(c - '0');
        taken += static_cast<int>(zeros) + 1;
        zeros = 0;
    }
    if (taken != 0)
        exact.exponent = number.exponent - number.fractionDigits + zeros;
    return exact;
}

std::optional<ScaledDecimal> scaledDecimal(const NumberText &number, std::string_view text)
{
    const std::optional<ExactDecimal> exact = exactDecimal(number, text);
    if (!exact || (exact->digits == 0 && exact->isNegative))
        return std::nullopt;
    const std::int64_t fewest = exact->exponent < 0 ? -exact->exponent : 0;
    const std::int64_t written = number.hasExponent ? fewest : number.fractionDigits;
    for (const std::int64_t scale : {written, fewest}) {
        if (scale > kMaxDecimalDigits)
            continue;
        if (const auto unscaled = exact->unscaled(static_cast<int>(scale)))
            return ScaledDecimal{*unscaled, static_cast<int>(scale)};
    }
    return std::nullopt;
}

ExactDecimal shortestDecimal(double value)
{
    std::array<char, 32> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
    const std::string_view spelled(text.data(), static_cast<std::size_t>(end - text.data()));
    return exactDecimal(scanNumber(spelled), spelled).value_or(ExactDecimal{});
}

double nearestDouble(const NumberText &number, std::string_view text)
{
    double value = 0;
    if (quickDouble(number, value))
        return value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc::result_out_of_range)
        return value;
    // from_chars leaves the value alone out of range; the size of the number says which end it is.
    const bool isHuge = number.digits + number.exponent - number.fractionDigits > 0;
    const double magnitude = isHuge ? std::numeric_limits<double>::infinity() : 0.0;
    return number.isNegative ? -magnitude : magnitude;
}

Number classifyNumber(const NumberText &text, std::string_view spelled)
{
    if (!text.isValid)
        return {};
    if (text.isInteger())
        return classifyInteger(text, spelled);

    Number number;
    number.real = nearestDouble(text, spelled);
    if (isShortestOf(number.real, text, spelled)) {
        number.kind = NumberClass::Double;
        return number;
    }
    if (const std::optional<ScaledDecimal> decimal = scaledDecimal(text, spelled)) {
        number.kind = NumberClass::Decimal;
        number.decimal = *decimal;
    }
    return number;
}

} // namespace freshet::columnar
