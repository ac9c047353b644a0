// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/logical_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace freshet::columnar {

namespace {

constexpr int kMaxPrecision = 38;

constexpr std::array<std::string_view, 12> kKindNames = {"null",      "bool",    "int64",  "uint64",
                                                         "double",    "decimal", "date",   "time",
                                                         "timestamp", "string",  "binary", "json"};

std::string_view kindName(TypeKind kind)
{
    return kKindNames.at(static_cast<std::size_t>(kind));
}

std::optional<TypeKind> kindByName(std::string_view name)
{
    const auto found = std::ranges::find(kKindNames, name);
    if (found == kKindNames.end())
        return std::nullopt;
    return static_cast<TypeKind>(found - kKindNames.begin());
}

std::vector<std::string_view> splitToken(std::string_view token)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = token.find(';');
        parts.push_back(token.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        token.remove_prefix(end + 1);
    }
}

/// A small number of a type token; nothing if it is none or above `most`.
std::optional<std::uint8_t> numberOf(std::string_view text, int most)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
        return std::nullopt;
    return static_cast<std::uint8_t>(value);
}

LogicalType decodeDecimal(const std::vector<std::string_view> &parts)
{
    if (parts.size() != 3)
        return {};
    const auto precision = numberOf(parts[1], kMaxPrecision);
    const auto scale = numberOf(parts[2], kMaxPrecision);
    if (!precision || !scale || *precision == 0)
        return {};
    return LogicalType::decimal(*precision, *scale);
}

constexpr std::string_view kFreeToken = ";free";

bool isFree(const std::vector<std::string_view> &parts, std::size_t place)
{
    return parts.size() > place && parts[place] == kFreeToken.substr(1);
}

LogicalType decodeTimestamp(const std::vector<std::string_view> &parts)
{
    if (parts.size() < 4 || parts.size() > 5 || (parts[1] != "T" && parts[1] != "_"))
        return {};
    const auto digits = numberOf(parts[2], 6);
    if (!digits)
        return {};
    TimeForm form{.separator = parts[1] == "T" ? 'T' : ' ',
                  .fractionDigits = *digits,
                  .isFree = isFree(parts, 4)};
    if (parts[3] == "Z")
        form.zone = TimeForm::Zone::Z;
    else if (parts[3] == "+")
        form.zone = TimeForm::Zone::Offset;
    else if (!parts[3].empty())
        return {};
    return LogicalType::timestamp(form);
}

std::string_view zoneToken(TimeForm::Zone zone)
{
    switch (zone) {
    case TimeForm::Zone::None:
        break;
    case TimeForm::Zone::Z:
        return "Z";
    case TimeForm::Zone::Offset:
        return "+";
    }
    return {};
}

bool isInteger(TypeKind kind)
{
    return kind == TypeKind::Int64 || kind == TypeKind::UInt64;
}

LogicalType widenedDecimals(LogicalType a, LogicalType b, bool bothExact)
{
    const int scale = std::max(a.scale, b.scale);
    if (a.scale == b.scale)
        return LogicalType::decimal(std::max(a.precision, b.precision), scale);
    const int integerDigits = std::max(a.precision - a.scale, b.precision - b.scale);
    if (bothExact || integerDigits + scale <= kMaxPrecision)
        return LogicalType::decimal(kMaxPrecision, scale);
    return {TypeKind::String};
}

LogicalType widenedIntegerAndDecimal(TypeKind integer, LogicalType decimal, bool bothExact)
{
    const int integerDigits = integer == TypeKind::Int64 ? 19 : 20;
    if (bothExact || integerDigits + decimal.scale <= kMaxPrecision)
        return LogicalType::decimal(kMaxPrecision, decimal.scale);
    return {TypeKind::String};
}

/// Two number types, `a.kind` ≤ `b.kind`.
LogicalType widenedNumbers(LogicalType a, LogicalType b, bool bothExact)
{
    if (b.kind == TypeKind::Decimal) {
        if (a.kind == TypeKind::Decimal)
            return widenedDecimals(a, b, bothExact);
        if (isInteger(a.kind))
            return widenedIntegerAndDecimal(a.kind, b, bothExact);
        return bothExact ? b : LogicalType{TypeKind::String};
    }
    if (b.kind == TypeKind::Double) {
        if (a.kind == TypeKind::Double)
            return {TypeKind::Double}; // two spellings: the plain one
        return bothExact ? LogicalType{TypeKind::Double} : LogicalType{TypeKind::String};
    }
    return bothExact ? LogicalType{TypeKind::UInt64} : LogicalType::decimal(kMaxPrecision, 0);
}

} // namespace

