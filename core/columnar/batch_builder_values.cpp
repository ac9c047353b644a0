// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values that do not simply go to the end of a column of their own type.
#include "columnar/batch_builder.h"
#include "columnar/number_text.h"
#include "columnar/time_text.h"
#include "columnar/value_text.h"

#include <array>
#include <cmath>

namespace freshet::columnar {

namespace {

/// The text that `write` leaves in a scalar's worth of memory.
template <typename Write>
std::string textOf(const Write &write)
{
    std::array<char, kMaxScalarText> text;
    return {text.data(), write(text.data())};
}

} // namespace

void BatchBuilder::putTextBytes(ColumnId id, std::string_view text)
{
    if (!at(id).hasTextRoom(text.size()))
        makeTextRoom(id, text.size());
    at(id).putText(text);
}

void BatchBuilder::putAsText(ColumnId id, std::string_view text)
{
    if (at(id).type.kind == TypeKind::Json) {
        std::string json;
        appendJsonString(json, text);
        putTextBytes(id, json);
        return;
    }
    if (at(id).type.kind == TypeKind::String || changeType(id, {TypeKind::String}))
        putTextBytes(id, text);
}

bool BatchBuilder::startAs(ColumnId id, LogicalType type)
{
    const LogicalType present = at(id).type;
    if (present == type)
        return true;
    if (present.kind == TypeKind::Null)
        return changeType(id, type);
    if (present.kind != type.kind || !isTime(type.kind))
        return false;
    const auto form = commonForm(present.form, type.form);
    if (form && *form != present.form) { // no value changes
        at(id).type.form = *form;
        m_schema.reset();
    }
    return form.has_value();
}

void BatchBuilder::appendOtherBool(ColumnId id, bool value)
{
    prepare(id);
    const std::string_view word = value ? "true" : "false";
    switch (at(id).type.kind) {
    case TypeKind::Null:
    case TypeKind::Bool:
        if (startAs(id, {TypeKind::Bool}))
            at(id).putBool(value);
        break;
    case TypeKind::Json:
        putTextBytes(id, word);
        break;
    default:
        putAsText(id, word);
        break;
    }
}

void BatchBuilder::appendOtherText(ColumnId id, std::string_view text, TextInference inference)
{
    prepare(id);
    switch (at(id).type.kind) {
    case TypeKind::String:
        putTextBytes(id, text);
        return;
    case TypeKind::Null:
        if (inference != TextInference::Off && appendAsTime(id, text))
            return;
        if (inference == TextInference::All)
            return appendInferred(id, text);
        break;
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Timestamp:
        if (inference != TextInference::Off && appendAsTime(id, text))
            return;
        break;
    case TypeKind::Bool:
    case TypeKind::Int64:
    case TypeKind::UInt64:
    case TypeKind::Double:
    case TypeKind::Decimal:
        if (inference == TextInference::All)
            return appendInferred(id, text);
        break;
    case TypeKind::Binary:
    case TypeKind::Json:
        break;
    }
    putAsText(id, text);
}

void BatchBuilder::appendInferred(ColumnId id, std::string_view text)
{
    const TypeKind kind = at(id).type.kind;
    if (kind == TypeKind::Null || kind == TypeKind::Bool) {
        if (text == "true" || text == "false")
            return appendBool(id, text == "true");
    }
    if (kind != TypeKind::Bool && !text.empty() && text.size() < Error::kMaxExcerpt &&
        (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'))) {
        if (!appendQuickNumber(at(id), text))
            appendAnyNumber(id, text, true);
        return;
    }
    putAsText(id, text);
}

bool BatchBuilder::appendAsTime(ColumnId id, std::string_view text)
{
    const TimeText parsed = parseTime(text);
    if (parsed.kind == TypeKind::Null)
        return false;
    if (!startAs(id, {.kind = parsed.kind, .form = parsed.form}))
        return false;
    if (parsed.kind == TypeKind::Date)
        at(id).putFixed(static_cast<std::int32_t>(parsed.value));
    else
        at(id).putFixed(parsed.value);
    return true;
}

void BatchBuilder::appendBinary(ColumnId id, std::string_view bytes)
{
    prepare(id);
    if (startAs(id, {TypeKind::Binary}))
        return putTextBytes(id, bytes);
    // Bytes among other things are told as their hex text: let a column of one row say it.
    const std::array<std::int32_t, 2> bounds = {0, static_cast<std::int32_t>(bytes.size())};
    const Column alone{.type = {TypeKind::Binary},
                       .length = 1,
                       .offsets = Buffer::copyOf(std::as_bytes(std::span(bounds))),
                       .values = Buffer::copyOf(std::as_bytes(std::span(bytes)))};
    std::string hex;
    columnar::appendText(hex, alone, 0);
    putAsText(id, hex);
}

void BatchBuilder::appendJson(ColumnId id, std::string_view text)
{
    prepare(id);
    if (at(id).type.kind == TypeKind::Json || changeType(id, {TypeKind::Json}))
        putTextBytes(id, text);
}

void BatchBuilder::appendOtherDouble(ColumnId id, double value)
{
    prepare(id);
    ColumnBuilder &column = at(id);
    if (column.type.kind == TypeKind::Double || startAs(id, {TypeKind::Double})) {
        changeTrack(
            id, {.fractionDigits = NumberTrack::kMixed, .isPlainSpelled = column.type.scale == 0});
        column.putFixed(value);
        return;
    }
    const std::string text = textOf([&](char *out) { return writeDouble(out, value); });
    if (!std::isfinite(value))
        return putAsText(id, text);
    appendAnyNumber(id, text, false);
}

void BatchBuilder::appendDecimal(ColumnId id, Int128 unscaled, int scale)
{
    prepare(id);
    const int precision =
        digitCount(unscaled) <= kSmallDecimalDigits && scale <= kSmallDecimalDigits
            ? kSmallDecimalDigits
            : kMaxDecimalDigits;
    const LogicalType type = LogicalType::decimal(precision, scale);
    if ((at(id).type.kind == TypeKind::Decimal || startAs(id, type)) &&
        placeScaled(id, {unscaled, scale}))
        return;
    const Column alone{.type = type,
                       .length = 1,
                       .values = Buffer::copyOf(std::as_bytes(std::span(&unscaled, 1)))};
    const std::string text = textOf([&](char *out) { return writeScalarText(out, alone, 0); });
    appendAnyNumber(id, text, false);
}

void BatchBuilder::appendDate(ColumnId id, std::int32_t days)
{
    prepare(id);
    if (startAs(id, {TypeKind::Date}))
        return at(id).putFixed(days);
    putAsText(id, textOf([&](char *out) { return writeDate(out, days); }));
}

void BatchBuilder::appendTime(ColumnId id, std::int64_t micros, TimeForm form)
{
    prepare(id);
    if (startAs(id, {.kind = TypeKind::Time, .form = form}))
        return at(id).putFixed(micros);
    putAsText(id, textOf([&](char *out) { return writeTime(out, micros, form); }));
}

void BatchBuilder::appendTimestamp(ColumnId id, std::int64_t micros, TimeForm form)
{
    ColumnBuilder &column = at(id);
    if (column.type.kind == TypeKind::Timestamp && column.type.form == form &&
        column.isReady(m_row)) [[likely]]
        return column.putFixed(micros);
    prepare(id);
    if (startAs(id, LogicalType::timestamp(form)))
        return at(id).putFixed(micros);
    putAsText(id, textOf([&](char *out) { return writeTimestamp(out, micros, form); }));
}

} // namespace freshet::columnar
