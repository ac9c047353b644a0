// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_output.h"

#include "decode/failure_report.h"
#include "decode/foreign_content.h"

#include <utility>

namespace freshet::decode {

Status RowOutput::endRow(std::int64_t after)
{
    FRESHET_TRY(m_outputs.builder.endRow());
    m_position = after;
    if (m_lastWord) [[unlikely]]
        m_lastWord.reset();
    return m_outputs.builder.isFull() ? flush() : Status();
}

Status RowOutput::reject(Error error, std::string_view rawText)
{
    error.row = nextRow();
    if (const auto what = failureReport(rawText);
        !what.empty() && error.code != ErrorCode::InBandError) {
        error.code = ErrorCode::InBandError;
        error.detail = "the server sent " + std::string(what) + " in place of a row";
    }
    const bool isReport = error.code == ErrorCode::InBandError;
    if (!m_lastWord && (isReport || readsLikeFailure(rawText))) {
        m_lastWord = error;
        m_lastWord->code = ErrorCode::InBandError;
        if (!isReport)
            m_lastWord->detail = "what stands behind the last row reads like a failure";
        if (m_lastWord->excerpt.empty())
            m_lastWord->excerpt = Error::excerptOf(rawText);
    }
    return handOver(std::move(error), rawText);
}

Status RowOutput::rejectCut(Error error, std::string_view rawText)
{
    FRESHET_TRY(handOver(error, rawText));
    return fail(std::move(error));
}

Status RowOutput::handOver(Error error, std::string_view rawText)
{
    error.row = nextRow();
    RejectedRow row{.error = error,
                    .rawText = std::string(rawText.substr(0, kMaxRawText)),
                    .foundAt = position()};
    if (!m_outputs.rejects.reject(std::move(row)))
        return fail(std::move(error));
    return m_outputs.builder.isFull() ? flush() : Status();
}

Status RowOutput::flush()
{
    if (m_outputs.builder.pendingRows() == 0)
        return {};
    columnar::RecordBatch batch = m_outputs.builder.seal();
    m_shape.note(batch);
    return m_outputs.batches.accept(std::move(batch), ByteOffset(m_position));
}

Result<bool> RowOutput::isForeign(const FailureObject &report)
{
    FRESHET_TRY(flush());
    std::vector<std::string> columns;
    for (int i = 0; i < m_outputs.builder.columnCount(); ++i)
        columns.push_back(m_outputs.builder.columnName(i));
    return m_shape.isForeign(report, columns);
}

void RowOutput::reset()
{
    m_position = 0;
    m_lastWord.reset();
    m_shape.clear();
}

} // namespace freshet::decode
