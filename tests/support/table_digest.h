// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/digest.h"
#include "columnar/value_text.h"
#include "store/dataset.h"

#include <map>
#include <string>

namespace freshet::test {

/// By the name of each column: its type, and a SHA-256 over its values as JSON in their order. Two
/// tables are equal value for value if theirs are, however many rows they have; the order of the
/// columns does not count, and neither does whether an absent value was null or missing.
using TableDigest = std::map<std::string, std::string>;

[[nodiscard]] inline Result<TableDigest> tableDigest(const store::DatasetSnapshot &snapshot)
{
    struct Running
    {
        std::string type;
        Digest values;
    };
    std::map<std::string, Running> columns;
    for (const auto &field : snapshot.schema()->fields) {
        auto digest = Digest::create(DigestKind::Sha256);
        if (!digest)
            return fail(std::move(digest).error());
        columns.emplace(field.name, Running{std::string(field.type.name()), *std::move(digest)});
    }
    const auto reader = snapshot.scan();
    while (true) {
        auto batch = reader->next();
        if (!batch)
            return fail(std::move(batch).error());
        if (!*batch)
            break;
        for (std::size_t i = 0; i < (*batch)->columns.size(); ++i) {
            std::string text;
            for (std::int64_t row = 0; row < (*batch)->rowCount; ++row) {
                columnar::appendJson(text, (*batch)->columns[i], row);
                text += '\n';
            }
            columns.at((*batch)->schema->fields[i].name).values.append(text);
        }
    }
    TableDigest digest;
    for (auto &[name, column] : columns)
        digest.emplace(name, column.type + ' ' + hexText(column.values.value()));
    return digest;
}

/// What differs, a column a line; empty if nothing does.
[[nodiscard]] inline std::string differences(const TableDigest &table, const TableDigest &expected)
{
    std::string text;
    for (const auto &[name, digest] : expected) {
        const auto own = table.find(name);
        if (own == table.end())
            text += name + " is not there\n";
        else if (own->second != digest)
            text += name + ": " + own->second + " instead of " + digest + '\n';
    }
    for (const auto &[name, digest] : table) {
        if (!expected.contains(name))
            text += name + " is more than expected\n";
    }
    return text;
}

} // namespace freshet::test
