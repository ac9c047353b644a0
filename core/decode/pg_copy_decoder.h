// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/pg_row.h"
#include "decode/windowed_decoder.h"

#include <memory>
#include <optional>
#include <string>

namespace freshet::decode {

/// Rows of a PostgreSQL binary COPY stream.
///
/// What the columns are stands in the header's extension area, where PostgresTransport puts it;
/// without it each column is binary and called column1, column2 … . A value that its type does not
/// allow (a text that is not UTF-8, a number of a wrong length) makes its row a bad one; whatever
/// leaves open where the next row begins ends the stream.
///
/// Errors: Truncated without the trailer; WrongFieldCount, SyntaxError, RowTooLarge with the place.
/// Source: PostgreSQL 15, COPY, "Binary Format".
class PgCopyDecoder final : public WindowedDecoder
{
public:
    PgCopyDecoder(const DecodeOptions &options, DecodeOutputs outputs);

    [[nodiscard]] DecodeFindings findings() const override;

private:
    [[nodiscard]] Status decode(bool atEnd) override;
    void restart() override;

    /// Output: whether it is whole; more is needed if not.
    [[nodiscard]] Result<bool> takeHeader();
    [[nodiscard]] Status takeRows();
    /// Output: where the row's last field ends; null if more is needed.
    [[nodiscard]] Result<const char *> endOfRow(const char *fields, int count) const;
    [[nodiscard]] Status takeRow(const char *fields, const char *end);
    [[nodiscard]] Status checkCount(int count);
    [[nodiscard]] Error placed(ErrorCode code, std::string detail, std::int64_t offset) const;

    const Limits m_limits;
    PgRow m_row;
    bool m_isPastHeader = false;
    bool m_isEnded = false;
};

/// Errors: none but those of memory; the stream brings its own.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makePgCopyDecoder(const DecodeOptions &options,
                                                                    DecodeOutputs outputs);

} // namespace freshet::decode