LogicalType LogicalType::decimal(int precision, int scale)
{
    return {.kind = TypeKind::Decimal,
            .precision = static_cast<std::uint8_t>(precision),
            .scale = static_cast<std::uint8_t>(scale)};
}

LogicalType LogicalType::timestamp(TimeForm form)
{
    return {.kind = TypeKind::Timestamp, .form = form};
}

std::string LogicalType::name() const
{
    std::string text(kindName(kind));
    if (kind == TypeKind::Decimal)
        text += '(' + std::to_string(precision) + ',' + std::to_string(scale) + ')';
    else if (kind == TypeKind::Timestamp && form.zone != TimeForm::Zone::None)
        text += " with time zone";
    return text;
}

std::string LogicalType::encode() const
{
    std::string token(kindName(kind));
    switch (kind) {
    case TypeKind::Double:
        if (scale != 0)
            token += ';' + std::to_string(scale);
        break;
    case TypeKind::Decimal:
        token += ';' + std::to_string(precision) + ';' + std::to_string(scale);
        break;
    case TypeKind::Time:
        token += ';' + std::to_string(form.fractionDigits);
        if (form.isFree)
            token += kFreeToken;
        break;
    case TypeKind::Timestamp:
        token += form.separator == ' ' ? ";_;" : ";T;";
        token += std::to_string(form.fractionDigits) + ';';
        token += zoneToken(form.zone);
        if (form.isFree)
            token += kFreeToken;
        break;
    default:
        break;
    }
    return token;
}

LogicalType LogicalType::decode(std::string_view token)
{
    const std::vector<std::string_view> parts = splitToken(token);
    const auto kind = kindByName(parts.front());
    if (!kind)
        return {};
    switch (*kind) {
    case TypeKind::Decimal:
        return decodeDecimal(parts);
    case TypeKind::Timestamp:
        return decodeTimestamp(parts);
    case TypeKind::Double: {
        const auto spelling = parts.size() > 1 ? numberOf(parts[1], 1) : 0;
        return {.kind = TypeKind::Double, .scale = spelling.value_or(0)};
    }
    case TypeKind::Time: {
        const auto digits = parts.size() > 1 ? numberOf(parts[1], 6) : 0;
        return {.kind = TypeKind::Time,
                .form = {.fractionDigits = digits.value_or(0), .isFree = isFree(parts, 2)}};
    }
    default:
        return {*kind};
    }
}

int valueWidth(TypeKind kind)
{
    switch (kind) {
    case TypeKind::Int64:
    case TypeKind::UInt64:
    case TypeKind::Double:
    case TypeKind::Time:
    case TypeKind::Timestamp:
        return 8;
    case TypeKind::Decimal:
        return 16;
    case TypeKind::Date:
        return 4;
    case TypeKind::Null:
    case TypeKind::Bool:
    case TypeKind::String:
    case TypeKind::Binary:
    case TypeKind::Json:
        break;
    }
    return 0;
}

LogicalType widened(LogicalType a, LogicalType b, bool bothExact)
{
    if (a == b || b.kind == TypeKind::Null)
        return a;
    if (a.kind == TypeKind::Null)
        return b;
    if (a.kind > b.kind)
        std::swap(a, b);
    if (b.kind == TypeKind::Json)
        return b;
    if (a.isNumber() && b.isNumber())
        return widenedNumbers(a, b, bothExact);
    if (a.kind == b.kind && isTime(a.kind)) {
        if (const auto form = commonForm(a.form, b.form))
            return {.kind = a.kind, .form = *form};
    }
    return {TypeKind::String}; // times in two spellings and all else meet as text
}

std::optional<TimeForm> commonForm(TimeForm a, TimeForm b)
{
    if ((a.zone == TimeForm::Zone::None) != (b.zone == TimeForm::Zone::None))
        return std::nullopt;
    if (!a.isFree)
        std::swap(a, b);
    if (!a.isFree || (!b.isFree && b.fractionDigits < a.fractionDigits))
        return a == b ? std::optional(a) : std::nullopt;
    b.fractionDigits = std::max(a.fractionDigits, b.fractionDigits);
    return b;
}

} // namespace freshet::columnar
