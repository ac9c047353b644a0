// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// Keeps what a document says beside its rows, as JSON text by path, within bounds: each text is
/// cut to `kMaxText`, all together to `kMaxTotal`. A container is kept whole rather than by its
/// members, except the ones around the rows, of which the members are kept.
/// Threads: one thread at a time.
class JsonEnvelope
{
public:
    static constexpr std::size_t kMaxText = 64 * 1024;
    static constexpr std::size_t kMaxTotal = 1024 * 1024;

    void clear();
    void addScalar(std::string path, std::string_view text);
    /// A container starts: its text comes through `append`.
    void open(std::string path);
    void append(std::string_view text);
    /// The innermost open container ends; nothing if that one has the rows inside.
    void close();
    /// What is open now has the rows inside.
    void dropOpen();
    [[nodiscard]] bool isOpen() const { return !m_open.empty(); }

    [[nodiscard]] const std::map<std::string, std::string> &members() const { return m_members; }
    /// The text at `path`, or empty.
    [[nodiscard]] std::string_view at(std::string_view path) const;

private:
    struct Open
    {
        std::string path;
        std::string text;
    };
    void keep(std::string path, std::string text);

    std::map<std::string, std::string> m_members;
    std::size_t m_total = 0;
    std::vector<Open> m_open;
};

/// What a document says about itself in the members beside its rows.
///
/// Column names for rows that are arrays or cells, from a list of strings or of objects with a
/// `name`: ClickHouse `meta`, Datasette and Trino `columns`, OpenSearch and BigQuery `schema`,
/// Snowflake `resultSetMetaData` … `rowsPath` is where the rows are.
[[nodiscard]] std::vector<std::string> columnNamesFrom(const JsonEnvelope &envelope,
                                                       std::string_view rowsPath);
/// The sentence of a document that is whole but says that its rows are not (`timed_out`,
/// `truncated`, failed shards, an error beside the rows), in the members of its root or beside the
/// rows at `rowsPath`; nothing if it does not.
[[nodiscard]] std::optional<std::string> problemIn(const JsonEnvelope &envelope,
                                                   std::string_view rowsPath);
/// Whether a document without rows is an error report: it has a member like `error`.
[[nodiscard]] bool isErrorReport(const JsonEnvelope &envelope);
/// Whether a top-level array is one (`[{"message":…,"errorCode":…}]`, and nothing else but
/// `fields`), as Salesforce sends it. `array` is valid JSON.
[[nodiscard]] bool isErrorArray(std::string_view array);

} // namespace freshet::decode
