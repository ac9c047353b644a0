// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "decode/row_decoder.h"

#include <filesystem>

namespace freshet::transfer {

/// Where a table decoder finds the whole file.
struct TableInput
{
    /// The file in place, whatever is fed; empty: what is fed is kept in `spool` first.
    std::filesystem::path file;
    /// Made on the first feed, in a folder that is made too, and removed with the decoder.
    std::filesystem::path spool;
    /// Rows before this one are left out.
    RowIndex firstRow;
    CancelToken cancel;
};

/// A RowDecoder for Parquet and Arrow, whose rows come in `finish()`: the file has to be there from
/// end to end. Its position stays 0, for a stream cannot be entered in its middle.
/// Errors: InvalidArgument for other formats; from `finish`, those of `openTable` and of the sink.
[[nodiscard]] Result<std::unique_ptr<decode::RowDecoder>>
makeTableDecoder(const decode::DecodeOptions &options, decode::DecodeOutputs outputs,
                 TableInput input);

} // namespace freshet::transfer
