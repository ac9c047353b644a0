// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/export_file.h"

#include "base/file.h"
#include "columnar/batch_builder.h"
#include "decode/row_decoder.h"
#include "demo/body_stream.h"
#include "query/parquet_writer.h"
#include "store/library.h"

#include <functional>
#include <utility>

namespace freshet::demo {

namespace {

/// The body of an answer with these rows, block by block.
Status forEachBlock(BodyFormat format, const ExportRows &rows, std::string_view coding,
                    const CancelToken &cancel, const std::function<Status(std::string_view)> &take)
{
    auto stream = BodyStream::create({.format = format,
                                      .rows = rows.end,
                                      .first = rows.first,
                                      .seed = rows.seed,
                                      .coding = coding});
    if (!stream)
        return fail(std::move(stream).error());
    std::string block;
    for (auto step = BodyStream::Step::More; step == BodyStream::Step::More;) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        block.clear();
        const auto next = stream->next(block);
        if (!next)
            return fail(next.error());
        step = *next;
        FRESHET_TRY(take(block));
    }
    return {};
}

Status writeText(BodyFormat format, std::string_view coding, const ExportRows &rows,
                 const std::filesystem::path &target, const CancelToken &cancel)
{
    auto file = File::open(target, File::Mode::Truncate);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(forEachBlock(format, rows, coding, cancel,
                             [&](std::string_view block) { return file->write(block); }));
    return file->close();
}

/// Puts decoded rows into a dataset.
class RowsToDataset final : public decode::BatchSink, public decode::RejectSink
{
public:
    explicit RowsToDataset(store::DatasetWriter &writer) : m_writer(writer) {}
    Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        return m_writer.append(std::move(batch));
    }
    bool reject(decode::RejectedRow) override { return false; }

private:
    store::DatasetWriter &m_writer;
};

/// A Parquet file has one schema: the rows go through a dataset, which knows the one of all.
Status writeParquetFile(const ExportRows &rows, const std::filesystem::path &target,
                        const CancelToken &cancel)
{
    const std::filesystem::path folder = target.string() + ".rows";
    auto library = store::Library::open(folder);
    if (!library)
        return fail(std::move(library).error());
    auto writer = (*library)->create({.name = "rows"});
    if (!writer)
        return fail(std::move(writer).error());
    columnar::BatchBuilder builder{Limits()};
    RowsToDataset sink(**writer);
    auto decoder = decode::makeDecoder({.format = decode::Format::Ndjson}, {builder, sink, sink});
    if (!decoder)
        return fail(std::move(decoder).error());
    FRESHET_TRY(forEachBlock(BodyFormat::Ndjson, rows, {}, cancel,
                             [&](std::string_view block) { return (*decoder)->feed(block); }));
    FRESHET_TRY((*decoder)->finish());
    FRESHET_TRY((*writer)->finish({}));
    const auto scan = (*writer)->dataset()->snapshot().scan();
    FRESHET_TRY(query::writeParquet(*scan, target, {}, cancel));
    std::error_code ignored; // it lies in a temporary folder
    std::filesystem::remove_all(folder, ignored);
    return {};
}

} // namespace

std::string_view exportKindName(ExportKind kind)
{
    switch (kind) {
    case ExportKind::Csv:
        return "csv";
    case ExportKind::NdjsonGzip:
        return "ndjson.gz";
    case ExportKind::Parquet:
        return "parquet";
    }
    return "csv";
}

std::optional<ExportKind> exportKindByName(std::string_view name)
{
    for (const auto kind : {ExportKind::Csv, ExportKind::NdjsonGzip, ExportKind::Parquet}) {
        if (exportKindName(kind) == name)
            return kind;
    }
    return std::nullopt;
}

const char *exportContentType(ExportKind kind)
{
    switch (kind) {
    case ExportKind::Csv:
        return "text/csv";
    case ExportKind::NdjsonGzip:
        return "application/gzip";
    case ExportKind::Parquet:
        return "application/vnd.apache.parquet";
    }
    return "application/octet-stream";
}

Status writeExportFile(ExportKind kind, const ExportRows &rows, const std::filesystem::path &target,
                       const CancelToken &cancel)
{
    switch (kind) {
    case ExportKind::Csv:
        return writeText(BodyFormat::Csv, {}, rows, target, cancel);
    case ExportKind::NdjsonGzip:
        return writeText(BodyFormat::Ndjson, "gzip", rows, target, cancel);
    case ExportKind::Parquet:
        return writeParquetFile(rows, target, cancel);
    }
    return {};
}

} // namespace freshet::demo
