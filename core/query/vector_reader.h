// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <duckdb.h>

#include <string>

namespace freshet::query {

/// Collects DuckDB vectors of one result column into a Column.
/// Threads: one thread at a time.
class VectorReader
{
public:
    /// `type` is one that `fromDuckdb` gives for the vectors' type, times in any form.
    VectorReader(std::string name, columnar::LogicalType type);

    /// Bytes of text in row `row`; 0 for other kinds.
    [[nodiscard]] static std::size_t textBytes(duckdb_vector vector, idx_t row);
    [[nodiscard]] columnar::LogicalType type() const { return m_type; }
    [[nodiscard]] std::size_t textBytes() const { return m_values.size(); }

    /// Append rows [first, end) of a flat vector. `vectorType` is its DuckDB type.
    /// Errors: SqlError if a value has no exact counterpart (a HUGEINT past 38 digits, an infinite
    /// date); the text says how to ask for it instead.
    [[nodiscard]] Status append(duckdb_vector vector, duckdb_type vectorType, idx_t first,
                                idx_t end);
    /// What was collected; the reader is empty afterwards.
    [[nodiscard]] columnar::Column finish();

private:
    void appendValidity(duckdb_vector vector, idx_t first, idx_t end);
    void appendBools(const bool *values, idx_t first, idx_t end);
    void appendTexts(const duckdb_string_t *values, const std::uint64_t *valid, idx_t first,
                     idx_t end);
    [[nodiscard]] Status refuse(const char *what) const;
    template <typename From, typename To, typename Convert>
    void appendConverted(const void *values, idx_t first, idx_t end, Convert convert);
    template <typename Value>
    [[nodiscard]] bool anyPresent(const void *values, const std::uint64_t *valid, idx_t first,
                                  idx_t end, bool (*test)(const Value &)) const;

    std::string m_name;
    columnar::LogicalType m_type;
    std::int64_t m_length = 0;
    std::int64_t m_nullCount = 0;
    columnar::MutableBuffer m_validity;
    columnar::MutableBuffer m_offsets;
    columnar::MutableBuffer m_values;
};

} // namespace freshet::query
