// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_output.h"

#include "decode/foreign_content.h"

#include <utility>

namespace freshet::decode {

Status RowOutput::endRow(std::int64_t after)
{
    FRESHET_TRY(m_outputs.builder.endRow());
    m_position = after;
    m_isBehindReport = false;
    return m_outputs.builder.isFull() ? flush() : Status();
}

Status RowOutput::reject(Error error, std::string_view rawText)
{
    error.row = nextRow();
    if (const auto what = failureReport(rawText); !what.empty()) {
        m_isBehindReport = true;
        error.code = ErrorCode::InBandError;
        error.detail = "the server sent " + std::string(what) + " in place of a row";
    }
    RejectedRow row{error, std::string(rawText.substr(0, kMaxRawText))};
    if (!m_outputs.rejects.reject(std::move(row)))
        return fail(std::move(error));
    return {};
}

Status RowOutput::flush()
{
    if (m_outputs.builder.pendingRows() == 0)
        return {};
    return m_outputs.batches.accept(m_outputs.builder.seal(), ByteOffset(m_position));
}

} // namespace freshet::decode
