// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/duckdb_handles.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace freshet::query {

/// An in-memory DuckDB that sees nothing of this machine but what it is given: no files except the
/// allowed ones, no network, no extensions fetched or loaded, its settings locked, UTC as time
/// zone.
///
/// Threads: thread-safe. Lifetime: connections keep their database alive.
class Database
{
public:
    struct Options
    {
        int threads = 2;
        ByteCount memoryLimit;
        /// For spilling; empty: none.
        std::filesystem::path temporaryFolder;
        /// A file that may be read and written; empty: none.
        std::filesystem::path allowedFile;
    };

    [[nodiscard]] static Result<std::shared_ptr<Database>> open(const Options &options);
    [[nodiscard]] Result<ConnectionHandle> connect() const;

private:
    Database() = default;

    DatabaseHandle m_database;
};

/// Run a statement of our own for its effect.
[[nodiscard]] Status run(duckdb_connection connection, const std::string &sql);

/// The Error for DuckDB's `text`: failures of the disk by their own codes, else SqlError.
[[nodiscard]] Error duckdbError(const char *text);

/// `text` as an SQL string literal.
[[nodiscard]] std::string quotedText(std::string_view text);

} // namespace freshet::query
