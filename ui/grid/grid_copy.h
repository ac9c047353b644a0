// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "grid/cell_block.h"

#include <string>

namespace freshet::ui {

enum class CopyFormat { Tsv, Csv, Json };

struct CopyOptions
{
    CopyFormat format = CopyFormat::Tsv;
    /// A first line of column names; JSON always names the columns.
    bool withHeader = false;
    /// Give up with LimitReached when the text grows beyond this.
    ByteCount maxBytes = 64_MiB;
};

/// The text of the selected cells, each value exactly as `columnar::appendText` writes it.
///
/// Shape: one line a row, "\n" between rows and none after the last. Columns are those that any
/// block has, in the order they are shown; a cell that is not selected is empty. Tsv and Csv quote
/// (RFC 4180) a field with a delimiter, quote or line break; null is empty there, and Csv writes an
/// empty string as `""` to tell it from null. Json is an array of objects: null is `null`, a
/// missing value is left out. A single cell as Tsv is its bare text.
/// Errors: LimitReached, Cancelled, and those of the source. Threads: any; reads the disk.
[[nodiscard]] Result<std::string> copyText(const GridSource &source, const CellBlocks &blocks,
                                           const CopyOptions &options, const CancelToken &cancel);

} // namespace freshet::ui
