// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/value_text.h"

#include "columnar/digits.h"
#include "columnar/number_text.h"
#include "columnar/time_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace freshet::columnar {

namespace {

char *writeWord(char *out, std::string_view word)
{
    std::memcpy(out, word.data(), word.size());
    return out + word.size();
}

/// The range of decimal exponents that is written without `e`, and how `e` is written.
struct DoubleSpelling
{
    int leastPlain;
    int mostPlain;
    bool pointZero;         ///< `1.0` for whole numbers
    bool twoExponentDigits; ///< `1e-07`
};
constexpr DoubleSpelling kJavaScriptLike{-5, 20, false, false};
constexpr DoubleSpelling kPythonLike{-4, 15, true, true};

char *writeZeros(char *out, int count)
{
    for (int i = 0; i < count; ++i)
        *out++ = '0';
    return out;
}

/// `digits` with the point after the first one, times 10^`exponent`.
char *layOut(char *out, std::string_view digits, int exponent, const DoubleSpelling &spelling)
{
    const auto count = static_cast<int>(digits.size());
    if (exponent < spelling.leastPlain || exponent > spelling.mostPlain) {
        *out++ = digits.front();
        if (count > 1) {
            *out++ = '.';
            out = writeWord(out, digits.substr(1));
        }
        *out++ = 'e';
        *out++ = exponent < 0 ? '-' : '+';
        const auto magnitude = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
        if (spelling.twoExponentDigits && magnitude < 10)
            *out++ = '0';
        return writeDigits(out, magnitude);
    }
    if (exponent < 0) {
        out = writeWord(out, "0.");
        out = writeZeros(out, -exponent - 1);
        return writeWord(out, digits);
    }
    if (count <= exponent + 1) {
        out = writeWord(out, digits);
        out = writeZeros(out, exponent + 1 - count);
        return spelling.pointZero ? writeWord(out, ".0") : out;
    }
    out = writeWord(out, digits.substr(0, static_cast<std::size_t>(exponent) + 1));
    *out++ = '.';
    return writeWord(out, digits.substr(static_cast<std::size_t>(exponent) + 1));
}

char *writeGeneralDouble(char *out, double value, const DoubleSpelling &spelling)
{
    if (std::isnan(value))
        return writeWord(out, "NaN");
    if (std::signbit(value)) {
        *out++ = '-';
        value = -value;
    }
    if (std::isinf(value))
        return writeWord(out, "Infinity");
    if (value == 0)
        return writeWord(out, spelling.pointZero ? "0.0" : "0");

    // d.ddde±x, of which only the digits and the exponent are of use.
    std::array<char, 32> text;
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
    const char *mark = end;
    while (*--mark != 'e') {
    }
    int exponent = 0;
    std::from_chars(mark[1] == '+' ? mark + 2 : mark + 1, end, exponent);
    std::array<char, 20> digits;
    digits[0] = text[0];
    std::size_t count = 1;
    for (const char *at = text.data() + 2; at < mark; ++at)
        digits[count++] = *at;
    return layOut(out, {digits.data(), count}, exponent, spelling);
}

/// Write the shortest decimal of a double that has at most six fraction digits and fifteen in all,
/// which covers most of what people measure and pay; nothing is written if it has more.
/// Why it is right: a decimal of at most fifteen digits that rounds to the double is the only one
/// of that length, so none is shorter once its zeros at the end are gone.
char *writeQuickDouble(char *out, double value, bool pointZero)
{
    const double magnitude = std::fabs(value);
    if (!(magnitude >= 1e-3 && magnitude < 1e9))
        return nullptr;
    const auto scaled = static_cast<std::uint64_t>(magnitude * 1e6 + 0.5);
    if (static_cast<double>(static_cast<std::int64_t>(scaled)) / 1e6 != magnitude)
        return nullptr;
    if (value < 0)
        *out++ = '-';
    out = writeDigits(out, scaled / 1'000'000);
    const std::uint64_t fraction = scaled % 1'000'000;
    if (fraction == 0)
        return pointZero ? writeWord(out, ".0") : out;
    *out++ = '.';
    out = writePaddedDigits(out, fraction, 6);
    while (out[-1] == '0')
        --out;
    return out;
}

char *writeSpelledDouble(char *out, double value, bool pythonLike)
{
    if (char *end = writeQuickDouble(out, value, pythonLike))
        return end;
    return writeGeneralDouble(out, value, pythonLike ? kPythonLike : kJavaScriptLike);
}

char *writeUInt128(char *out, UInt128 value)
{
    constexpr auto kChunk = static_cast<UInt128>(10'000'000'000'000'000'000u); // 10^19
    if (value < kChunk)
        return writeDigits(out, static_cast<std::uint64_t>(value));
    out = writeUInt128(out, value / kChunk);
    return writePaddedDigits(out, static_cast<std::uint64_t>(value % kChunk), 19);
}

char *writeDecimal(char *out, Int128 unscaled, int scale)
{
    auto magnitude = static_cast<UInt128>(unscaled);
    if (unscaled < 0) {
        *out++ = '-';
        magnitude = 0 - magnitude;
    }
    if (scale == 0)
        return writeUInt128(out, magnitude);
    if (scale <= 18 && magnitude <= UINT64_MAX) {
        const auto value = static_cast<std::uint64_t>(magnitude);
        const auto power = static_cast<std::uint64_t>(powerOfTen(scale));
        out = writeDigits(out, value / power);
        *out++ = '.';
        return writePaddedDigits(out, value % power, scale);
    }
    std::array<char, 40> digits;
    const auto count = static_cast<int>(writeUInt128(digits.data(), magnitude) - digits.data());
    const int integerDigits = count - scale;
    if (integerDigits <= 0) {
        out = writeWord(out, "0.");
        out = writeZeros(out, -integerDigits);
        return writeWord(out, {digits.data(), static_cast<std::size_t>(count)});
    }
    out = writeWord(out, {digits.data(), static_cast<std::size_t>(integerDigits)});
    *out++ = '.';
    return writeWord(out, {digits.data() + integerDigits, static_cast<std::size_t>(scale)});
}

void appendHex(std::string &out, std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    out.reserve(out.size() + 2 + 2 * bytes.size());
    out += "\\x";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

/// Whether the JSON text of a scalar is its plain text.
bool isBareInJson(const Column &column, std::int64_t row)
{
    switch (column.type.kind) {
    case TypeKind::Double:
        return std::isfinite(column.valueAt<double>(row));
    case TypeKind::Bool:
    case TypeKind::Int64:
    case TypeKind::UInt64:
    case TypeKind::Decimal:
        return true;
    default:
        return false;
    }
}

} // namespace

char *writeDouble(char *out, double value)
{
    return writeSpelledDouble(out, value, false);
}

char *writeDouble(char *out, double value, LogicalType type)
{
    return writeSpelledDouble(out, value, type.scale != 0);
}

char *writeUInt64(char *out, std::uint64_t value)
{
    return writeDigits(out, value);
}

char *writeInt64(char *out, std::int64_t value)
{
    auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) {
        *out++ = '-';
        magnitude = 0 - magnitude;
    }
    return writeDigits(out, magnitude);
}

