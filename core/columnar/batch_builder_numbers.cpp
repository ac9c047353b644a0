// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a number goes, given what its column holds: the rules of design §5, Widening. `keepsText`
// asks for more than an equal value: writing it under the column's type must give the text back.
#include "columnar/batch_builder.h"
#include "columnar/number_text.h"
#include "columnar/value_text.h"

#include <array>
#include <cmath>

namespace freshet::columnar {

namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;
/// Digits within which a double and the decimal it came from are surely the same.
constexpr int kTrackedDigits = 17;

bool isExactInDouble(const Number &number)
{
    return number.kind == NumberClass::Int64 && number.int64 <= kExactInDouble &&
           number.int64 >= -kExactInDouble;
}

/// Read an integer of at most 18 digits in its only spelling; anything else is for the slow way.
bool quickInteger(std::string_view text, std::int64_t &value)
{
    const bool isNegative = !text.empty() && text.front() == '-';
    const char *at = text.data() + (isNegative ? 1 : 0);
    const std::size_t count = text.size() - (isNegative ? 1 : 0);
    if (count == 0 || count > 18 || (*at == '0' && text.size() != 1))
        return false;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto digit = static_cast<unsigned>(at[i] - '0');
        if (digit > 9)
            return false;
        total = total * 10 + static_cast<std::int64_t>(digit);
    }
    value = isNegative ? -total : total;
    return true;
}

/// Whether the double is written the same way in both spellings, and as this text.
bool isNeutrallySpelled(const NumberText &scanned, std::string_view text, double value)
{
    return scanned.hasFraction && !scanned.hasExponent && scanned.digits <= 15 &&
           text.back() != '0' && std::fabs(value) >= 1e-4;
}

bool isSpelled(std::string_view text, double value, LogicalType type)
{
    std::array<char, kMaxScalarText> written;
    const char *end = writeDouble(written.data(), value, type);
    return text == std::string_view(written.data(), static_cast<std::size_t>(end - written.data()));
}

constexpr LogicalType kPlainDouble{.kind = TypeKind::Double};
constexpr LogicalType kPythonDouble{.kind = TypeKind::Double, .scale = 1};

/// Which of the two spellings of doubles give the text back.
struct Spelling
{
    bool isPlain = false;
    bool isPython = false;

    Spelling(const NumberText &scanned, std::string_view text, double value)
    {
        const bool isNeutral = isNeutrallySpelled(scanned, text, value);
        isPlain = isNeutral || isSpelled(text, value, kPlainDouble);
        isPython = isNeutral || isSpelled(text, value, kPythonDouble);
    }
    [[nodiscard]] bool isOnlyPlain() const { return isPlain && !isPython; }
    [[nodiscard]] bool isOnlyPython() const { return isPython && !isPlain; }
};

/// Fraction digits as `NumberTrack` counts them: kMixed if they rule out a decimal.
std::int16_t trackedFraction(const NumberText &scanned)
{
    const bool isSignedZero = scanned.isNegative && scanned.digits == 0;
    if (scanned.hasExponent || isSignedZero || scanned.digits > kTrackedDigits ||
        scanned.fractionDigits > kSmallDecimalDigits)
        return NumberTrack::kMixed;
    return static_cast<std::int16_t>(scanned.fractionDigits);
}

NumberTrack trackedWith(NumberTrack track, const NumberText &scanned, bool isOnlyPlain)
{
    const std::int16_t fraction = trackedFraction(scanned);
    if (track.fractionDigits == NumberTrack::kUnseen)
        track.fractionDigits = fraction;
    else if (track.fractionDigits != fraction)
        track.fractionDigits = NumberTrack::kMixed;
    track.isPlainSpelled = track.isPlainSpelled || isOnlyPlain;
    return track;
}

LogicalType decimalFor(ScaledDecimal value)
{
    const bool isSmall =
        digitCount(value.unscaled) <= kSmallDecimalDigits && value.scale <= kSmallDecimalDigits;
    return LogicalType::decimal(isSmall ? kSmallDecimalDigits : kMaxDecimalDigits, value.scale);
}

/// Whether the text shows that its author counts fraction digits: "9.50", as money is written. Not
/// "9.0", which is how many programs write any whole double.
bool hasFixedFraction(const NumberText &scanned, std::string_view text)
{
    return !scanned.hasExponent && scanned.fractionDigits >= 2 && text.back() == '0';
}

} // namespace

