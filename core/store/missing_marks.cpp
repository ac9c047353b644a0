// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/missing_marks.h"

#include <zstd.h>

#include <QByteArray>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace freshet::store {

using columnar::bitmapBytes;
using columnar::Buffer;
using columnar::Column;
using columnar::MutableBuffer;

namespace {

constexpr std::string_view kAllNulls = "*";

Result<std::string> compressedBits(const Buffer &bits, std::int64_t length)
{
    const std::size_t size = bitmapBytes(length);
    QByteArray packed(static_cast<qsizetype>(ZSTD_compressBound(size)), Qt::Uninitialized);
    const std::size_t n =
        ZSTD_compress(packed.data(), static_cast<std::size_t>(packed.size()), bits.data(), size, 1);
    if (ZSTD_isError(n) != 0)
        return fail(ErrorCode::Internal, std::string("Zstandard: ") + ZSTD_getErrorName(n));
    packed.truncate(static_cast<qsizetype>(n));
    return packed.toBase64().toStdString();
}

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::LibraryDamaged, "damaged marks of missing values");
}

/// Every null: the complement of the validity bitmap, or ones where there is none.
MutableBuffer nullBits(const Column &column)
{
    const std::size_t size = bitmapBytes(column.length);
    MutableBuffer bits;
    bits.resize(size);
    for (std::size_t i = 0; i < size; ++i)
        bits.data()[i] = column.validity ? ~column.validity.data()[i] : std::byte(0xFF);
    if (column.length % 8 != 0)
        bits.data()[size - 1] &= static_cast<std::byte>((1u << (column.length % 8)) - 1);
    return bits;
}

} // namespace

Result<std::string> writeMissingMarks(const columnar::RecordBatch &batch)
{
    std::string marks;
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        const Column &column = batch.columns[i];
        if (column.missingCount == 0)
            continue;
        if (!marks.empty())
            marks += ';';
        marks += std::to_string(i) + '=';
        if (column.missingCount == column.nullCount || !column.missing) {
            marks += kAllNulls;
            continue;
        }
        auto bits = compressedBits(column.missing, column.length);
        if (!bits)
            return fail(std::move(bits).error());
        marks += *bits;
    }
    return marks;
}

Result<MissingMarks> MissingMarks::parse(std::string_view text)
{
    MissingMarks marks;
    while (!text.empty()) {
        const std::string_view entry = text.substr(0, text.find(';'));
        const std::size_t equals = entry.find('=');
        std::size_t column = 0;
        if (equals == std::string_view::npos ||
            std::from_chars(entry.data(), entry.data() + equals, column).ptr !=
                entry.data() + equals)
            return damaged();
        marks.m_marks.emplace(column, entry.substr(equals + 1));
        text.remove_prefix(std::min(entry.size() + 1, text.size()));
    }
    return marks;
}

Status MissingMarks::apply(std::size_t index, Column &column) const
{
    const auto mark = m_marks.find(index);
    if (mark == m_marks.end())
        return {};
    MutableBuffer bits = nullBits(column);
    if (mark->second == kAllNulls) {
        column.missingCount = column.nullCount;
        column.missing = bits.finish();
        return {};
    }
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(mark->second),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return damaged();
    MutableBuffer missing;
    missing.resize(bits.size());
    const QByteArray packed = *decoded;
    const std::size_t n = ZSTD_decompress(missing.data(), missing.size(), packed.constData(),
                                          static_cast<std::size_t>(packed.size()));
    if (ZSTD_isError(n) != 0 || n != missing.size())
        return damaged();
    for (std::size_t i = 0; i < missing.size(); ++i) {
        if ((missing.data()[i] & ~bits.data()[i]) != std::byte(0))
            return damaged();
        column.missingCount += std::popcount(static_cast<unsigned char>(missing.data()[i]));
    }
    column.missing = missing.finish();
    return {};
}

} // namespace freshet::store
