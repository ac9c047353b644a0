// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"
#include "decode/json_lexer.h"
#include "transport/postgres_columns.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// Why a value cannot be what its type says.
struct PgFault
{
    ErrorCode code = ErrorCode::SyntaxError;
    const char *at = nullptr;
    const char *reason = "";
    std::string column;
};

/// Reads the fields of a COPY row into typed columns.
///
///   bool             bool                        date                  date
///   int2 int4 int8   int64                       time                  time
///   oid              int64                       timestamp             timestamp
///   float4 float8    double, a float4 by its     timestamptz           timestamp with Z
///                    shortest decimal            timetz, interval      string, as psql writes them
///   numeric          decimal                     uuid, text            string
///   bytea            binary                      json, jsonb           json
///
/// Decimals have the scale of the column, or where it has none the largest that came. What these
/// types cannot hold makes the column text, which keeps the value as psql writes it: numeric beyond
/// 38 digits, NaN and infinity; dates and times beyond the years 1 to 9999, infinity, 24:00:00.
/// json is checked: PostgreSQL is not all that sends COPY streams.
/// Threads: one thread at a time. Lifetime: the builder outlives this.
class PgRow
{
public:
    explicit PgRow(columnar::BatchBuilder &builder) : m_builder(builder) {}

    /// All columns are there from the start; a second one of the same name is called `NAME#2`.
    /// Errors: LimitReached for too many columns.
    [[nodiscard]] Status plan(const std::vector<transport::PostgresColumn> &columns);
    /// `count` columns of bytes called column1 and so on.
    [[nodiscard]] Status planBytes(int count);
    [[nodiscard]] bool isPlanned() const { return m_isPlanned; }
    [[nodiscard]] int columnCount() const { return static_cast<int>(m_columns.size()); }
    void forget();

    /// Read a row whose fields, each behind its length, are all there. It is then open in the
    /// builder; false with a fault if a value is not what it should be: the row is gone then.
    [[nodiscard]] bool read(const char *fields);
    [[nodiscard]] const PgFault &fault() const { return m_fault; }

private:
    struct Column
    {
        transport::PostgresType type;
        columnar::BatchBuilder::ColumnId id;
        columnar::TimeForm form; ///< of times
    };

    [[nodiscard]] bool readValue(const Column &column, std::string_view bytes);
    [[nodiscard]] bool readText(const Column &column, std::string_view bytes);
    [[nodiscard]] bool readJson(const Column &column, std::string_view bytes);
    [[nodiscard]] bool readNumeric(const Column &column, std::string_view bytes);
    void appendDate(const Column &column, std::int32_t days);
    void appendTime(const Column &column, std::int64_t micros);
    void appendTimestamp(const Column &column, std::int64_t micros);
    void appendUuid(const Column &column, const char *bytes);
    void appendText(const Column &column, std::string_view text);
    [[nodiscard]] bool wrongSize(std::string_view bytes);
    [[nodiscard]] bool isUtf8(std::string_view bytes);

    columnar::BatchBuilder &m_builder;
    std::vector<Column> m_columns;
    bool m_isPlanned = false;
    PgFault m_fault;
    JsonLexer m_json{INT32_MAX}; ///< what PostgreSQL nests is no concern of ours
    std::string m_text;
};

} // namespace freshet::decode