char *writeScalarText(char *out, const Column &column, std::int64_t row)
{
    switch (column.type.kind) {
    case TypeKind::Bool:
        return writeWord(out, column.boolAt(row) ? "true" : "false");
    case TypeKind::Int64:
        return writeInt64(out, column.valueAt<std::int64_t>(row));
    case TypeKind::UInt64:
        return writeDigits(out, column.valueAt<std::uint64_t>(row));
    case TypeKind::Double:
        return writeSpelledDouble(out, column.valueAt<double>(row), column.type.scale != 0);
    case TypeKind::Decimal:
        return writeDecimal(out, decimalAt(column, row), column.type.scale);
    case TypeKind::Date:
        return writeDate(out, column.valueAt<std::int32_t>(row));
    case TypeKind::Time:
        return writeTime(out, column.valueAt<std::int64_t>(row), column.type.form);
    case TypeKind::Timestamp:
        return writeTimestamp(out, column.valueAt<std::int64_t>(row), column.type.form);
    case TypeKind::Null:
    case TypeKind::String:
    case TypeKind::Binary:
    case TypeKind::Json:
        break;
    }
    return out;
}

void appendText(std::string &out, const Column &column, std::int64_t row)
{
    if (column.type.kind == TypeKind::Binary) {
        appendHex(out, column.textAt(row));
    } else if (column.type.isText()) {
        out += column.textAt(row);
    } else {
        std::array<char, kMaxScalarText> text;
        char *const end = writeScalarText(text.data(), column, row);
        out.append(text.data(), end);
    }
}

void appendJson(std::string &out, const Column &column, std::int64_t row)
{
    if (column.isNull(row)) {
        out += "null";
    } else if (column.type.kind == TypeKind::String) {
        appendJsonString(out, column.textAt(row));
    } else if (column.type.kind == TypeKind::Json || isBareInJson(column, row)) {
        appendText(out, column, row);
    } else if (column.type.kind == TypeKind::Binary) {
        std::string hex;
        appendHex(hex, column.textAt(row));
        appendJsonString(out, hex);
    } else { // dates, times, NaN: nothing in them to escape
        out += '"';
        appendText(out, column, row);
        out += '"';
    }
}

} // namespace freshet::columnar
