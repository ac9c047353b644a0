// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/pg_copy_decoder.h"

#include "transport/big_endian.h"
#include "transport/postgres_columns.h"

namespace freshet::decode {

namespace {

using transport::bigEndian16;
using transport::bigEndian32;

constexpr std::ptrdiff_t kCountBytes = 2;
constexpr std::ptrdiff_t kLengthBytes = 4;
constexpr std::int32_t kNull = -1;
constexpr std::int16_t kTrailer = -1;

} // namespace

PgCopyDecoder::PgCopyDecoder(const DecodeOptions &options, DecodeOutputs outputs)
    : WindowedDecoder(outputs), m_limits(options.limits), m_row(outputs.builder)
{}

DecodeFindings PgCopyDecoder::findings() const
{
    DecodeFindings findings{.format = Format::Postgres};
    if (m_isEnded)
        findings.endStated = "the COPY stream's trailer";
    return findings;
}

void PgCopyDecoder::restart()
{
    m_row.forget();
    m_isPastHeader = false;
    m_isEnded = false;
}

Error PgCopyDecoder::placed(ErrorCode code, std::string detail, std::int64_t offset) const
{
    return Error{.code = code,
                 .detail = std::move(detail),
                 .byteOffset = ByteOffset(offset),
                 .row = m_output.nextRow()};
}

Status PgCopyDecoder::decode(bool atEnd)
{
    if (!m_isPastHeader) {
        const auto isWhole = takeHeader();
        if (!isWhole)
            return fail(isWhole.error());
        m_isPastHeader = *isWhole;
    }
    if (m_isPastHeader)
        FRESHET_TRY(takeRows());
    if (atEnd && !m_isEnded)
        return fail(placed(ErrorCode::Truncated,
                           m_isPastHeader ? "the COPY stream stops before its trailer"
                                          : "the COPY stream stops within its header",
                           m_window.endOffset()));
    return {};
}

Result<bool> PgCopyDecoder::takeHeader()
{
    const std::string_view bytes(m_window.at(m_at),
                                 static_cast<std::size_t>(m_window.endOffset() - m_at));
    const std::string_view signature = transport::kCopySignature;
    if (bytes.substr(0, signature.size()) != signature.substr(0, bytes.size()))
        return fail(placed(ErrorCode::SyntaxError, "this is no binary COPY stream", m_at));
    if (bytes.size() < transport::kCopyHeaderBytes)
        return false;
    const std::uint32_t flags = bigEndian32(bytes.data() + signature.size());
    if (flags >> 16 != 0)
        return fail(placed(ErrorCode::Unsupported,
                           "the COPY stream has critical flags that are not known", m_at));
    const auto extension =
        static_cast<std::int32_t>(bigEndian32(bytes.data() + signature.size() + 4));
    if (extension < 0 || extension > m_limits.headerBytes.value())
        return fail(placed(
            ErrorCode::SizeLimitExceeded,
            "the header's extension area is " + std::to_string(extension) + " bytes long", m_at));
    const std::size_t size = transport::kCopyHeaderBytes + static_cast<std::size_t>(extension);
    if (bytes.size() < size)
        return false;
    auto columns = transport::columnsIn(
        bytes.substr(transport::kCopyHeaderBytes, static_cast<std::size_t>(extension)));
    if (!columns)
        return fail(placed(columns.error().code, columns.error().detail, m_at));
    if (*columns)
        FRESHET_TRY(m_row.plan(**columns));
    m_at += static_cast<std::int64_t>(size);
    m_output.moveTo(m_at);
    return true;
}

Status PgCopyDecoder::takeRows()
{
    const char *const end = m_window.end();
    while (!m_isEnded) {
        const char *const row = m_window.at(m_at);
        if (end - row < kCountBytes)
            return {};
        const auto count = static_cast<std::int16_t>(bigEndian16(row));
        if (count != m_row.columnCount()) [[unlikely]] {
            if (count == kTrailer) {
                m_at += kCountBytes;
                m_output.moveTo(m_at);
                m_isEnded = true;
                break;
            }
            FRESHET_TRY(checkCount(count));
        }
        const auto rowEnd = endOfRow(row + kCountBytes, count);
        if (!rowEnd)
            return fail(rowEnd.error());
        if (*rowEnd == nullptr)
            return {};
        FRESHET_TRY(takeRow(row + kCountBytes, *rowEnd));
    }
    if (m_at < m_window.endOffset())
        return fail(placed(ErrorCode::SyntaxError, "bytes follow the COPY stream's trailer", m_at));
    return {};
}

Status PgCopyDecoder::checkCount(int count)
{
    if (!m_row.isPlanned() && count >= 0)
        return m_row.planBytes(count);
    return fail(placed(ErrorCode::WrongFieldCount,
                       "a row has " + std::to_string(count) + " fields, and there are " +
                           std::to_string(m_row.columnCount()) + " columns",
                       m_at));
}

Result<const char *> PgCopyDecoder::endOfRow(const char *fields, int count) const
{
    const char *const end = m_window.end();
    const char *at = fields;
    for (int i = 0; i < count; ++i) {
        if (end - at < kLengthBytes)
            return nullptr;
        const auto length = static_cast<std::int32_t>(bigEndian32(at));
        at += kLengthBytes;
        if (length < 0) {
            if (length != kNull)
                return fail(placed(ErrorCode::SyntaxError,
                                   "a field has the length " + std::to_string(length),
                                   m_window.offsetOf(at) - kLengthBytes));
            continue;
        }
        if (length > m_limits.rowBytes.value() - (at - fields))
            return fail(placed(ErrorCode::RowTooLarge,
                               "a row is longer than " + std::to_string(m_limits.rowBytes.value()) +
                                   " bytes",
                               m_at));
        if (length > end - at)
            return nullptr;
        at += length;
    }
    return at;
}

Status PgCopyDecoder::takeRow(const char *fields, const char *end)
{
    const std::int64_t after = m_window.offsetOf(end);
    if (m_row.read(fields)) [[likely]] {
        m_at = after;
        return m_output.endRow(after);
    }
    const PgFault &fault = m_row.fault();
    Error error = placed(fault.code, fault.reason, m_window.offsetOf(fault.at));
    error.column = fault.column;
    const std::string_view raw(fields, static_cast<std::size_t>(end - fields));
    m_at = after;
    m_output.moveTo(after);
    return m_output.reject(std::move(error), raw);
}

Result<std::unique_ptr<RowDecoder>> makePgCopyDecoder(const DecodeOptions &options,
                                                      DecodeOutputs outputs)
{
    return std::make_unique<PgCopyDecoder>(options, outputs);
}

} // namespace freshet::decode
