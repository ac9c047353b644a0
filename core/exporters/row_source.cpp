// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/row_source.h"

#include "exporters/filtered_rows.h"
#include "query/query_engine.h"

#include <algorithm>
#include <numeric>

namespace freshet::exporters {

using columnar::BatchReader;

namespace {

Result<std::vector<int>> chosenColumns(const columnar::Schema &schema,
                                       const std::vector<std::string> &names)
{
    std::vector<int> columns;
    for (const std::string &name : names) {
        const auto index = schema.indexOf(name);
        if (!index) {
            return fail(Error{.code = ErrorCode::InvalidArgument,
                              .detail = "the dataset has no column \"" + name + "\"",
                              .column = name});
        }
        columns.push_back(*index);
    }
    if (names.empty()) {
        columns.resize(schema.fields.size());
        std::iota(columns.begin(), columns.end(), 0);
    }
    return columns;
}

bool holdsNegativeZero(const columnar::Column &column)
{
    // The bits of -0.0; absent rows do not matter, but hold zeros as a rule.
    constexpr std::uint64_t kNegativeZero = 0x8000'0000'0000'0000ULL;
    const auto *bits = column.values.as<std::uint64_t>();
    return std::find(bits, bits + column.length, kNegativeZero) != bits + column.length;
}

} // namespace

Result<std::unique_ptr<BatchReader>> openRows(const store::DatasetSnapshot &snapshot,
                                              const ExportOptions &options,
                                              const CancelToken &cancel)
{
    auto columns = chosenColumns(*snapshot.schema(), options.columns);
    if (!columns)
        return fail(std::move(columns).error());
    if (options.where.empty())
        return snapshot.scan(std::move(*columns));

    const auto engine = query::QueryEngine::open(query::QueryEngine::Options());
    if (!engine)
        return fail(engine.error());
    FRESHET_TRY((*engine)->attach("data", snapshot));
    auto matching = (*engine)->matchingRows("data", options.where, cancel);
    if (!matching)
        return fail(std::move(matching).error());
    return std::make_unique<FilteredRows>(snapshot, std::move(*columns), std::move(*matching));
}

Result<bool> hasNegativeZero(const store::DatasetSnapshot &snapshot, const ExportOptions &options,
                             const CancelToken &cancel)
{
    auto columns = chosenColumns(*snapshot.schema(), options.columns);
    if (!columns)
        return fail(std::move(columns).error());
    std::erase_if(*columns, [&](int column) {
        const auto &field = snapshot.schema()->fields[static_cast<std::size_t>(column)];
        return field.type.kind != columnar::TypeKind::Double;
    });
    if (columns->empty())
        return false;
    const auto reader = snapshot.scan(std::move(*columns));
    while (true) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "the export was cancelled");
        const auto batch = reader->next();
        if (!batch)
            return fail(batch.error());
        if (!*batch)
            return false;
        if (std::ranges::any_of((*batch)->columns, holdsNegativeZero))
            return true;
    }
}

} // namespace freshet::exporters