bool BatchBuilder::appendQuickNumber(ColumnBuilder &column, std::string_view text) const
{
    if (!column.isReady(m_row))
        return false;
    if (column.type.kind == TypeKind::Int64) {
        std::int64_t value = 0;
        if (!quickInteger(text, value))
            return false;
        column.putFixed(value);
        return true;
    }
    const NumberText scanned = scanNumber(text);
    if (!scanned.isValid || !scanned.hasFraction || scanned.hasExponent)
        return false;
    if (column.type.kind == TypeKind::Double) {
        double value = 0;
        if (!quickDouble(scanned, value) || !isNeutrallySpelled(scanned, text, value) ||
            (column.track.fractionDigits != NumberTrack::kMixed &&
             column.track.fractionDigits != scanned.fractionDigits))
            return false;
        column.putFixed(value);
        return true;
    }
    if (column.type.kind == TypeKind::Decimal) {
        if (scanned.fractionDigits != column.type.scale || scanned.digits > kSmallDecimalDigits ||
            (scanned.isNegative && scanned.digits == 0))
            return false;
        const auto magnitude = static_cast<std::int64_t>(scanned.mantissa);
        column.putFixed(static_cast<Int128>(scanned.isNegative ? -magnitude : magnitude));
        return true;
    }
    return false;
}

void BatchBuilder::appendNumber(ColumnId id, std::string_view text)
{
    if (!appendQuickNumber(at(id), text))
        appendAnyNumber(id, text, false);
}

void BatchBuilder::appendOtherInt64(ColumnId id, std::int64_t value)
{
    std::array<char, kMaxScalarText> text;
    const char *end = writeInt64(text.data(), value);
    appendAnyNumber(id, {text.data(), static_cast<std::size_t>(end - text.data())}, false);
}

void BatchBuilder::appendUInt64(ColumnId id, std::uint64_t value)
{
    ColumnBuilder &column = at(id);
    if (column.type.kind == TypeKind::UInt64 && column.isReady(m_row))
        return column.putFixed(value);
    std::array<char, kMaxScalarText> text;
    const char *end = writeUInt64(text.data(), value);
    appendAnyNumber(id, {text.data(), static_cast<std::size_t>(end - text.data())}, false);
}

void BatchBuilder::appendAnyNumber(ColumnId id, std::string_view text, bool keepsText)
{
    prepare(id);
    const TypeKind kind = at(id).type.kind;
    if (kind == TypeKind::String)
        return putTextBytes(id, text);
    const NumberText scanned = scanNumber(text);
    if (kind == TypeKind::Json && scanned.isValid)
        return putTextBytes(id, text);
    if (kind == TypeKind::Null || at(id).type.isNumber()) {
        const Number number = classifyNumber(scanned, text);
        if (placeNumber(id, scanned, number, text, keepsText))
            return;
    }
    putAsText(id, text);
}

bool BatchBuilder::placeNumber(ColumnId id, const NumberText &scanned, const Number &number,
                               std::string_view text, bool keepsText)
{
    switch (number.kind) {
    case NumberClass::Int64:
    case NumberClass::UInt64:
        return placeInteger(id, number, keepsText);
    case NumberClass::Decimal:
        return scanned.isInteger() ? placeInteger(id, number, keepsText)
                                   : placeDecimal(id, scanned, text, keepsText);
    case NumberClass::Double:
        if (keepsText && scanned.isInteger()) // "-0"
            return false;
        if (at(id).type.kind == TypeKind::Decimal)
            return placeDecimal(id, scanned, text, keepsText);
        return placeDouble(id, scanned, number, text, keepsText);
    case NumberClass::Text:
        break;
    }
    return false;
}

bool BatchBuilder::placeInteger(ColumnId id, const Number &number, bool keepsText)
{
    ColumnBuilder &column = at(id);
    if (column.type.kind == TypeKind::Double) {
        if (!isExactInDouble(number) || (keepsText && column.type != kPlainDouble))
            return false;
        if (column.type != kPlainDouble && !changeType(id, kPlainDouble))
            return false;
        changeTrack(id, {.fractionDigits = NumberTrack::kMixed, .isPlainSpelled = true});
        column.putFixed(static_cast<double>(number.int64));
        return true;
    }
    if (column.type.kind == TypeKind::Decimal)
        return !(keepsText && column.type.scale != 0) && placeScaled(id, number.decimal);

    LogicalType own = LogicalType::decimal(kMaxDecimalDigits, 0);
    if (number.kind == NumberClass::Int64)
        own = {TypeKind::Int64};
    else if (number.kind == NumberClass::UInt64)
        own = {TypeKind::UInt64};
    bool hasNegative = number.kind == NumberClass::Int64 && number.int64 < 0;
    if (column.type.kind == TypeKind::Int64 && own != column.type)
        hasNegative = hasNegative || column.range().hasNegative;
    const LogicalType to = widened(column.type, own, !hasNegative);
    if (to != column.type && !changeType(id, to))
        return false;
    if (column.type.kind == TypeKind::Int64)
        column.putFixed(number.int64);
    else if (column.type.kind == TypeKind::UInt64)
        column.putFixed(static_cast<std::uint64_t>(number.decimal.unscaled));
    else
        column.putFixed(number.decimal.unscaled);
    return true;
}

