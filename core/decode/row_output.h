// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <algorithm>
#include <string_view>

namespace freshet::decode {

/// The way out of a decoder: ends rows, hands on full batches, sends off bad rows, and remembers
/// where the last whole row ended.
/// Threads: one thread at a time.
class RowOutput
{
public:
    static constexpr std::size_t kMaxRawText = 64 * 1024;
    /// Within how many bytes the end of a bad row is looked for.
    [[nodiscard]] static std::int64_t mostSkipped(const Limits &limits)
    {
        return 16 * std::max(limits.rowBytes, 1_MiB).value();
    }

    explicit RowOutput(DecodeOutputs outputs) : m_outputs(outputs) {}

    /// The open row is whole; the next may start at stream offset `after`.
    /// Errors: what the batch sink said; LimitReached if the row has too many columns, which
    /// `JsonRow` finds out before.
    [[nodiscard]] Status endRow(std::int64_t after);
    /// A bad row was stepped over; it is an InBandError if it is a `failureReport`. Errors: the
    /// row's own, if the sink wants no more.
    [[nodiscard]] Status reject(Error error, std::string_view rawText);
    /// Hand on what is pending.
    [[nodiscard]] Status flush();

    /// Bytes before `offset` need not be read again. Nothing behind a failing server's report,
    /// until a row follows: another answer may have rows in its place.
    void moveTo(std::int64_t offset)
    {
        if (!m_isBehindReport)
            m_position = offset;
    }
    [[nodiscard]] ByteOffset position() const { return ByteOffset(m_position); }
    void reset()
    {
        m_position = 0;
        m_isBehindReport = false;
    }

    [[nodiscard]] RowIndex nextRow() const { return m_outputs.builder.nextRow(); }

private:
    DecodeOutputs m_outputs;
    std::int64_t m_position = 0;
    bool m_isBehindReport = false;
};

} // namespace freshet::decode
