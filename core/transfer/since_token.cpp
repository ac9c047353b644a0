// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_token.h"

#include "columnar/number_text.h"
#include "columnar/time_text.h"
#include "columnar/value_text.h"

#include <QJsonObject>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

using columnar::Column;
using columnar::TypeKind;

namespace {

std::string textOf(const Column &column, std::int64_t row)
{
    std::string text;
    columnar::appendText(text, column, row);
    return text;
}

bool areEqual(const Column &column, std::int64_t a, std::int64_t b)
{
    if (column.type.isText())
        return column.textAt(a) == column.textAt(b);
    const auto width = static_cast<std::size_t>(columnar::valueWidth(column.type.kind));
    if (width == 0)
        return column.boolAt(a) == column.boolAt(b);
    const auto *values = column.values.data();
    return std::memcmp(values + static_cast<std::size_t>(a) * width,
                       values + static_cast<std::size_t>(b) * width, width) == 0;
}

/// The last row before `end` that has a value, or -1.
std::int64_t lastPresent(const Column &column, std::int64_t end)
{
    while (end > 0 && column.isNull(end - 1))
        --end;
    return end - 1;
}

QJsonValue optionalText(const std::optional<std::string> &text)
{
    return text ? QJsonValue(QString::fromStdString(*text)) : QJsonValue();
}

std::optional<std::string> optionalText(const QJsonValue &value)
{
    return value.isString() ? std::optional(value.toString().toStdString()) : std::nullopt;
}

} // namespace

namespace {

tl::unexpected<Error> noOverlap(std::string_view token, const char *wanted)
{
    return fail(ErrorCode::InvalidArgument, "since: the token \"" + std::string(token) +
                                                "\" is no " + wanted +
                                                ", so the overlap cannot be taken off it");
}

Result<std::string> numberBefore(std::string_view token, std::uint64_t distance)
{
    std::uint64_t number = 0;
    const char *const end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end)
        return noOverlap(token, "whole number");
    return std::to_string(number - std::min(number, distance));
}

/// The offset from UTC that ends `token` (`+02:00`, `+0200`), as it is written; empty if there is
/// none.
std::string_view zoneOf(std::string_view token)
{
    const std::size_t sign = token.find_last_of("+-");
    const bool isBehindTime =
        sign != std::string_view::npos && token.substr(0, sign).find(':') < sign;
    return isBehindTime ? token.substr(sign) : std::string_view();
}

Result<std::string> timeBefore(std::string_view token, std::chrono::seconds distance)
{
    // The time is moved in its own zone, whose offset stays.
    std::string_view zone = zoneOf(token);
    columnar::TimeText time = columnar::parseTime(token);
    if (time.kind == TypeKind::Null && !zone.empty())
        time = columnar::parseTime(token.substr(0, token.size() - zone.size()));
    else
        zone = {};
    std::array<char, 64> text{};
    char *end = text.data();
    if (time.kind == TypeKind::Date) {
        constexpr std::int64_t kDay = 24 * 60 * 60;
        end = columnar::writeDate(end, time.value - (distance.count() + kDay - 1) / kDay);
    } else if (time.kind == TypeKind::Timestamp) {
        end = columnar::writeTimestamp(
            end, time.value - distance.count() * columnar::kMicrosPerSecond, time.form);
    } else {
        return noOverlap(token, "date or time");
    }
    return std::string(text.data(), end).append(zone);
}

} // namespace

std::string askedText(const SinceRule &rule, const std::optional<std::string> &token)
{
    if (!token)
        return "asks for all rows";
    const bool isColumn = rule.origin == SinceRule::Origin::Column;
    const std::string what = isColumn ? rule.from + ' ' + *token : "the token " + *token;
    return (rule.isInclusive ? "asks for rows from " : "asks for rows after ") + what;
}

QJsonValue tokenToJson(const std::optional<std::string> &token)
{
    return token ? QJsonValue(QString::fromStdString(*token)) : QJsonValue();
}

std::optional<std::string> tokenFromJson(const QJsonValue &value)
{
    return value.isString() ? std::optional(value.toString().toStdString()) : std::nullopt;
}

