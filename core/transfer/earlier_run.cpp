// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/earlier_run.h"

#include "transfer/row_history.h"

#include <algorithm>
#include <numeric>

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

/// Rows that may come again without being known any more are refused: a table that holds some rows
/// twice would look complete.
constexpr std::int64_t kMostRepeatable = 8'000'000;

/// The hashes of rows [first, end).
Result<std::vector<std::uint64_t>> hashesFrom(const store::DatasetSnapshot &snapshot,
                                              std::int64_t first)
{
    std::vector<std::uint64_t> hashes;
    const std::int64_t end = snapshot.rowCount().value();
    if (end - first > kMostRepeatable)
        return fail(ErrorCode::LimitReached,
                    groupedDigits(end - first) +
                        " rows are here that may come again, too many to tell apart by their "
                        "content; give a key, which takes no memory for them");
    std::vector<int> columns(snapshot.schema()->fields.size());
    std::iota(columns.begin(), columns.end(), 0);
    for (std::int64_t number = first < end ? snapshot.batchOf(RowIndex(first)) : 0;
         first < end && number < snapshot.batchCount(); ++number) {
        const auto batch = snapshot.batch(number, columns);
        if (!batch)
            return fail(batch.error());
        const std::int64_t start = snapshot.extent(number).first.value();
        const auto more = rowHashes(*batch, std::max<std::int64_t>(first - start, 0));
        hashes.insert(hashes.end(), more.begin(), more.end());
    }
    return hashes;
}

/// Of the first rows, as far as the first batch with any goes.
Result<std::vector<std::uint64_t>> firstHashes(const store::DatasetSnapshot &snapshot)
{
    if (snapshot.rowCount() == RowCount())
        return std::vector<std::uint64_t>();
    std::vector<int> columns(snapshot.schema()->fields.size());
    std::iota(columns.begin(), columns.end(), 0);
    const auto batch = snapshot.batch(snapshot.batchOf(RowIndex()), columns);
    if (!batch)
        return fail(batch.error());
    return rowHashes(
        columnar::sliceBatch(*batch, 0, std::min(batch->rowCount, RestartWatch::kRows)));
}

/// Set the planner down where the last run ended, and learn which rows it may bring again.
Status takeUpPlan(LegPlanner &planner, EarlierRows &rows, const store::DatasetSnapshot &snapshot)
{
    std::int64_t first = 0;
    if (rows.point.planned) {
        FRESHET_TRY(planner.restore(rows.point.planned->state));
        planner.doubtHeldRows(rows.point.doubt);
        if (planner.passOver(rows.rows - (rows.point.row - RowIndex())))
            return {};
        first = std::max<std::int64_t>(rows.point.row.value() - planner.borderRows(), 0);
    }
    auto hashes = hashesFrom(snapshot, first);
    if (!hashes)
        return fail(std::move(hashes).error());
    rows.repeatable = std::move(*hashes);
    auto start = firstHashes(snapshot);
    if (!start)
        return fail(std::move(start).error());
    rows.first = std::move(*start);
    rows.every = [snapshot] {
        return hashesFrom(snapshot, 0);
    };
    return {};
}

} // namespace

bool isResumable(const store::DatasetRecord &record)
{
    return verdictByName(record.verdict) == VerdictKind::Incomplete;
}

Status checkResumable(const store::DatasetRecord &record)
{
    if (isResumable(record))
        return {};
    // One whose writer died was given its verdict when the library was opened.
    if (record.verdict.empty())
        return fail(ErrorCode::LibraryBusy, '"' + record.name + "\" is being written");
    return fail(ErrorCode::InvalidArgument,
                '"' + record.name + "\" is " + record.verdict + ": there is nothing to go on with");
}

Result<EarlierRun> readEarlierRun(const store::DatasetRecord &record,
                                  const store::DatasetSnapshot &snapshot,
                                  const decode::DecodeOptions &options, LegPlanner *planner)
{
    EarlierRun run;
    run.rows.rows = snapshot.rowCount();
    run.rows.schema = snapshot.schema();
    if (!record.resumePoint.empty()) {
        auto point = ResumePoint::fromJson(record.resumePoint);
        if (!point)
            return fail(std::move(point).error());
        if (point->row.value() > run.rows.rows.value())
            return fail(ErrorCode::LibraryDamaged,
                        "the resume point lies behind the last row of \"" + record.name + '"');
        if (!point->canEnterMidway() || !givesItsRowsAgain(*point, options))
            point->preamble = {};
        const std::int64_t kept = record.rejected.value();
        run.rows.rejected = std::min(point->rejects.value_or(kept), kept);
        run.rows.rejectsAgain = kept - run.rows.rejected;
        run.rows.point = std::move(*point);
    }
    if (planner != nullptr)
        FRESHET_TRY(takeUpPlan(*planner, run.rows, snapshot));
    return run;
}

} // namespace freshet::transfer
