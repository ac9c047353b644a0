// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/schema.h"

#include "arrow_ipc_generated.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace freshet::store {

/// How the values of a column lie in an Arrow file, which may be narrower or wider than the Column
/// that they become.
struct ArrowStorage
{
    enum class Kind : std::uint8_t {
        Null,
        Bool,
        Int,
        Float,
        Decimal,
        Date,
        Time,
        Timestamp,
        VariableBytes, ///< text or binary behind 32- or 64-bit offsets
        FixedBytes,    ///< binary, `bitWidth` / 8 bytes each
    };

    Kind kind = Kind::Null;
    bool isSigned = true;
    int bitWidth = 0; ///< of one value; of one offset for VariableBytes
    /// Time and Timestamp only: 1, 1'000, 1'000'000 or 1'000'000'000.
    std::int64_t unitsPerSecond = 0;
    /// Decimal only, equal to the logical type's.
    int scale = 0;

    bool operator==(const ArrowStorage &) const = default;

    /// Buffers in the body of a record batch: validity, then offsets, then values.
    [[nodiscard]] int bufferCount() const;
};

/// The storage that Freshet writes for a logical type; reading it back needs no conversion.
[[nodiscard]] ArrowStorage nativeStorage(columnar::LogicalType type);

/// The schema of an Arrow file as both sides see it.
struct ArrowSchema
{
    columnar::SchemaPtr schema;
    std::vector<ArrowStorage> storage;
    /// Of each column, which of the batch's buffers is its first.
    std::vector<int> firstBuffer;
    int bufferCount = 0;
};

/// Write `schema` into `builder`. The exact logical type goes along as field metadata under
/// "freshet.type", json columns are marked as the extension type `arrow.json`.
[[nodiscard]] flatbuffers::Offset<ipc::Schema> writeSchema(flatbuffers::FlatBufferBuilder &builder,
                                                           const columnar::Schema &schema);

/// Translate a verified schema. Names that occur twice get a number behind them.
/// Errors: Unsupported naming the column and its type: nested, dictionary-encoded, view, interval
/// and duration types, 256-bit decimals, big-endian files.
[[nodiscard]] Result<ArrowSchema> readSchema(const ipc::Schema *schema, std::string_view path);

} // namespace freshet::store
