// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/standard_output.h"

#include "columnar/value_text.h"

#include <cerrno>
#include <cstdio>
#include <vector>

namespace freshet::cli {

namespace {

constexpr std::size_t kChunk = 256 << 10;

std::vector<std::string> quotedNames(const columnar::Schema &schema)
{
    std::vector<std::string> names;
    for (const auto &field : schema.fields) {
        std::string name;
        columnar::appendJsonString(name, field.name);
        names.push_back(std::move(name) + ':');
    }
    return names;
}

void appendRow(std::string &text, const columnar::RecordBatch &batch, std::int64_t row,
               const std::vector<std::string> &names)
{
    text += '{';
    bool isFirst = true;
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        const auto &column = batch.columns[i];
        if (column.absence(row) == columnar::Absence::Missing)
            continue;
        if (!isFirst)
            text += ',';
        isFirst = false;
        text += names[i];
        columnar::appendJson(text, column, row);
    }
    text += "}\n";
}

} // namespace

Status writeOutput(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        return fail(systemError(errno, "standard output"));
    return {};
}

Status flushOutput()
{
    if (std::fflush(stdout) != 0)
        return fail(systemError(errno, "standard output"));
    return {};
}

Status writeNdjson(const columnar::RecordBatch &batch)
{
    const auto names = quotedNames(*batch.schema);
    std::string text;
    for (std::int64_t row = 0; row < batch.rowCount; ++row) {
        appendRow(text, batch, row, names);
        if (text.size() >= kChunk) {
            FRESHET_TRY(writeOutput(text));
            text.clear();
        }
    }
    return writeOutput(text);
}

} // namespace freshet::cli
