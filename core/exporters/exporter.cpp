// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/exporter.h"

#include "base/digest.h"
#include "base/file.h"
#include "exporters/file_digest.h"
#include "exporters/manifest.h"
#include "exporters/progress_meter.h"
#include "exporters/row_source.h"
#include "exporters/text_export.h"
#include "exporters/text_format.h"
#include "query/parquet_writer.h"
#include "store/arrow_file.h"

#include <algorithm>
#include <thread>

namespace freshet::exporters {

using columnar::BatchReader;

namespace {

/// One export under way.
struct Export
{
    const store::DatasetSnapshot &snapshot;
    const ExportOptions &options;
    BatchReader &rows;
    AtomicFile &file;
    Digest &digest;
    ProgressMeter &meter;
    const CancelToken &cancel;
    int threads;
};

std::unique_ptr<TextFormat> makeTextFormat(const ExportOptions &options,
                                           const columnar::Schema &schema)
{
    switch (options.format) {
    case ExportFormat::Csv:
        return makeCsvFormat(schema, ',', options.header);
    case ExportFormat::Tsv:
        return makeCsvFormat(schema, '\t', options.header);
    case ExportFormat::Ndjson:
        return makeJsonFormat(schema, false);
    case ExportFormat::JsonArray:
        return makeJsonFormat(schema, true);
    case ExportFormat::Parquet:
    case ExportFormat::Arrow:
        break;
    }
    return nullptr;
}

Status writeText(const Export &work)
{
    const auto format = makeTextFormat(work.options, *work.rows.schema());
    TextExport writer(work.rows, *format, work.options.compression, work.file.file(), work.digest,
                      work.meter, work.cancel);
    return writer.run(work.threads);
}

Status writeParquet(const Export &work)
{
    const auto hasSignedZeros = hasNegativeZero(work.snapshot, work.options, work.cancel);
    if (!hasSignedZeros)
        return fail(hasSignedZeros.error());
    MeteredRows rows(work.rows, work.meter, work.cancel);
    query::ParquetOptions options;
    options.dictionaries = !*hasSignedZeros;
    options.threads = work.threads;
    options.compression = work.options.parquetCompression == "none"
                              ? "uncompressed"
                              : work.options.parquetCompression;
    return query::writeParquet(rows, work.file.partPath(), options, work.cancel);
}

Status writeArrow(const Export &work)
{
    MeteredRows rows(work.rows, work.meter, work.cancel);
    // The writer owns its file; AtomicFile syncs and renames the same one through its own.
    auto part = File::open(work.file.partPath(), File::Mode::Truncate);
    if (!part)
        return fail(std::move(part).error());
    auto writer = store::ArrowFileWriter::create(std::move(*part), rows.schema());
    if (!writer)
        return fail(std::move(writer).error());
    while (true) {
        auto batch = rows.next();
        if (!batch)
            return fail(std::move(batch).error());
        if (!*batch)
            break;
        FRESHET_TRY(writer->append(**batch));
    }
    FRESHET_TRY(writer->finish());
    return writer->file().close();
}

Status writeRows(const Export &work)
{
    switch (work.options.format) {
    case ExportFormat::Parquet:
        FRESHET_TRY(writeParquet(work));
        return digestFile(work.file.file(), work.digest, work.cancel);
    case ExportFormat::Arrow:
        FRESHET_TRY(writeArrow(work));
        return digestFile(work.file.file(), work.digest, work.cancel);
    default:
        return writeText(work);
    }
}

/// Two at least, so that reading overlaps writing; not many, so that memory stays small.
int threadCount()
{
    return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2U, 4U));
}

} // namespace

Result<ExportReport> exportDataset(const store::DatasetSnapshot &snapshot,
                                   const std::filesystem::path &file, const ExportOptions &options,
                                   const CancelToken &cancel,
                                   const std::function<void(const ExportProgress &)> &progress)
{
    FRESHET_TRY(options.validate());
    const auto rows = openRows(snapshot, options, cancel);
    if (!rows)
        return fail(rows.error());
    auto part = AtomicFile::create(file);
    if (!part)
        return fail(std::move(part).error());

    const auto total = options.where.empty() ? std::optional(snapshot.rowCount()) : std::nullopt;
    auto digest = Digest::create(DigestKind::Sha256);
    if (!digest)
        return fail(std::move(digest).error());
    ProgressMeter meter(part->file(), total, progress);
    FRESHET_TRY(writeRows({.snapshot = snapshot,
                           .options = options,
                           .rows = **rows,
                           .file = *part,
                           .digest = *digest,
                           .meter = meter,
                           .cancel = cancel,
                           .threads = threadCount()}));
    const auto bytes = part->file().size();
    if (!bytes)
        return fail(bytes.error());
    // The last moment at which the earlier file can stay.
    if (cancel.isCancelled())
        return fail(ErrorCode::Cancelled, "the export was cancelled");
    FRESHET_TRY(part->commit());
    FRESHET_TRY(removeManifest(file));
    return ExportReport{.file = file,
                        .rows = meter.rows(),
                        .bytes = *bytes,
                        .sha256 = hexText(digest->value()),
                        .schema = (*rows)->schema(),
                        .exported = std::chrono::system_clock::now(),
                        .elapsed = meter.elapsed()};
}

} // namespace freshet::exporters
