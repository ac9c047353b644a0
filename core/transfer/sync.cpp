// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sync.h"

#include "transfer/paged_since.h"
#include "transfer/postgres_planner.h"
#include "transfer/since_planner.h"
#include "transfer/transfer_impl.h"

namespace freshet::transfer {

namespace {

tl::unexpected<Error> wrong(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

/// The token column of rows that came without a since rule, or from elsewhere.
Result<TokenTrack> trackIn(const store::DatasetSnapshot &snapshot, const std::string &name)
{
    TokenTrack track;
    const auto column = snapshot.schema()->indexOf(name);
    if (!column)
        return wrong("since: the dataset has no column \"" + name + '"');
    for (std::int64_t batch = 0; batch < snapshot.batchCount(); ++batch) {
        const auto values = snapshot.scannedColumn(batch, *column);
        if (!values)
            return fail(values.error());
        track.note(*values);
    }
    return track;
}

Status checkKey(const SinceRule &rule, const store::DatasetSnapshot &snapshot)
{
    for (const std::string &name : rule.key) {
        if (snapshot.rowCount().value() > 0 && !snapshot.schema()->indexOf(name))
            return wrong("key: the dataset has no column \"" + name + '"');
    }
    return {};
}

bool isPostgres(const DownloadRequest &request)
{
    return transport::isPostgresUrl(request.bytes.url);
}

/// The key of the row that is the last in the key's order, wherever it lies.
/// Errors: InvalidArgument where only the database knows that order.
Result<std::vector<std::string>> lastKey(const store::DatasetSnapshot &snapshot,
                                         const std::vector<std::string> &key)
{
    if (snapshot.rowCount().value() == 0)
        return std::vector<std::string>();
    const auto index = snapshot.schema()->indexOf(key.front());
    if (!index)
        return wrong("key: the dataset has no column \"" + key.front() + '"');
    const auto &type = snapshot.schema()->fields[static_cast<std::size_t>(*index)].type;
    if (key.size() > 1 || type.isText() || type.kind == columnar::TypeKind::Bool)
        return wrong("the rows that are here did not come in the order of this key, and only a "
                     "single column of numbers, dates or times tells which of them is the last");
    const auto track = trackIn(snapshot, key.front());
    if (!track)
        return fail(track.error());
    if (!track->watermark())
        return wrong("key: \"" + key.front() + "\" has no value in the rows that are here");
    return std::vector<std::string>{*track->watermark()};
}

Result<DownloadRequest> requestFor(const store::DatasetRecord &record, const SyncChange &change,
                                   const RequestSecrets &secrets)
{
    auto kept = DownloadRequest::fromJson(record.request);
    if (!kept)
        return kept;
    const std::optional<SinceRule> keptRule = kept->since;
    DownloadRequest request = change.source ? *change.source : std::move(*kept);
    if (isPostgres(request)) {
        if (!change.key.empty())
            request.bytes.postgres.range.columns = change.key;
        if (request.bytes.postgres.range.columns.empty())
            return wrong("nothing says how to ask for what is new: give the unique key of the "
                         "query's rows");
    } else {
        request.since = change.since ? change.since : request.since ? request.since : keptRule;
    }
    request.name = record.name;
    request.limit.reset();
    FRESHET_TRY(giveSecretsBack(request, secrets));
    FRESHET_TRY(request.validate());
    if (request.files)
        return wrong(
            "the rows came from files, which cannot be asked for what is new: say where it "
            "comes from");
    if (!request.since && !isPostgres(request))
        return wrong("nothing says how to ask for what is new: give a since rule");
    return request;
}

/// Whether the kept point is that of the same rule, in which case its tokens go on. What the rule
/// does with known rows may have changed.
bool isOfSameRule(const store::DatasetRecord &record, const DownloadRequest &request)
{
    const auto kept = DownloadRequest::fromJson(record.request);
    if (kept && isPostgres(*kept) && isPostgres(request))
        return kept->bytes.postgres.range.columns == request.bytes.postgres.range.columns;
    if (!kept || kept->files || !kept->since || !request.since ||
        kept->pages.has_value() != request.pages.has_value())
        return false;
    const SinceRule &before = *kept->since;
    const SinceRule &rule = *request.since;
    return before.sendAs == rule.sendAs && before.origin == rule.origin &&
           before.from == rule.from && before.isInclusive == rule.isInclusive;
}

/// A resume point behind all rows, for a planner that has not seen them.
Result<std::string> pointBehind(const store::DatasetRecord &record,
                                const store::DatasetSnapshot &snapshot,
                                const DownloadRequest &request)
{
    ResumePoint point;
    // What the numbers have been decides how columns widen.
    if (const auto kept = ResumePoint::fromJson(record.resumePoint))
        point.border.numberMemory = kept->border.numberMemory;
    point.row = RowIndex() + snapshot.rowCount();
    point.rejects = record.rejected.value();
    point.format = request.decode.format;
    if (isPostgres(request)) {
        auto last = lastKey(snapshot, request.bytes.postgres.range.columns);
        if (!last)
            return fail(std::move(last).error());
        PostgresPlanner planner(request, 0);
        planner.startBehind(std::move(*last), snapshot.rowCount());
        point.planned = planPointOf(planner);
        return point.toJson();
    }
    TokenTrack track;
    if (request.since->origin == SinceRule::Origin::Column && snapshot.rowCount().value() > 0) {
        auto found = trackIn(snapshot, request.since->from);
        if (!found)
            return fail(std::move(found).error());
        track = std::move(*found);
    }
    const auto planBehind = [&track](auto planner) {
        planner.startBehind(track);
        return planPointOf(planner);
    };
    point.planned =
        request.pages
            ? planBehind(PagedSincePlanner(request.bytes, *request.since, *request.pages, {}))
            : planBehind(SincePlanner(request.bytes, *request.since, request.retry, 0));
    return point.toJson();
}

bool isPlanned(const store::DatasetRecord &record)
{
    const auto point = ResumePoint::fromJson(record.resumePoint);
    return point && point->planned;
}

store::RunStart runFor(const SyncChange &change, const DownloadRequest &request)
{
    store::RunStart run{.kind = "sync"};
    if (change.source)
        run.source = transport::withoutSecrets(request.bytes.url);
    if (change.source || change.since || !change.key.empty())
        run.request = request.toJson();
    return run;
}

} // namespace

Result<std::unique_ptr<Transfer>> Transfer::sync(std::shared_ptr<store::Library> library,
                                                 const std::string &idOrName,
                                                 const SyncChange &change,
                                                 const RequestSecrets &secrets, Options options)
{
    const auto found = library->find(idOrName);
    if (!found)
        return fail(found.error());
    const auto snapshot = library->everyRow(found->id);
    if (!snapshot)
        return fail(snapshot.error());
    // Read again: opening it may have put right what a crash left.
    auto record = library->find(found->id);
    if (!record)
        return fail(record.error());
    auto request = requestFor(*record, change, secrets);
    if (!request)
        return fail(std::move(request).error());
    if (request->since)
        FRESHET_TRY(checkKey(*request->since, *snapshot));
    if (!isPlanned(*record) || !isOfSameRule(*record, *request)) {
        if (isResumable(*record) && !change.source)
            return wrong('"' + record->name + "\" is not complete: resume it first");
        auto point = pointBehind(*record, *snapshot, *request);
        if (!point)
            return fail(std::move(point).error());
        record->resumePoint = std::move(*point);
    }
    // Where the rows were the first time they are again.
    if (!change.source && request->decode.rowsAt.empty() && record->facts.contains("rowsAt"))
        request->decode.rowsAt = record->facts.at("rowsAt");
    auto planner = plannerFor(*request, options);
    if (!planner)
        return fail(std::move(planner).error());
    const store::RunStart run = runFor(change, *request);
    return Impl::goOn(std::move(library), *record, run, std::move(*request), std::move(*planner),
                      std::move(options));
}

} // namespace freshet::transfer
