// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_shape.h"

#include "decode/failure_report.h"

#include <algorithm>

namespace freshet::decode {

namespace {

/// Whether `column` is the member `name` or, as `name.…`, stands inside it.
bool isOf(std::string_view column, std::string_view name)
{
    return column.starts_with(name) && (column.size() == name.size() || column[name.size()] == '.');
}

bool isAmong(const std::vector<std::string> &members, std::string_view column)
{
    return std::ranges::any_of(members,
                               [&](const std::string &name) { return isOf(column, name); });
}

} // namespace

void RowShape::note(const columnar::RecordBatch &batch)
{
    if (batch.rowCount == 0)
        return;
    const auto &fields = batch.schema->fields;
    const auto isFull = [&](std::size_t column) {
        return batch.columns[column].nullCount == 0;
    };
    if (!m_hasRows) {
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (isFull(i))
                m_steady.push_back(fields[i].name);
    } else {
        std::erase_if(m_steady, [&](const std::string &name) {
            const auto column = batch.schema->indexOf(name);
            return !column || !isFull(static_cast<std::size_t>(*column));
        });
    }
    m_hasRows = true;
}

bool RowShape::isForeign(const FailureObject &report, const std::vector<std::string> &columns) const
{
    if (!m_hasRows && !report.isCertain)
        return false;
    if (!m_steady.empty())
        return !std::ranges::all_of(
            m_steady, [&](const std::string &column) { return isAmong(report.members, column); });
    return std::ranges::none_of(
        columns, [&](const std::string &column) { return isAmong(report.members, column); });
}

} // namespace freshet::decode