Result<std::string> tokenBefore(std::string_view token, const SinceRule::Overlap &overlap)
{
    if (const auto *distance = std::get_if<std::uint64_t>(&overlap))
        return numberBefore(token, *distance);
    if (const auto *distance = std::get_if<std::chrono::seconds>(&overlap))
        return timeBefore(token, *distance);
    return std::string(token);
}

TokenTrack::Ordinal TokenTrack::ordinalAt(const Column &column, std::int64_t row)
{
    using enum Ordinal::Kind;
    switch (column.type.kind) {
    case TypeKind::Int64:
    case TypeKind::Time:
    case TypeKind::Timestamp:
        return {.kind = Integer, .integer = column.valueAt<std::int64_t>(row)};
    case TypeKind::UInt64:
        return {.kind = Integer, .integer = column.valueAt<std::uint64_t>(row)};
    case TypeKind::Date:
        return {.kind = Integer, .integer = column.valueAt<std::int32_t>(row)};
    case TypeKind::Decimal:
        return {.kind = Integer,
                .scale = column.type.scale,
                .integer = columnar::decimalAt(column, row)};
    case TypeKind::Double:
        return {.kind = Real, .real = column.valueAt<double>(row)};
    default:
        return {};
    }
}

std::optional<int> TokenTrack::compared(const Ordinal &a, const Ordinal &b)
{
    using enum Ordinal::Kind;
    const auto sign = [](auto x, auto y) {
        return x < y ? -1 : x > y ? 1 : 0;
    };
    if (a.kind == None || b.kind == None || a.scale != b.scale)
        return std::nullopt;
    if (a.kind == Integer && b.kind == Integer)
        return sign(a.integer, b.integer);
    const auto real = [](const Ordinal &o) {
        return o.kind == Real ? o.real : static_cast<double>(o.integer);
    };
    return sign(real(a), real(b));
}

std::int64_t TokenTrack::countUpTo(const Column &column, const Ordinal &border, bool isIncluded)
{
    if (border.kind == Ordinal::Kind::None)
        return 0;
    std::int64_t count = 0;
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (column.isNull(row))
            continue;
        const auto order = compared(ordinalAt(column, row), border);
        if (order && (*order < 0 || (isIncluded && *order == 0)))
            ++count;
    }
    return count;
}

void TokenTrack::note(const Column &column)
{
    const std::int64_t last = lastPresent(column, column.length);
    if (last < 0)
        return noteWithout(column.length);
    const TypeKind kind = column.type.kind;
    m_isNumber = column.type.isNumber();
    m_values += column.length - column.nullCount;
    m_isInteger = kind == TypeKind::Int64 || kind == TypeKind::UInt64;
    noteOrder(column);
    noteLast(column);
}

void TokenTrack::noteWithout(std::int64_t rows)
{
    if (m_last)
        m_lastRows += rows;
    if (m_maxOrdinal.kind != Ordinal::Kind::None)
        m_maxRows += rows;
}

void TokenTrack::noteOrder(const Column &column)
{
    if (ordinalAt(column, lastPresent(column, column.length)).kind == Ordinal::Kind::None) {
        m_lastOrdinal = {};
        m_beforeLastOrdinal = {};
        m_maxOrdinal = {};
        m_max.reset();
        return;
    }
    std::int64_t maxFrom = -m_maxRows; // its first row, counted from the start of this batch
    std::int64_t maxAt = -1;           // where in this batch a new one is
    for (std::int64_t row = 0; row < column.length; ++row) {
        if (column.isNull(row))
            continue;
        const Ordinal value = ordinalAt(column, row);
        const auto step = compared(m_lastOrdinal, value);
        if (step && *step > 0)
            m_isAscending = false;
        else if (step && *step == 0)
            m_hasTies = true;
        if (!step || *step != 0)
            m_beforeLastOrdinal = m_lastOrdinal;
        const auto rise = compared(m_maxOrdinal, value);
        if (!rise || *rise < 0) {
            m_maxOrdinal = value;
            maxFrom = row;
            maxAt = row;
        }
        m_lastOrdinal = value;
    }
    m_maxRows = column.length - maxFrom;
    if (maxAt >= 0)
        m_max = textOf(column, maxAt);
}

