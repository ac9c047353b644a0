// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/earlier_run.h"

namespace freshet::transfer {

namespace {

/// Counts rows and drops them.
class RowCounter final : public decode::BatchSink, public decode::RejectSink
{
public:
    Status accept(columnar::RecordBatch batch, ByteOffset) override
    {
        rows += RowCount(batch.rowCount);
        return {};
    }
    bool reject(decode::RejectedRow) override { return true; }

    RowCount rows;
};

bool givesItsRowsAgain(const ResumePoint &point, decode::DecodeOptions options)
{
    options.format = point.format;
    options.delimiter = point.delimiter;
    options.quote = point.quote;
    options.hasHeader = point.hasHeader;
    columnar::BatchBuilder builder(options.limits);
    RowCounter counter;
    auto decoder = decode::makeDecoder(options, {builder, counter, counter});
    return decoder && (*decoder)->feed(point.preamble.bytes) && (*decoder)->flush() &&
           counter.rows == point.preamble.rows &&
           (*decoder)->position().asSize() == point.preamble.bytes.size();
}

} // namespace

bool isResumable(const store::DatasetRecord &record)
{
    return verdictByName(record.verdict) == VerdictKind::Incomplete;
}

Result<EarlierRun> readEarlierRun(const store::DatasetRecord &record,
                                  const store::DatasetSnapshot &snapshot,
                                  const decode::DecodeOptions &options)
{
    if (!isResumable(record))
        return fail(ErrorCode::InvalidArgument,
                    '"' + record.name + "\" is " +
                        (record.verdict.empty() ? record.state : record.verdict) +
                        ": there is nothing to go on with");
    EarlierRun run;
    run.rows.rows = snapshot.rowCount();
    run.rows.schema = snapshot.schema();
    run.rejected = record.rejected;
    if (record.resumePoint.empty())
        return run;
    auto point = ResumePoint::fromJson(record.resumePoint);
    if (!point)
        return fail(std::move(point).error());
    if (point->row.value() > run.rows.rows.value())
        return fail(ErrorCode::LibraryDamaged,
                    "the resume point lies behind the last row of \"" + record.name + '"');
    if (!point->canEnterMidway() || !givesItsRowsAgain(*point, options))
        point->preamble = {};
    run.rows.point = std::move(*point);
    return run;
}

} // namespace freshet::transfer
