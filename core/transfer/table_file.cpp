// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/table_file.h"

#include "query/parquet_reader.h"
#include "store/arrow_file.h"
#include "transfer/verdict.h"

#include <algorithm>
#include <array>

namespace freshet::transfer {

namespace {

using columnar::RecordBatch;

class ParquetTable final : public TableReader
{
public:
    explicit ParquetTable(std::unique_ptr<query::ParquetReader> rows) : m_rows(std::move(rows)) {}

    columnar::SchemaPtr schema() const override { return m_rows->schema(); }
    Result<std::optional<RecordBatch>> next() override { return m_rows->next(); }
    std::optional<RowCount> totalRows() const override { return m_rows->totalRows(); }
    std::vector<std::string> notes() const override { return m_rows->notes(); }
    std::optional<std::string> endStated() const override
    {
        return "a Parquet footer with " + counted(m_rows->totalRows()->value(), "row", "rows") +
               " in " + counted(m_rows->rowGroups(), "row group", "row groups");
    }

private:
    std::unique_ptr<query::ParquetReader> m_rows;
};

/// What the store calls a damaged library is somebody's file here.
Error ofFile(Error error)
{
    if (error.code == ErrorCode::LibraryDamaged)
        error.code = ErrorCode::SyntaxError;
    return error;
}

class ArrowTable final : public TableReader
{
public:
    ArrowTable(std::shared_ptr<const store::ArrowFileReader> file, RowIndex firstRow,
               CancelToken cancel)
        : m_file(std::move(file)), m_toLeaveOut(firstRow.value()), m_cancel(std::move(cancel))
    {
        for (const store::ArrowBlock &block : m_file->blocks())
            m_total += block.rows;
    }

    columnar::SchemaPtr schema() const override { return m_file->schema(); }
    std::optional<RowCount> totalRows() const override { return m_total; }
    std::optional<std::string> endStated() const override
    {
        if (!m_file->hasEnd())
            return std::nullopt;
        return "the end of an Arrow file with " + counted(m_total.value(), "row", "rows");
    }

    Result<std::optional<RecordBatch>> next() override
    {
        const auto &blocks = m_file->blocks();
        while (m_block < blocks.size() && m_toLeaveOut >= blocks[m_block].rows.value())
            m_toLeaveOut -= blocks[m_block++].rows.value();
        if (m_block == blocks.size())
            return std::nullopt;
        RecordBatch batch{.schema = m_file->schema(), .rowCount = blocks[m_block].rows.value()};
        for (int column = 0; column < batch.schema->columnCount(); ++column) {
            if (m_cancel.isCancelled())
                return fail(ErrorCode::Cancelled, "reading the Arrow file was cancelled");
            auto values = m_file->column(m_block, column);
            if (!values)
                return fail(ofFile(std::move(values).error()));
            batch.columns.push_back(*std::move(values));
        }
        ++m_block;
        const std::int64_t leftOut = std::exchange(m_toLeaveOut, 0);
        return leftOut == 0 ? batch
                            : columnar::sliceBatch(batch, leftOut, batch.rowCount - leftOut);
    }

private:
    std::shared_ptr<const store::ArrowFileReader> m_file;
    std::int64_t m_toLeaveOut;
    CancelToken m_cancel;
    RowCount m_total;
    std::size_t m_block = 0; ///< the next one
};

/// By its first bytes a file, else a stream of messages.
Result<bool> isArrowFile(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    std::array<char, 6> start{};
    const auto size = file->read(start);
    if (!size)
        return fail(size.error());
    return std::string_view(start.data(), *size) == "ARROW1";
}

} // namespace

Result<std::unique_ptr<TableReader>> openTable(const TableFile &file, const CancelToken &cancel)
{
    if (file.format == decode::Format::Parquet) {
        auto rows = query::ParquetReader::open(
            file.path, {.flatten = file.flatten, .firstRow = file.firstRow}, cancel);
        if (!rows)
            return fail(std::move(rows).error());
        return std::make_unique<ParquetTable>(std::move(*rows));
    }
    if (file.format != decode::Format::Arrow)
        return fail(ErrorCode::InvalidArgument, "no format of table files");
    const auto isFile = isArrowFile(file.path);
    if (!isFile)
        return fail(isFile.error());
    auto reader = *isFile ? store::ArrowFileReader::open(file.path)
                          : store::ArrowFileReader::openStream(file.path);
    if (!reader)
        return fail(ofFile(std::move(reader).error()));
    return std::make_unique<ArrowTable>(std::move(*reader), file.firstRow, cancel);
}

} // namespace freshet::transfer
