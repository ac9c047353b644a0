// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <duckdb.h>

#include <cstdio>
#include <string>

namespace freshet::bench {

/// A DuckDB that benchmarks compare with.
class DuckdbSession
{
public:
    DuckdbSession()
    {
        duckdb_open(nullptr, &m_database);
        duckdb_connect(m_database, &m_connection);
    }
    ~DuckdbSession()
    {
        duckdb_disconnect(&m_connection);
        duckdb_close(&m_database);
    }
    DuckdbSession(const DuckdbSession &) = delete;
    DuckdbSession &operator=(const DuckdbSession &) = delete;

    /// Run a statement; prints the error and gives false if it fails.
    bool run(const std::string &sql)
    {
        duckdb_result result;
        const bool succeeded = duckdb_query(m_connection, sql.c_str(), &result) == DuckDBSuccess;
        if (!succeeded)
            std::printf("DuckDB: %s\n", duckdb_result_error(&result));
        duckdb_destroy_result(&result);
        return succeeded;
    }

private:
    duckdb_database m_database = nullptr;
    duckdb_connection m_connection = nullptr;
};

} // namespace freshet::bench
