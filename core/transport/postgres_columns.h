// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// How the binary values of a column are read. Types that are not here come as text.
enum class PostgresType : std::uint8_t {
    Bytes, ///< nothing is known of it: kept as it came
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Text, ///< also names, enums, and whatever the server was asked to write as text
    Bytea,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    Json, ///< also arrays and composites, which the server was asked to write as JSON
    Jsonb,
};

struct PostgresColumn
{
    std::string name;
    PostgresType type = PostgresType::Bytes;
    std::int32_t modifier = -1; ///< as in pg_attribute.atttypmod; -1: none
};

/// Source: PostgreSQL 15, COPY, "Binary Format".
inline constexpr std::string_view kCopySignature("PGCOPY\n\377\r\n\0", 11);
/// Signature, flags and length of the extension area.
inline constexpr std::size_t kCopyHeaderBytes = 19;

/// The header of a binary COPY stream that says in its extension area what its columns are, so that
/// the stream tells how it is to be read. Other readers pass over the extension.
[[nodiscard]] std::string copyHeader(const std::vector<PostgresColumn> &columns);
/// The columns that the extension area of a header names; nothing if it does not name any.
/// Errors: SyntaxError if it does, and is damaged.
[[nodiscard]] Result<std::optional<std::vector<PostgresColumn>>>
columnsIn(std::string_view extension);

} // namespace freshet::transport
