// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/pg_row.h"

#include "decode/input_window.h"
#include "decode/pg_numeric.h"
#include "decode/pg_time.h"
#include "decode/proto_json.h"
#include "decode/text_encoding.h"
#include "transport/big_endian.h"

#include <bit>
#include <set>

namespace freshet::decode {

namespace {

using columnar::LogicalType;
using columnar::TextInference;
using columnar::TimeForm;
using columnar::TypeKind;
using transport::bigEndian16;
using transport::bigEndian32;
using transport::bigEndian64;
using transport::PostgresColumn;
using transport::PostgresType;

constexpr char kJsonbVersion = 1;
constexpr std::size_t kUuidBytes = 16;

/// Digits of a second, which a time type's modifier is.
TimeForm formOf(const PostgresColumn &column)
{
    constexpr int kMicros = 6;
    const bool isGiven = column.modifier >= 0 && column.modifier <= kMicros;
    return {.separator = 'T',
            .fractionDigits = static_cast<std::uint8_t>(isGiven ? column.modifier : kMicros),
            .zone = column.type == PostgresType::TimestampTz ? TimeForm::Zone::Z
                                                             : TimeForm::Zone::None};
}

LogicalType typeOf(const PostgresColumn &column)
{
    switch (column.type) {
    case PostgresType::Bytes:
    case PostgresType::Bytea:
        return {TypeKind::Binary};
    case PostgresType::Bool:
        return {TypeKind::Bool};
    case PostgresType::Int2:
    case PostgresType::Int4:
    case PostgresType::Int8:
    case PostgresType::Oid:
        return {TypeKind::Int64};
    case PostgresType::Float4:
    case PostgresType::Float8:
        return {TypeKind::Double};
    case PostgresType::Numeric:
        return numericType(column.modifier);
    case PostgresType::Date:
        return {TypeKind::Date};
    case PostgresType::Time:
        return {.kind = TypeKind::Time, .form = formOf(column)};
    case PostgresType::Timestamp:
    case PostgresType::TimestampTz:
        return LogicalType::timestamp(formOf(column));
    case PostgresType::Json:
    case PostgresType::Jsonb:
        return {TypeKind::Json};
    case PostgresType::Text:
    case PostgresType::TimeTz:
    case PostgresType::Interval:
    case PostgresType::Uuid:
        break;
    }
    return {TypeKind::String};
}

} // namespace

Status PgRow::plan(const std::vector<PostgresColumn> &columns)
{
    std::set<std::string> names;
    for (const PostgresColumn &column : columns) {
        std::string name = column.name;
        for (int again = 2; !names.insert(name).second; ++again)
            name = column.name + '#' + std::to_string(again);
        const auto id = m_builder.declareColumn(name, typeOf(column));
        if (!id)
            return fail(id.error());
        m_columns.push_back({column.type, *id, formOf(column)});
    }
    m_isPlanned = true;
    return {};
}

Status PgRow::planBytes(int count)
{
    std::vector<PostgresColumn> columns;
    for (int i = 1; i <= count; ++i)
        columns.push_back({.name = "column" + std::to_string(i)});
    return plan(columns);
}

void PgRow::forget()
{
    m_columns.clear();
    m_isPlanned = false;
}

bool PgRow::read(const char *fields)
{
    m_builder.beginRow();
    for (const Column &column : m_columns) {
        const auto length = static_cast<std::int32_t>(bigEndian32(fields));
        fields += 4;
        if (length < 0) {
            m_builder.appendNull(column.id);
            continue;
        }
        const std::string_view bytes(fields, static_cast<std::size_t>(length));
        if (!readValue(column, bytes)) [[unlikely]] {
            m_fault.column = m_builder.columnName(column.id);
            m_builder.abandonRow();
            return false;
        }
        fields += length;
    }
    return true;
}

bool PgRow::wrongSize(std::string_view bytes)
{
    m_fault = {ErrorCode::SyntaxError, bytes.data(), "a value is not as long as its type is", {}};
    return false;
}

bool PgRow::isUtf8(std::string_view bytes)
{
    if (isAscii(bytes) || decode::isUtf8(bytes)) [[likely]]
        return true;
    m_fault = {ErrorCode::InvalidUtf8,
               bytes.data() + firstInvalidUtf8(bytes),
               "the text is not UTF-8",
               {}};
    return false;
}

bool PgRow::readValue(const Column &column, std::string_view bytes)
{
    const char *const at = bytes.data();
    const auto is = [&bytes](std::size_t size) {
        return bytes.size() == size;
    };
    switch (column.type) {
    case PostgresType::Text:
        return readText(column, bytes);
    case PostgresType::Int4:
        if (!is(4))
            return wrongSize(bytes);
        m_builder.appendInt64(column.id, static_cast<std::int32_t>(bigEndian32(at)));
        return true;
    case PostgresType::Int8:
        if (!is(8))
            return wrongSize(bytes);
        m_builder.appendInt64(column.id, static_cast<std::int64_t>(bigEndian64(at)));
        return true;
    case PostgresType::Int2:
        if (!is(2))
            return wrongSize(bytes);
        m_builder.appendInt64(column.id, static_cast<std::int16_t>(bigEndian16(at)));
        return true;
    case PostgresType::Oid:
        if (!is(4))
            return wrongSize(bytes);
        m_builder.appendInt64(column.id, bigEndian32(at));
        return true;
    case PostgresType::Bool:
        if (!is(1))
            return wrongSize(bytes);
        m_builder.appendBool(column.id, *at != 0);
        return true;
    case PostgresType::Float8:
        if (!is(8))
            return wrongSize(bytes);
        m_builder.appendDouble(column.id, std::bit_cast<double>(bigEndian64(at)));
        return true;
    case PostgresType::Float4:
        if (!is(4))
            return wrongSize(bytes);
        m_builder.appendDouble(column.id, shortestDouble(std::bit_cast<float>(bigEndian32(at))));
        return true;
    case PostgresType::Numeric:
        return readNumeric(column, bytes);
    case PostgresType::Date:
        if (!is(4))
            return wrongSize(bytes);
        appendDate(column, static_cast<std::int32_t>(bigEndian32(at)));
        return true;
    case PostgresType::Time:
        if (!is(8))
            return wrongSize(bytes);
        appendTime(column, static_cast<std::int64_t>(bigEndian64(at)));
        return true;
    case PostgresType::Timestamp:
    case PostgresType::TimestampTz:
        if (!is(8))
            return wrongSize(bytes);
        appendTimestamp(column, static_cast<std::int64_t>(bigEndian64(at)));
        return true;
    case PostgresType::TimeTz:
        if (!is(12))
            return wrongSize(bytes);
        appendText(column, timeTzText(static_cast<std::int64_t>(bigEndian64(at)),
                                      static_cast<std::int32_t>(bigEndian32(at + 8))));
        return true;
    case PostgresType::Interval:
        if (!is(16))
            return wrongSize(bytes);
        appendText(column, intervalText({static_cast<std::int64_t>(bigEndian64(at)),
                                         static_cast<std::int32_t>(bigEndian32(at + 8)),
                                         static_cast<std::int32_t>(bigEndian32(at + 12))}));
        return true;
    case PostgresType::Uuid:
        if (!is(kUuidBytes))
            return wrongSize(bytes);
        appendUuid(column, at);
        return true;
    case PostgresType::Jsonb:
        if (bytes.empty() || bytes.front() != kJsonbVersion) {
            m_fault = {ErrorCode::SyntaxError, at, "the jsonb value is of an unknown version", {}};
            return false;
        }
        return readJson(column, bytes.substr(1));
    case PostgresType::Json:
        return readJson(column, bytes);
    case PostgresType::Bytes:
    case PostgresType::Bytea:
        m_builder.appendBinary(column.id, bytes);
        return true;
    }
    return false;
}

bool PgRow::readText(const Column &column, std::string_view bytes)
{
    if (!isUtf8(bytes)) [[unlikely]]
        return false;
    m_builder.appendText(column.id, bytes, TextInference::Off);
    return true;
}

/// PostgreSQL sends only JSON as json, but what else sends COPY streams need not.
bool PgRow::readJson(const Column &column, std::string_view bytes)
{
    m_text.assign(bytes);
    m_text.append(InputWindow::kPadding, '\0');
    const char *const end = m_text.data() + bytes.size();
    m_json.start(end, false);
    const char *const next = m_json.value(m_json.skipBlanks(m_text.data()), 0);
    const char *const behind = next == nullptr ? nullptr : m_json.skipBlanks(next);
    if (behind != end) [[unlikely]] {
        const JsonFault fault = next == nullptr ? m_json.fault() : JsonFault{.at = behind};
        m_fault = {fault.code,
                   bytes.data() + (fault.at - m_text.data()),
                   "the json value is not valid",
                   {}};
        return false;
    }
    m_builder.appendJson(column.id, bytes);
    return true;
}

bool PgRow::readNumeric(const Column &column, std::string_view bytes)
{
    PgNumeric numeric;
    if (!numeric.read(bytes)) {
        m_fault = {ErrorCode::SyntaxError, bytes.data(), "this is no numeric value", {}};
        return false;
    }
    if (const auto decimal = numeric.decimal()) [[likely]] {
        m_builder.appendDecimal(column.id, decimal->unscaled, decimal->scale);
        return true;
    }
    m_text.clear();
    numeric.appendText(m_text);
    appendText(column, m_text);
    return true;
}

void PgRow::appendText(const Column &column, std::string_view text)
{
    m_builder.appendText(column.id, text, TextInference::Off);
}

void PgRow::appendDate(const Column &column, std::int32_t days)
{
    if (isPlainDate(days)) [[likely]]
        m_builder.appendDate(column.id, static_cast<std::int32_t>(days + kDaysTo2000));
    else
        appendText(column, dateText(days));
}

void PgRow::appendTime(const Column &column, std::int64_t micros)
{
    if (isPlainTime(micros)) [[likely]]
        m_builder.appendTime(column.id, micros, column.form);
    else
        appendText(column, timeText(micros));
}

void PgRow::appendTimestamp(const Column &column, std::int64_t micros)
{
    if (isPlainTimestamp(micros)) [[likely]]
        m_builder.appendTimestamp(column.id, micros + kMicrosTo2000, column.form);
    else
        appendText(column, timestampText(micros, column.type == PostgresType::TimestampTz));
}

void PgRow::appendUuid(const Column &column, const char *bytes)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    char text[36];
    char *out = text;
    for (std::size_t i = 0; i < kUuidBytes; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        *out++ = kHex[byte >> 4];
        *out++ = kHex[byte & 15];
    }
    appendText(column, {text, sizeof text});
}

} // namespace freshet::decode
