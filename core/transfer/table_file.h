// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "columnar/record_batch.h"
#include "decode/row_decoder.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// A file of rows that are typed already, and what is wanted of it.
struct TableFile
{
    std::filesystem::path path;
    decode::Format format = decode::Format::Parquet; ///< see `isTableFormat`
    /// Structs become dotted columns.
    bool flatten = true;
    /// Rows before this one are left out.
    RowIndex firstRow;
};

/// The rows of a table file. Batches may differ in their schemas.
/// Threads: one thread at a time.
class TableReader : public columnar::BatchReader
{
public:
    /// How the file itself says that it is whole: "Parquet footer: 8 rows in 1 row group"; nothing
    /// if it does not. Of an Arrow stream without its end mark, nothing.
    [[nodiscard]] virtual std::optional<std::string> endStated() const = 0;
    /// What is not read exactly as it was written, and why.
    [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
};

/// Open a Parquet file, or an Arrow IPC file or stream (Feather v2).
/// Errors: SyntaxError if it is damaged or something else; Truncated; Unsupported naming the column
/// and its type; FileNotFound, PermissionDenied, IoError; Cancelled.
[[nodiscard]] Result<std::unique_ptr<TableReader>> openTable(const TableFile &file,
                                                             const CancelToken &cancel);

} // namespace freshet::transfer
