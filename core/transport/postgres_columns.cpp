// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_columns.h"

#include "transport/big_endian.h"

namespace freshet::transport {

namespace {

/// Marks our chunk of the extension area: "FrCo".
constexpr std::uint32_t kChunk = 0x4672436F;
constexpr std::size_t kChunkHeader = 8;  ///< mark and length
constexpr std::size_t kColumnHeader = 9; ///< type, modifier, length of the name

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::SyntaxError, "the header's description of the columns is damaged");
}

} // namespace

std::string copyHeader(const std::vector<PostgresColumn> &columns)
{
    std::string chunk;
    for (const PostgresColumn &column : columns) {
        chunk += static_cast<char>(column.type);
        appendBigEndian32(chunk, static_cast<std::uint32_t>(column.modifier));
        appendBigEndian32(chunk, static_cast<std::uint32_t>(column.name.size()));
        chunk += column.name;
    }
    std::string header(kCopySignature);
    appendBigEndian32(header, 0); // flags
    appendBigEndian32(header, static_cast<std::uint32_t>(kChunkHeader + chunk.size()));
    appendBigEndian32(header, kChunk);
    appendBigEndian32(header, static_cast<std::uint32_t>(chunk.size()));
    return header + chunk;
}

Result<std::optional<std::vector<PostgresColumn>>> columnsIn(std::string_view extension)
{
    // Chunks that others put there are not ours to judge.
    while (extension.size() >= kChunkHeader) {
        const std::uint32_t mark = bigEndian32(extension.data());
        const std::size_t length = bigEndian32(extension.data() + 4);
        extension.remove_prefix(kChunkHeader);
        if (mark != kChunk) {
            extension.remove_prefix(std::min(length, extension.size()));
            continue;
        }
        if (length > extension.size())
            return damaged();
        std::string_view chunk = extension.substr(0, length);
        std::vector<PostgresColumn> columns;
        while (!chunk.empty()) {
            if (chunk.size() < kColumnHeader ||
                static_cast<unsigned char>(chunk[0]) > static_cast<unsigned>(PostgresType::Jsonb))
                return damaged();
            PostgresColumn column;
            column.type = static_cast<PostgresType>(chunk[0]);
            column.modifier = static_cast<std::int32_t>(bigEndian32(chunk.data() + 1));
            const std::size_t name = bigEndian32(chunk.data() + 5);
            chunk.remove_prefix(kColumnHeader);
            if (name > chunk.size())
                return damaged();
            column.name = chunk.substr(0, name);
            chunk.remove_prefix(name);
            columns.push_back(std::move(column));
        }
        return columns;
    }
    return std::nullopt;
}

} // namespace freshet::transport