bool BatchBuilder::placeDecimal(ColumnId id, const NumberText &scanned, std::string_view text,
                                bool keepsText)
{
    const std::optional<ScaledDecimal> value = scaledDecimal(scanned, text);
    if (!value)
        return false;
    const bool isAsWritten = !scanned.hasExponent && value->scale == scanned.fractionDigits;
    if (keepsText && !isAsWritten)
        return false;
    ColumnBuilder &column = at(id);
    switch (column.type.kind) {
    case TypeKind::Null:
        if (!changeType(id, decimalFor(*value)))
            return false;
        break;
    case TypeKind::Int64:
    case TypeKind::UInt64: {
        const LogicalType to = widened(column.type, decimalFor(*value), false);
        if (keepsText || to.kind != TypeKind::Decimal || !changeType(id, to))
            return false;
        break;
    }
    case TypeKind::Double:
        if (!isAsWritten || column.track.fractionDigits != value->scale ||
            !changeType(id, decimalFor(*value)))
            return false;
        break;
    default:
        if (keepsText && column.type.scale != value->scale)
            return false;
        break;
    }
    return placeScaled(id, *value);
}

bool BatchBuilder::placeScaled(ColumnId id, ScaledDecimal value)
{
    ColumnBuilder &column = at(id);
    const int scale = std::max<int>(column.type.scale, value.scale);
    const int digits = value.unscaled == 0 ? 0 : digitCount(value.unscaled) + scale - value.scale;
    const int shift = scale - column.type.scale;
    if (digits > kMaxDecimalDigits || scale > kMaxDecimalDigits ||
        (shift != 0 && column.range().digits + shift > kMaxDecimalDigits))
        return false;
    const LogicalType to = LogicalType::decimal(kMaxDecimalDigits, scale);
    if ((shift != 0 || digits > column.type.precision) && !changeType(id, to))
        return false;
    column.putFixed(value.unscaled * static_cast<Int128>(powerOfTen(scale - value.scale)));
    return true;
}

bool BatchBuilder::placeDouble(ColumnId id, const NumberText &scanned, const Number &number,
                               std::string_view text, bool keepsText)
{
    ColumnBuilder &column = at(id);
    const TypeKind kind = column.type.kind;
    const bool isCounted = hasFixedFraction(scanned, text);
    if (isCounted &&
        (kind == TypeKind::Null ||
         (kind == TypeKind::Double && column.track.fractionDigits == scanned.fractionDigits))) {
        if (placeDecimal(id, scanned, text, keepsText))
            return true;
    }

    const Spelling spelling(scanned, text, number.real);
    LogicalType to = column.type;
    NumberTrack track = column.track;
    if (kind == TypeKind::Int64 || kind == TypeKind::UInt64) {
        if (column.range().magnitude > static_cast<std::uint64_t>(kExactInDouble))
            return false;
        to = kPlainDouble;
        track = {.fractionDigits = NumberTrack::kMixed, .isPlainSpelled = true};
    } else if (kind == TypeKind::Null) {
        to = kPlainDouble;
        track = {};
    }
    if (to == kPlainDouble && spelling.isOnlyPython() && !track.isPlainSpelled)
        to = kPythonDouble;
    else if (to == kPythonDouble && spelling.isOnlyPlain() && !keepsText)
        to = kPlainDouble;
    if (keepsText && !(to == kPlainDouble ? spelling.isPlain : spelling.isPython))
        return false;

    if (to != column.type && !changeType(id, to))
        return false;
    changeTrack(id, trackedWith(track, scanned, spelling.isOnlyPlain()));
    column.putFixed(number.real);
    return true;
}

} // namespace freshet::columnar
