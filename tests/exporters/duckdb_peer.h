// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <duckdb.h>

#include <string>
#include <vector>

namespace freshet::test {

/// A DuckDB of its own, through the C API directly: the other program that reads our files back.
class DuckdbPeer
{
public:
    DuckdbPeer()
    {
        duckdb_open(nullptr, &m_database);
        duckdb_connect(m_database, &m_connection);
    }
    ~DuckdbPeer()
    {
        duckdb_disconnect(&m_connection);
        duckdb_close(&m_database);
    }
    DuckdbPeer(const DuckdbPeer &) = delete;
    DuckdbPeer &operator=(const DuckdbPeer &) = delete;

    /// Run `sql`, whose columns are all VARCHAR. Output: columns of texts, "‹null›" for null; one
    /// column with the error if it failed.
    std::vector<std::vector<std::string>> texts(const std::string &sql)
    {
        std::vector<std::vector<std::string>> columns;
        duckdb_result result;
        if (duckdb_query(m_connection, sql.c_str(), &result) != DuckDBSuccess) {
            columns = {{std::string("error: ") + duckdb_result_error(&result)}};
        } else {
            columns.resize(duckdb_column_count(&result));
            while (duckdb_data_chunk chunk = duckdb_fetch_chunk(result)) {
                for (idx_t i = 0; i < columns.size(); ++i)
                    append(columns[i], duckdb_data_chunk_get_vector(chunk, i),
                           duckdb_data_chunk_get_size(chunk));
                duckdb_destroy_data_chunk(&chunk);
            }
        }
        duckdb_destroy_result(&result);
        return columns;
    }
    /// The first value, of a column of VARCHAR.
    std::string text(const std::string &sql)
    {
        const auto columns = texts(sql);
        return columns.empty() || columns[0].empty() ? std::string() : columns[0][0];
    }

private:
    static void append(std::vector<std::string> &texts, duckdb_vector vector, idx_t rows)
    {
        auto *values = static_cast<duckdb_string_t *>(duckdb_vector_get_data(vector));
        std::uint64_t *valid = duckdb_vector_get_validity(vector);
        for (idx_t row = 0; row < rows; ++row) {
            if (valid != nullptr && !duckdb_validity_row_is_valid(valid, row))
                texts.emplace_back("‹null›");
            else
                texts.emplace_back(duckdb_string_t_data(&values[row]),
                                   duckdb_string_t_length(values[row]));
        }
    }

    duckdb_database m_database = nullptr;
    duckdb_connection m_connection = nullptr;
};

} // namespace freshet::test
