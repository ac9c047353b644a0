// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "decode/row_shape.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace freshet::decode {

struct FailureObject;

/// What is wrong with a last row that only the close of a connection ends.
inline constexpr std::string_view kOpenEnd =
    "the last line has no line end, and nothing but the close of the connection says that it is "
    "whole";

/// The way out of a decoder: ends rows, hands on full batches, sends off bad rows, and remembers
/// where the last whole row ended.
///
/// A bad row may be a failing server's report (see `failure_report.h`). Until a row follows, it is
/// the stream's `lastWord`, and the position stays before it: another answer may have rows in its
/// place.
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
    /// The stream ends inside what may be a row, from `error` on: it is kept aside, and not passed
    /// by. Output: the error.
    [[nodiscard]] Status rejectCut(Error error, std::string_view rawText);
    /// Hand on what is pending.
    [[nodiscard]] Status flush();

    /// Bytes before `offset` need not be read again, unless the last word lies there.
    void moveTo(std::int64_t offset)
    {
        if (!m_lastWord)
            m_position = offset;
    }
    [[nodiscard]] ByteOffset position() const { return ByteOffset(m_position); }
    void reset();

    /// The report of a failure that stands behind the last row.
    [[nodiscard]] const std::optional<Error> &lastWord() const { return m_lastWord; }
    /// The same, where the rows themselves proved to be one.
    void noteLastWord(Error error) { m_lastWord = std::move(error); }
    /// Whether `report`, which ends the stream, is unlike all rows before it. Flushes.
    [[nodiscard]] Result<bool> isForeign(const FailureObject &report);

    [[nodiscard]] RowIndex nextRow() const { return m_outputs.builder.nextRow(); }

private:
    [[nodiscard]] Status handOver(Error error, std::string_view rawText);

    DecodeOutputs m_outputs;
    std::int64_t m_position = 0;
    std::optional<Error> m_lastWord;
    RowShape m_shape;
};

} // namespace freshet::decode
