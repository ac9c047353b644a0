// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/arrow_column.h"

#include "columnar/value_text.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace freshet::store {

using columnar::bitmapBytes;
using columnar::Buffer;
using columnar::Column;
using columnar::LogicalType;
using columnar::MutableBuffer;
using columnar::TypeKind;
using Kind = ArrowStorage::Kind;

namespace {

__extension__ typedef __int128 Int128;

constexpr std::int64_t kNanosPerMicro = 1'000;
constexpr std::int64_t kMillisPerDay = 86'400'000;

tl::unexpected<Error> damaged(const char *why)
{
    return fail(ErrorCode::LibraryDamaged, why);
}
tl::unexpected<Error> unsupported(const char *why)
{
    return fail(ErrorCode::Unsupported, why);
}

/// Count the nulls and drop a bitmap that marks none.
Status adoptValidity(Column &column, Buffer validity)
{
    if (validity.size() == 0)
        return {};
    const std::size_t size = bitmapBytes(column.length);
    if (validity.size() < size)
        return damaged("a validity bitmap that is too short");
    std::int64_t present = 0;
    const std::size_t whole = static_cast<std::size_t>(column.length / 8);
    std::size_t at = 0;
    for (; at + 8 <= whole; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, validity.data() + at, sizeof word);
        present += std::popcount(word);
    }
    for (; at < whole; ++at)
        present += std::popcount(static_cast<unsigned char>(validity.data()[at]));
    for (std::int64_t row = static_cast<std::int64_t>(whole) * 8; row < column.length; ++row)
        present += columnar::bitAt(validity.data(), row) ? 1 : 0;
    column.nullCount = column.length - present;
    if (column.nullCount != 0)
        column.validity = validity.slice(0, size);
    return {};
}

/// The value buffer cut to what `length` values of `bits` each take.
Result<Buffer> fixedValues(const Buffer &values, std::int64_t length, std::int64_t bits)
{
    const auto size = static_cast<std::size_t>((length * bits + 7) / 8);
    if (values.size() < size)
        return damaged("a value buffer that is too short");
    return values.slice(0, size);
}

