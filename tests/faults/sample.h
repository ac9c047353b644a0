// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "support/fault_server.h"

#include <cstddef>
#include <string>
#include <vector>

namespace freshet::test {

enum class Form {
    Ndjson,
    Json,
    Csv,       ///< its dialect is told, so that a decoder can be set down in its middle
    SniffedCsv ///< too short to be sniffed before its end: it can only be read again
};

/// A table in one form, which the faults are committed against. Its values are of the kinds that
/// tell a row which was lost, doubled or bent from one that was not: numbers that no double holds,
/// texts with line ends and brackets inside, and a column that appears late.
struct Sample
{
    static constexpr int kRows = 60;

    Form form;
    std::string name; ///< of the form
    std::string contentType;
    std::string body;
    std::vector<std::size_t> rowEnds; ///< offset behind each row and what separates it

    [[nodiscard]] static Sample make(Form form);

    /// A place between two rows, two thirds down.
    [[nodiscard]] std::size_t border() const { return rowEnds[kRows * 2 / 3]; }
    /// A place inside the row behind the border, where it cannot end.
    [[nodiscard]] std::size_t midRow() const { return border() + 9; }
    /// Whether a download can go on in the middle of it.
    [[nodiscard]] bool canEnterMidway() const { return form != Form::SniffedCsv; }
    [[nodiscard]] bool isCsv() const { return form == Form::Csv || form == Form::SniffedCsv; }
    [[nodiscard]] decode::DecodeOptions decodeOptions() const;
    /// What an honest server makes of it.
    [[nodiscard]] Resource resource() const;
};

} // namespace freshet::test