void TokenTrack::noteLast(const Column &column)
{
    const std::int64_t last = lastPresent(column, column.length);
    std::int64_t first = last; // of the rows at the end that have the same value
    std::int64_t other = lastPresent(column, last);
    while (other >= 0 && areEqual(column, other, last)) {
        first = other;
        other = lastPresent(column, other);
    }
    std::string text = textOf(column, last);
    if (other >= 0) {
        m_beforeLast = textOf(column, other);
        m_lastRows = column.length - first;
    } else if (m_last == text) {
        m_lastRows += column.length;
    } else {
        m_beforeLast = std::move(m_last);
        m_lastRows = column.length - first;
    }
    m_last = std::move(text);
}

const std::optional<std::string> &TokenTrack::watermark() const
{
    const bool isOrdered = m_isAscending || m_maxOrdinal.kind == Ordinal::Kind::None;
    return isOrdered ? m_last : m_max;
}

std::int64_t TokenTrack::watermarkRows() const
{
    const bool isOrdered = m_isAscending || m_maxOrdinal.kind == Ordinal::Kind::None;
    return isOrdered ? m_lastRows : m_maxRows;
}

QJsonObject TokenTrack::Ordinal::toJson() const
{
    // In hexadecimal: JSON numbers are not exact.
    return {{u"kind"_s, static_cast<int>(kind)},
            {u"scale"_s, scale},
            {u"high"_s, QString::number(static_cast<quint64>(integer >> 64), 16)},
            {u"low"_s, QString::number(static_cast<quint64>(integer), 16)},
            {u"real"_s, QString::number(std::bit_cast<quint64>(real), 16)}};
}

TokenTrack::Ordinal TokenTrack::Ordinal::fromJson(const QJsonObject &object)
{
    const auto bits = [&object](QLatin1StringView name) {
        return object[name].toString().toULongLong(nullptr, 16);
    };
    Ordinal ordinal;
    ordinal.kind = static_cast<Kind>(std::clamp(object[u"kind"].toInt(), 0, 2));
    ordinal.scale = object[u"scale"].toInt();
    const auto high = static_cast<columnar::UInt128>(bits("high"_L1));
    ordinal.integer = static_cast<columnar::Int128>((high << 64) | bits("low"_L1));
    ordinal.real = std::bit_cast<double>(static_cast<std::uint64_t>(bits("real"_L1)));
    return ordinal;
}

QJsonObject TokenTrack::toJson() const
{
    return {{u"last"_s, optionalText(m_last)},
            {u"beforeLast"_s, optionalText(m_beforeLast)},
            {u"max"_s, optionalText(m_max)},
            {u"lastOrdinal"_s, m_lastOrdinal.toJson()},
            {u"beforeLastOrdinal"_s, m_beforeLastOrdinal.toJson()},
            {u"maxOrdinal"_s, m_maxOrdinal.toJson()},
            {u"lastRows"_s, static_cast<qint64>(m_lastRows)},
            {u"maxRows"_s, static_cast<qint64>(m_maxRows)},
            {u"values"_s, static_cast<qint64>(m_values)},
            {u"isAscending"_s, m_isAscending},
            {u"isNumber"_s, m_isNumber},
            {u"isInteger"_s, m_isInteger},
            {u"hasTies"_s, m_hasTies}};
}

TokenTrack TokenTrack::fromJson(const QJsonObject &object)
{
    TokenTrack track;
    track.m_last = optionalText(object[u"last"]);
    track.m_beforeLast = optionalText(object[u"beforeLast"]);
    track.m_max = optionalText(object[u"max"]);
    track.m_lastOrdinal = Ordinal::fromJson(object[u"lastOrdinal"].toObject());
    track.m_beforeLastOrdinal = Ordinal::fromJson(object[u"beforeLastOrdinal"].toObject());
    track.m_maxOrdinal = Ordinal::fromJson(object[u"maxOrdinal"].toObject());
    track.m_lastRows = object[u"lastRows"].toInteger();
    track.m_maxRows = object[u"maxRows"].toInteger();
    track.m_values = object[u"values"].toInteger();
    track.m_isAscending = object[u"isAscending"].toBool();
    track.m_isNumber = object[u"isNumber"].toBool();
    track.m_isInteger = object[u"isInteger"].toBool();
    track.m_hasTies = object[u"hasTies"].toBool();
    return track;
}

} // namespace freshet::transfer