template <typename T>
T loaded(const std::byte *place, std::int64_t index)
{
    T value;
    std::memcpy(&value, place + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
    return value;
}

/// Convert `From` values to `To` values with `convert`, which answers false for a value without
/// a counterpart; nulls become zero without being asked.
template <typename From, typename To, typename Convert>
Status convertValues(Column &column, const Buffer &values, Convert convert)
{
    auto source = fixedValues(values, column.length, sizeof(From) * 8);
    if (!source)
        return fail(std::move(source).error());
    MutableBuffer converted;
    converted.resize(static_cast<std::size_t>(column.length) * sizeof(To));
    for (std::int64_t row = 0; row < column.length; ++row) {
        To value{};
        if (!column.isNull(row) && !convert(loaded<From>(source->data(), row), value))
            return unsupported("a value that has no exact counterpart");
        std::memcpy(converted.data() + static_cast<std::size_t>(row) * sizeof(To), &value,
                    sizeof(To));
    }
    column.values = converted.finish();
    return {};
}

template <typename From, typename To>
Status castValues(Column &column, const Buffer &values)
{
    return convertValues<From, To>(column, values, [](From from, To &to) {
        to = static_cast<To>(from);
        return true;
    });
}

Status assembleInteger(Column &column, const ArrowStorage &storage, const Buffer &values)
{
    using std::int64_t;
    switch (storage.bitWidth) {
    case 8:
        return storage.isSigned ? castValues<std::int8_t, int64_t>(column, values)
                                : castValues<std::uint8_t, int64_t>(column, values);
    case 16:
        return storage.isSigned ? castValues<std::int16_t, int64_t>(column, values)
                                : castValues<std::uint16_t, int64_t>(column, values);
    default:
        return storage.isSigned ? castValues<std::int32_t, int64_t>(column, values)
                                : castValues<std::uint32_t, int64_t>(column, values);
    }
}

double halfToDouble(std::uint16_t half)
{
    const int exponent = (half >> 10) & 0x1F;
    const int fraction = half & 0x3FF;
    double value = 0;
    if (exponent == 0x1F)
        value = fraction == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
    else if (exponent == 0)
        value = std::ldexp(fraction, -24);
    else
        value = std::ldexp(fraction + 0x400, exponent - 25);
    return (half & 0x8000) != 0 ? -value : value;
}

Status assembleFloat(Column &column, const ArrowStorage &storage, const Buffer &values)
{
    if (storage.bitWidth == 32)
        return castValues<float, double>(column, values);
    return convertValues<std::uint16_t, double>(column, values, [](std::uint16_t from, double &to) {
        to = halfToDouble(from);
        return true;
    });
}

Status assembleDecimal(Column &column, const ArrowStorage &storage, const Buffer &values)
{
    return storage.bitWidth == 32 ? castValues<std::int32_t, Int128>(column, values)
                                  : castValues<std::int64_t, Int128>(column, values);
}

Status assembleDate(Column &column, const Buffer &values)
{
    return convertValues<std::int64_t, std::int32_t>(
        column, values, [](std::int64_t millis, std::int32_t &days) {
            const std::int64_t whole = millis / kMillisPerDay;
            days = static_cast<std::int32_t>(whole);
            return millis % kMillisPerDay == 0 && days == whole;
        });
}

/// Seconds, milliseconds or nanoseconds to microseconds.
bool toMicros(std::int64_t value, std::int64_t unitsPerSecond, std::int64_t &micros)
{
    if (unitsPerSecond > 1'000'000) {
        micros = value / kNanosPerMicro;
        return value % kNanosPerMicro == 0;
    }
    return !__builtin_mul_overflow(value, 1'000'000 / unitsPerSecond, &micros);
}

Status assembleMicros(Column &column, const ArrowStorage &storage, const Buffer &values)
{
    const std::int64_t units = storage.unitsPerSecond;
    if (storage.bitWidth == 32) {
        return convertValues<std::int32_t, std::int64_t>(
            column, values,
            [units](std::int32_t from, std::int64_t &to) { return toMicros(from, units, to); });
    }
    return convertValues<std::int64_t, std::int64_t>(
        column, values,
        [units](std::int64_t from, std::int64_t &to) { return toMicros(from, units, to); });
}

/// Append `text` as the next value of a text column under construction.
class TextColumn
{
public:
    explicit TextColumn(std::int64_t rows)
    {
        m_offsets.resize(static_cast<std::size_t>(rows + 1) * sizeof(std::int32_t));
        m_offsets.as<std::int32_t>()[0] = 0;
    }
    [[nodiscard]] Status append(std::string_view text)
    {
        if (text.size() > std::size_t(std::numeric_limits<std::int32_t>::max()) - m_bytes.size())
            return unsupported("more than 2 GiB of text in one record batch");
        m_bytes.append(text.data(), text.size());
        m_offsets.as<std::int32_t>()[++m_row] = static_cast<std::int32_t>(m_bytes.size());
        return {};
    }
    void moveTo(Column &column)
    {
        column.offsets = m_offsets.finish();
        column.values = m_bytes.finish();
    }

private:
    MutableBuffer m_offsets;
    MutableBuffer m_bytes;
    std::int64_t m_row = 0;
};

/// Nanoseconds that microseconds cannot hold, as text: the spelling of the microseconds, which has
/// six digits of fraction, with the other three behind them.
Status assembleNanosText(Column &column, const ArrowStorage &storage, const Buffer &values)
{
    auto source = fixedValues(values, column.length, 64);
    if (!source)
        return fail(std::move(source).error());
    Column micros;
    micros.type.kind = storage.kind == Kind::Time ? TypeKind::Time : TypeKind::Timestamp;
    micros.type.form.fractionDigits = 6;
    micros.length = 1;
    TextColumn texts(column.length);
    std::string text;
    for (std::int64_t row = 0; row < column.length; ++row) {
        text.clear();
        if (!column.isNull(row)) {
            const auto nanos = loaded<std::int64_t>(source->data(), row);
            std::int64_t rest = nanos % kNanosPerMicro;
            std::int64_t whole = nanos / kNanosPerMicro;
            if (rest < 0) {
                rest += kNanosPerMicro;
                --whole;
            }
            micros.values = Buffer(nullptr, reinterpret_cast<const std::byte *>(&whole), 8);
            columnar::appendText(text, micros, 0);
            const std::string digits = std::to_string(rest);
            text.append(3 - digits.size(), '0').append(digits);
        }
        FRESHET_TRY(texts.append(text));
    }
    texts.moveTo(column);
    return {};
}

Status assembleFixedBytes(Column &column, const ArrowStorage &storage, const Buffer &values)
{
    auto source = fixedValues(values, column.length, storage.bitWidth);
    if (!source)
        return fail(std::move(source).error());
    const auto width = static_cast<std::size_t>(storage.bitWidth / 8);
    TextColumn texts(column.length);
    for (std::int64_t row = 0; row < column.length; ++row) {
        const std::size_t size = column.isNull(row) ? 0 : width;
        FRESHET_TRY(
            texts.append(source->text().substr(static_cast<std::size_t>(row) * width, size)));
    }
    texts.moveTo(column);
    return {};
}

/// Check that offsets ascend within `limit`, and make them int32 from 0.
template <typename Offset>
Status assembleText(Column &column, const StoredBuffers &buffers)
{
    const auto needed = static_cast<std::size_t>(column.length + 1) * sizeof(Offset);
    if (column.length == 0) {
        TextColumn(0).moveTo(column);
        return {};
    }
    if (buffers.offsets.size() < needed)
        return damaged("an offset buffer that is too short");
    const std::byte *offsets = buffers.offsets.data();
    const auto first = loaded<Offset>(offsets, 0);
    const auto last = loaded<Offset>(offsets, column.length);
    if (first < 0 || last < first || static_cast<std::uint64_t>(last) > buffers.values.size())
        return damaged("text offsets outside of the text");
    bool ascends = true;
    Offset before = first;
    for (std::int64_t row = 1; row <= column.length; ++row) {
        const auto here = loaded<Offset>(offsets, row);
        ascends &= here >= before;
        before = here;
    }
    if (!ascends)
        return damaged("text offsets that do not ascend");
    if (last - first > std::numeric_limits<std::int32_t>::max())
        return unsupported("more than 2 GiB of text in one record batch");
    column.values = buffers.values.slice(static_cast<std::size_t>(first),
                                         static_cast<std::size_t>(last - first));
    if (sizeof(Offset) == sizeof(std::int32_t) && first == 0) {
        column.offsets = buffers.offsets.slice(0, needed);
        return {};
    }
    MutableBuffer rebased;
    rebased.resize(static_cast<std::size_t>(column.length + 1) * sizeof(std::int32_t));
    for (std::int64_t row = 0; row <= column.length; ++row) {
        rebased.as<std::int32_t>()[row] =
            static_cast<std::int32_t>(loaded<Offset>(offsets, row) - first);
    }
    column.offsets = rebased.finish();
    return {};
}

Status assembleValues(Column &column, const ArrowStorage &storage, const StoredBuffers &buffers)
{
    if (storage.kind == Kind::VariableBytes) {
        return storage.bitWidth == 64 ? assembleText<std::int64_t>(column, buffers)
                                      : assembleText<std::int32_t>(column, buffers);
    }
    if (storage == nativeStorage(column.type)) {
        auto values = fixedValues(buffers.values, column.length, storage.bitWidth);
        if (!values)
            return fail(std::move(values).error());
        column.values = std::move(*values);
        return {};
    }
    switch (storage.kind) {
    case Kind::Int:
        return assembleInteger(column, storage, buffers.values);
    case Kind::Float:
        return assembleFloat(column, storage, buffers.values);
    case Kind::Decimal:
        return assembleDecimal(column, storage, buffers.values);
    case Kind::Date:
        return assembleDate(column, buffers.values);
    case Kind::Time:
    case Kind::Timestamp:
        return column.type.kind == TypeKind::String
                   ? assembleNanosText(column, storage, buffers.values)
                   : assembleMicros(column, storage, buffers.values);
    case Kind::FixedBytes:
        return assembleFixedBytes(column, storage, buffers.values);
    case Kind::Null:
    case Kind::Bool:
    case Kind::VariableBytes:
        break;
    }
    return fail(ErrorCode::Internal, "a storage without a conversion");
}

} // namespace

Result<Column> assembleColumn(LogicalType type, const ArrowStorage &storage, std::int64_t rows,
                              StoredBuffers buffers)
{
    Column column;
    column.type = type;
    column.length = rows;
    if (storage.kind == Kind::Null) {
        column.nullCount = rows;
        return column;
    }
    FRESHET_TRY(adoptValidity(column, std::move(buffers.validity)));
    FRESHET_TRY(assembleValues(column, storage, buffers));
    return column;
}

Result<bool> fitsMicroseconds(std::int64_t rows, const StoredBuffers &buffers)
{
    Column column;
    column.length = rows;
    FRESHET_TRY(adoptValidity(column, buffers.validity));
    auto values = fixedValues(buffers.values, rows, 64);
    if (!values)
        return fail(std::move(values).error());
    for (std::int64_t row = 0; row < rows; ++row) {
        if (!column.isNull(row) && loaded<std::int64_t>(values->data(), row) % kNanosPerMicro != 0)
            return false;
    }
    return true;
}

} // namespace freshet::store
