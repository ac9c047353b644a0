// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sync.h"

#include "transfer/paged_since.h"
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

Result<DownloadRequest> requestFor(const store::DatasetRecord &record, const SyncChange &change,
                                   const RequestSecrets &secrets)
{
    auto kept = DownloadRequest::fromJson(record.request);
    if (!kept)
        return kept;
    const std::optional<SinceRule> keptRule = kept->since;
    DownloadRequest request = change.source ? *change.source : std::move(*kept);
    request.since = change.since ? change.since : request.since ? request.since : keptRule;
    request.name = record.name;
    request.limit.reset();
    FRESHET_TRY(giveSecretsBack(request, secrets));
    FRESHET_TRY(request.validate());
    if (!request.since)
        return wrong("nothing says how to ask for what is new: give a since rule");
    return request;
}

/// Whether the kept point is that of the same rule, in which case its tokens go on. What the rule
/// does with known rows may have changed.
bool isOfSameRule(const store::DatasetRecord &record, const SinceRule &rule, bool isPaged)
{
    const auto kept = DownloadRequest::fromJson(record.request);
    if (!kept || !kept->since || kept->pages.has_value() != isPaged)
        return false;
    const SinceRule &before = *kept->since;
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
    TokenTrack track;
    if (request.since->origin == SinceRule::Origin::Column && snapshot.rowCount().value() > 0) {
        auto found = trackIn(snapshot, request.since->from);
        if (!found)
            return fail(std::move(found).error());
        track = std::move(*found);
    }
    point.row = RowIndex() + snapshot.rowCount();
    point.rejects = record.rejected.value();
    point.format = request.decode.format;
    const auto planBehind = [&track](auto planner) {
        planner.startBehind(track);
        return PlanPoint{planner.state(), planner.plan()};
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
    if (change.source || change.since)
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
    FRESHET_TRY(checkKey(*request->since, *snapshot));
    if (!isPlanned(*record) ||
        !isOfSameRule(*record, *request->since, request->pages.has_value())) {
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
