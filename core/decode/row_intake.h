// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/array_header.h"
#include "decode/json_row.h"
#include "decode/row_output.h"

#include <string>
#include <string_view>

namespace freshet::decode {

/// Where a row was read from.
struct RowPlace
{
    const char *at;   ///< the value's first byte
    const char *next; ///< just after it
    const char *end;  ///< of the input it stands in
    int depth;        ///< containers around it
    std::int64_t after;
    std::int64_t line;
};

/// Rows between reading and output: holds back a first row of names (see `ArrayHeader`).
/// Use: `beforeValue`, `row().read…`, then `take` or `row().drop()`; `finish` at the end.
/// Threads: one thread at a time.
class RowIntake
{
public:
    RowIntake(const DecodeOptions &options, DecodeOutputs outputs, RowOutput &output);

    [[nodiscard]] JsonRow &row() { return m_row; }
    [[nodiscard]] const JsonRow &row() const { return m_row; }

    /// A value that starts with `first` is about to be read.
    [[nodiscard]] Status beforeValue(char first);
    /// The row read from `place` is whole and open in the builder.
    [[nodiscard]] Status take(const RowPlace &place);
    /// A valid value proved to be no row when read in another way; `row().fault()` says why.
    [[nodiscard]] Status rejectWhole(const RowPlace &place);
    /// No more rows come.
    [[nodiscard]] Status finish();
    void reset();

    /// The names of the columns are known: no row has them.
    void setColumnNames(std::vector<std::string> names);
    /// Whether a row is held back: the position must stay before it.
    [[nodiscard]] bool isHolding() const { return m_header.isHolding(); }
    [[nodiscard]] std::vector<std::string> notes() const;

private:
    [[nodiscard]] Status takeArray(const RowPlace &place);
    [[nodiscard]] Status takeAgain(const RowPlace &place);
    [[nodiscard]] Status takeHeld();

    const std::optional<bool> m_hasHeader;
    RowOutput &m_output;
    JsonRow m_row;
    ArrayHeader m_header;
    std::string m_held; ///< the row held back, padded
    RowPlace m_heldPlace = {};
};

} // namespace freshet::decode
