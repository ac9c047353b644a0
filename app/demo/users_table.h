// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::demo {

/// A table of made-up users. Row `index` depends on the seed and the index alone, so every answer
/// of the demo server, in any format and from any row on, is a view of the same table.
///
/// Shape of a row as JSON (≈ 490 bytes): id (beyond 2^53), name, email, balance (exactly two
/// decimals), active, created_at, country, address {street, city, zip with leading zeros}, tags [],
/// nickname (null for one in four), note (free text with quotes, commas, line ends and letters
/// beyond ASCII). Threads: thread-safe, immutable.
class UsersTable
{
public:
    explicit UsersTable(std::uint64_t seed) : m_seed(seed) {}

    /// Append the row as a JSON object, without a line end.
    void appendJson(std::string &out, std::int64_t index) const;
    /// Append the row as a CSV record that ends in a line end; nested members as dotted columns.
    void appendCsv(std::string &out, std::int64_t index) const;
    static void appendCsvHeader(std::string &out);
    /// Append the row as a map. The balance is a float64, the nearest to its two decimals.
    void appendMsgPack(std::string &out, std::int64_t index) const;
    /// Append the row as a map. The balance is a decimal fraction.
    void appendCbor(std::string &out, std::int64_t index) const;
    /// Append the row as a users.User (see resources/demo.proto).
    void appendProto(std::string &out, std::int64_t index) const;
    [[nodiscard]] std::string_view country(std::int64_t index) const;
    /// The first row whose id is larger than `id`.
    [[nodiscard]] static std::int64_t indexBehind(std::int64_t id);

private:
    struct Row;
    [[nodiscard]] Row row(std::int64_t index) const;
    template <typename Writer>
    void write(Writer writer, std::int64_t index) const;

    std::uint64_t m_seed;
};

} // namespace freshet::demo
