// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_copy.h"

#include "columnar/value_text.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace freshet::ui {

namespace {

using columnar::Absence;
using columnar::Column;

// Cells whose text is held at a time; each run of a column is read once for so many.
constexpr std::int64_t kCellsAtATime = 65'536;

/// Writes rows in one format. A cell's text is "" where there is none.
class CopyWriter
{
public:
    CopyWriter(const GridSource &source, const CellBlocks &blocks, const CopyOptions &options)
        : m_source(source),
          m_columns(blocks.columns),
          m_options(options),
          m_isSingle(blocks.cellCount() == 1)
    {
        if (m_options.format == CopyFormat::Json) {
            m_text += '[';
            for (const int column : m_columns) {
                m_names.emplace_back();
                columnar::appendJsonString(m_names.back(), nameOf(column));
            }
        } else if (m_options.withHeader) {
            for (std::size_t i = 0; i < m_columns.size(); ++i) {
                if (i > 0)
                    m_text += delimiter();
                appendField(nameOf(m_columns[i]));
            }
            m_isFirstRow = false;
        }
    }

    [[nodiscard]] std::string cellText(const Column &column, std::int64_t row) const
    {
        std::string text;
        const Absence absence = column.absence(row);
        if (m_options.format == CopyFormat::Json) {
            if (absence != Absence::Missing)
                columnar::appendJson(text, column, row);
        } else if (absence == Absence::Present) {
            columnar::appendText(text, column, row);
            if (text.empty() && m_options.format == CopyFormat::Csv)
                return "\"\"";
            if (!m_isSingle || m_options.format == CopyFormat::Csv)
                return quoted(std::move(text));
        }
        return text;
    }

    /// `cells` holds one text for each of `blocks.columns`.
    void appendRow(const std::vector<std::string> &cells)
    {
        if (m_options.format == CopyFormat::Json) {
            appendObject(cells);
            return;
        }
        if (!std::exchange(m_isFirstRow, false))
            m_text += '\n';
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0)
                m_text += delimiter();
            m_text += cells[i];
        }
    }

    [[nodiscard]] bool isTooLong() const
    {
        return static_cast<std::int64_t>(m_text.size()) > m_options.maxBytes.value();
    }
    [[nodiscard]] std::string finish()
    {
        if (m_options.format == CopyFormat::Json)
            m_text += m_isFirstRow ? "]" : "\n]";
        return std::move(m_text);
    }

private:
    [[nodiscard]] const std::string &nameOf(int column) const
    {
        return m_source.schema()->fields[static_cast<std::size_t>(column)].name;
    }
    [[nodiscard]] char delimiter() const
    {
        return m_options.format == CopyFormat::Tsv ? '\t' : ',';
    }
    [[nodiscard]] std::string quoted(std::string text) const
    {
        const char special[] = {delimiter(), '"', '\n', '\r', '\0'};
        if (text.find_first_of(special) == std::string::npos)
            return text;
        std::string result = "\"";
        for (const char character : text) {
            if (character == '"')
                result += '"';
            result += character;
        }
        result += '"';
        return result;
    }
    void appendField(const std::string &text) { m_text += quoted(text); }
    void appendObject(const std::vector<std::string> &cells)
    {
        m_text += std::exchange(m_isFirstRow, false) ? "\n{" : ",\n{";
        bool isFirst = true;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i].empty())
                continue;
            if (!std::exchange(isFirst, false))
                m_text += ',';
            m_text += m_names[i];
            m_text += ':';
            m_text += cells[i];
        }
        m_text += '}';
    }

    const GridSource &m_source;
    const std::vector<int> &m_columns;
    const CopyOptions &m_options;
    const bool m_isSingle;
    std::vector<std::string> m_names;
    std::string m_text;
    bool m_isFirstRow = true;
};

// The texts of `rows` in `column`, written to place `at` of each row.
Status readColumn(const GridSource &source, RowRange rows, int column, std::size_t at,
                  const CopyWriter &writer, std::vector<std::vector<std::string>> &texts)
{
    RowIndex row = rows.first;
    while (row < rows.end) {
        const Result<CellRun> run = source.load(row, column);
        if (!run)
            return fail(run.error());
        const RowIndex end = std::min(rows.end, run->rows().end);
        for (; row < end; row += RowCount(1)) {
            texts[(row - rows.first).asSize()][at] =
                writer.cellText(run->column, (row - run->first).value());
        }
    }
    return {};
}

} // namespace

Result<std::string> copyText(const GridSource &source, const CellBlocks &blocks,
                             const CopyOptions &options, const CancelToken &cancel)
{
    CopyWriter writer(source, blocks, options);
    const std::int64_t width = std::max<std::int64_t>(1, std::ssize(blocks.columns));
    const RowCount step(std::max<std::int64_t>(1, kCellsAtATime / width));
    for (const CellBlock &block : blocks.blocks) {
        for (RowIndex first = block.rows.first; first < block.rows.end; first += step) {
            const RowRange rows{first, std::min(first + step, block.rows.end)};
            std::vector<std::vector<std::string>> texts(
                rows.count().asSize(), std::vector<std::string>(blocks.columns.size()));
            for (const int column : block.columns) {
                if (cancel.isCancelled())
                    return fail(ErrorCode::Cancelled, "copying was cancelled");
                const auto at = std::find(blocks.columns.begin(), blocks.columns.end(), column) -
                                blocks.columns.begin();
                FRESHET_TRY(
                    readColumn(source, rows, column, static_cast<std::size_t>(at), writer, texts));
            }
            for (const std::vector<std::string> &row : texts) {
                writer.appendRow(row);
                if (writer.isTooLong())
                    return fail(ErrorCode::LimitReached, "the selection's text is too long");
            }
        }
    }
    return writer.finish();
}

} // namespace freshet::ui
