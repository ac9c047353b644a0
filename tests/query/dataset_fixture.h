// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_text.h"
#include "decode/row_decoder.h"
#include "store/library_fixture.h"
#include "store/sample_batches.h"

namespace freshet::test {

/// Datasets made from text or batches, closed and opened again: nothing of them is in memory.
class DatasetFixture : public LibraryFixture
{
public:
    store::DatasetSnapshot fromBatches(const std::vector<columnar::RecordBatch> &batches)
    {
        auto writer = library->create({.name = *library->freeName("data"), .state = "Receiving"});
        if (!writer)
            qFatal("%s", writer.error().toString().c_str());
        id = (*writer)->dataset()->id();
        for (const columnar::RecordBatch &batch : batches)
            require((*writer)->append(batch));
        require((*writer)->finish(completeState()));
        writer->reset();
        return reopened();
    }

    store::DatasetSnapshot fromNdjson(std::string_view text)
    {
        struct Sink : decode::BatchSink, decode::RejectSink
        {
            Status accept(columnar::RecordBatch batch, ByteOffset) override
            {
                batches.push_back(std::move(batch));
                return {};
            }
            bool reject(decode::RejectedRow) override { return false; }
            std::vector<columnar::RecordBatch> batches;
        } sink;
        columnar::BatchBuilder builder;
        decode::DecodeOptions options;
        options.format = decode::Format::Ndjson;
        auto decoder = decode::makeDecoder(options, {builder, sink, sink});
        require(decoder);
        require((*decoder)->feed(text));
        require((*decoder)->finish());
        return fromBatches(sink.batches);
    }

    /// The dataset made last, with `batches` behind it and without its rows `gone`.
    store::DatasetSnapshot superseded(const std::vector<RowIndex> &gone,
                                      const std::vector<columnar::RecordBatch> &batches = {})
    {
        auto writer = library->append(id);
        require(writer);
        for (const columnar::RecordBatch &batch : batches)
            require((*writer)->append(batch));
        require((*writer)->supersede(gone));
        require((*writer)->finish(completeState()));
        writer->reset();
        return reopened();
    }

    store::DatasetSnapshot reopened()
    {
        reopen();
        const auto dataset = library->dataset(id);
        if (!dataset)
            qFatal("%s", dataset.error().toString().c_str());
        return (*dataset)->snapshot();
    }

    std::string id; ///< of the dataset made last

private:
    template <typename T>
    static void require(const T &done)
    {
        if (!done)
            qFatal("%s", done.error().toString().c_str());
    }
};

/// All that a reader brings, as one batch.
inline Result<columnar::RecordBatch> readAll(columnar::BatchReader &reader)
{
    std::vector<columnar::RecordBatch> batches;
    while (true) {
        auto batch = reader.next();
        if (!batch)
            return fail(std::move(batch).error());
        if (!*batch)
            break;
        batches.push_back(std::move(**batch));
    }
    if (!batches.empty())
        return columnar::concatenate(batches);
    columnar::RecordBatch nothing{.schema = reader.schema(), .rowCount = 0, .columns = {}};
    for (const columnar::Field &field : reader.schema()->fields)
        nothing.columns.push_back(columnar::absentColumn(field.type, 0, columnar::Absence::Null));
    return nothing;
}

/// What is wrong with a batch's layout, or an empty string.
inline QString batchFault(const columnar::RecordBatch &batch)
{
    for (const columnar::Column &column : batch.columns) {
        if (column.length != batch.rowCount)
            return QStringLiteral("columns of different length");
        // Without rows there need be no buffers.
        if (const QString fault = batch.rowCount != 0 ? columnFault(column) : QString();
            !fault.isEmpty())
            return fault;
    }
    return {};
}

} // namespace freshet::test
