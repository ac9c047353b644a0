// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "columnar/record_batch.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freshet::query {

struct ParquetReadOptions
{
    /// Structs become dotted columns; else they are JSON, as lists and maps always are.
    bool flatten = true;
    /// Rows before this one are left out.
    RowIndex firstRow;
    int threads = 2;
    ByteCount memoryLimit = ByteCount(512LL << 20);
};

/// The rows of a Parquet file in their order, a row group at a time, in constant memory.
///
/// Types: as `fromDuckdb`; times have a free form (see TimeForm); nanoseconds are microseconds in
/// batches where that loses nothing, else text with nine digits; UUID and interval are text.
/// Source: Parquet format, "Logical types". A batch's schema may differ from the one before in that
/// respect. Errors: SyntaxError for what is no Parquet file or damaged; Truncated if its end is not
/// there; Unsupported for encrypted files, other kinds DuckDB refuses, and INT96 times out of the
/// years 1 to 9999; FileNotFound, PermissionDenied, IoError; Cancelled.
/// Threads: one thread at a time. Lifetime: keeps the file open.
class ParquetReader : public columnar::BatchReader
{
public:
    [[nodiscard]] static Result<std::unique_ptr<ParquetReader>>
    open(const std::filesystem::path &path, const ParquetReadOptions &options,
         const CancelToken &cancel);
    ~ParquetReader() override;

    [[nodiscard]] columnar::SchemaPtr schema() const override;
    [[nodiscard]] Result<std::optional<columnar::RecordBatch>> next() override;
    /// Of the whole file, by its footer.
    [[nodiscard]] std::optional<RowCount> totalRows() const override;
    [[nodiscard]] std::int64_t rowGroups() const;
    /// What cannot be read exactly, and why.
    [[nodiscard]] const std::vector<std::string> &notes() const;

private:
    struct Impl;
    explicit ParquetReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::query
