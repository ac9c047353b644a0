// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/transfer.h"

#include "transfer/transfer_impl.h"
#include "transfer/url_login.h"

#include <algorithm>
#include <utility>

namespace freshet::transfer {

namespace {

Result<std::unique_ptr<store::DatasetWriter>> createDataset(store::Library &library,
                                                            const DownloadRequest &request)
{
    auto name = library.freeName(request.name.empty() ? request.suggestedName() : request.name);
    if (!name)
        return fail(std::move(name).error());
    store::DatasetRecord record;
    record.name = std::move(*name);
    record.source = transport::withoutSecrets(request.bytes.url);
    record.request = request.toJson();
    record.state = transferStateName(TransferState::Queued);
    return library.create(record);
}

Result<Leg> firstLeg(const DownloadRequest &request, LegPlanner *planner)
{
    Result<Leg> leg = planner != nullptr ? planner->first() : Leg{.request = request.bytes};
    if (leg)
        leg->request = withAccept(std::move(leg->request), request.decode.format);
    return leg;
}

/// What the last of the dataset's first `count` bad rows are.
Result<std::vector<std::uint64_t>> lastRejectHashes(const store::Library &library,
                                                    const std::string &id, std::int64_t count)
{
    const std::int64_t first = std::max<std::int64_t>(count - RejectLedger::kMaxRemembered, 0);
    const auto rejects = library.rejects(id, count - first, first);
    if (!rejects)
        return fail(rejects.error());
    std::vector<std::uint64_t> hashes;
    for (const auto &reject : *rejects)
        hashes.push_back(RejectLedger::hashOf(reject.rawText));
    return hashes;
}

/// The URL is whole again, or was from the start: in place of `kept`, also among the files.
Status giveUrlBack(DownloadRequest &request, const std::string &kept)
{
    const auto isMasked = [](const std::string &url) {
        return url.find(transport::kMaskedSecret) != std::string::npos;
    };
    if (isMasked(request.bytes.url))
        return fail(ErrorCode::InvalidArgument,
                    "the URL held a secret that is not kept; give the whole URL again");
    if (!request.files)
        return {};
    for (FileSource &source : request.files->sources) {
        if (source.place == kept)
            source.place = request.bytes.url;
        if (isMasked(source.place))
            return fail(ErrorCode::InvalidArgument,
                        source.place + " held a secret that is not kept; get the files anew");
    }
    return {};
}

/// Those of files elsewhere than the first.
Status giveLoginsBack(DownloadRequest &request, const std::vector<UrlLogin> &given)
{
    for (UrlLogin &login : request.logins) {
        const auto found = std::ranges::find(given, login.origin, &UrlLogin::origin);
        if (found != given.end())
            login = *found;
        if (!login.isGiven())
            return fail(ErrorCode::InvalidArgument,
                        "the login for " + login.origin + " is not kept; give it again");
    }
    return {};
}

} // namespace

Status giveSecretsBack(DownloadRequest &request, const RequestSecrets &secrets)
{
    const std::string kept = request.bytes.url;
    if (!secrets.url.empty())
        request.bytes.url = secrets.url;
    FRESHET_TRY(giveUrlBack(request, kept));
    if (secrets.s3)
        request.bytes.s3 = *secrets.s3;
    if (secrets.ssh) {
        // Who it was is kept; how they prove it is not.
        std::string user = std::exchange(request.bytes.ssh, *secrets.ssh).user;
        if (request.bytes.ssh.user.empty())
            request.bytes.ssh.user = std::move(user);
    }
    if (!secrets.databasePassword.empty())
        request.bytes.postgres.password = secrets.databasePassword;
    for (const auto &header : secrets.headers)
        request.bytes.headers.push_back(header);
    liftUrlLogin(request); // from a URL that was given anew
    FRESHET_TRY(giveLoginsBack(request, secrets.logins));
    for (const auto &name : request.missingSecrets) {
        if (!findHeader(request.bytes.headers, name))
            return fail(ErrorCode::InvalidArgument,
                        "the header " + name + " was secret and is not kept; give it again");
    }
    return {};
}

Result<std::unique_ptr<LegPlanner>> plannerFor(const DownloadRequest &request,
                                               const Transfer::Options &options)
{
    return options.makePlanner ? options.makePlanner(request) : makeLegPlanner(request);
}

Transfer::Transfer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Transfer::~Transfer() = default;

Result<std::unique_ptr<Transfer>> Transfer::Impl::begin(std::shared_ptr<store::Library> library,
                                                        Pipeline::Start start)
{
    auto impl = std::make_unique<Impl>();
    impl->library = std::move(library);
    impl->dataset = start.writer->dataset();
    const auto record = impl->library->find(impl->dataset->id());
    if (!record)
        return fail(record.error());
    impl->name = record->name;
    if (start.planner) {
        start.spool = impl->library->folderOf(record->id) / "spool";
        start.planner->spoolInto(start.spool);
    }
    start.workFolder = impl->library->workFolder(record->id);
    impl->pipeline = std::make_unique<Pipeline>(std::move(start));
    FRESHET_TRY(impl->pipeline->start());
    return std::unique_ptr<Transfer>(new Transfer(std::move(impl)));
}

Result<std::unique_ptr<Transfer>> Transfer::start(std::shared_ptr<store::Library> library,
                                                  DownloadRequest request, Options options)
{
    liftUrlLogin(request);
    FRESHET_TRY(settleFiles(request));
    FRESHET_TRY(request.validate());
    auto planner = plannerFor(request, options);
    if (!planner)
        return fail(std::move(planner).error());
    auto first = firstLeg(request, planner->get());
    if (!first)
        return fail(std::move(first).error());
    // A request that cannot be made at all leaves no dataset behind.
    const auto tried = options.makeTransport ? options.makeTransport(first->request)
                                             : transport::makeTransport(first->request);
    if (!tried)
        return fail(tried.error());
    auto writer = createDataset(*library, request);
    if (!writer)
        return fail(std::move(writer).error());
    return Impl::begin(std::move(library), {.request = std::move(request),
                                            .options = std::move(options),
                                            .writer = std::move(*writer),
                                            .planner = std::move(*planner),
                                            .first = std::move(*first)});
}

Result<std::unique_ptr<Transfer>> Transfer::resume(std::shared_ptr<store::Library> library,
                                                   const std::string &idOrName,
                                                   const RequestSecrets &secrets, Options options)
{
    const auto record = library->find(idOrName);
    if (!record)
        return fail(record.error());
    FRESHET_TRY(checkResumable(*record));
    auto request = DownloadRequest::fromJson(record->request);
    if (!request)
        return fail(std::move(request).error());
    FRESHET_TRY(giveSecretsBack(*request, secrets));
    // A limit was for the first run; to go on is to want more.
    request->limit.reset();
    request->maxBadRows = options.maxBadRows.value_or(request->maxBadRows);
    // A format that was found out may have called for a planner; files have one each.
    if (const auto point = ResumePoint::fromJson(record->resumePoint);
        point && point->planned && !request->files)
        request->decode.format = point->format;
    FRESHET_TRY(request->validate());
    auto planner = plannerFor(*request, options);
    if (!planner)
        return fail(std::move(planner).error());
    return Impl::goOn(std::move(library), *record, {.kind = "resume"}, std::move(*request),
                      std::move(*planner), std::move(options));
}

Result<std::unique_ptr<Transfer>> Transfer::Impl::goOn(std::shared_ptr<store::Library> library,
                                                       const store::DatasetRecord &record,
                                                       store::RunStart run, DownloadRequest request,
                                                       std::unique_ptr<LegPlanner> planner,
                                                       Options options)
{
    // Whatever can fail comes before the dataset is touched: it keeps its verdict then.
    const bool hasKey = request.since && !request.since->key.empty();
    if (record.unmergedRows.value() > 0 && !hasKey)
        return fail(ErrorCode::InvalidArgument,
                    groupedDigits(record.unmergedRows.value()) + " rows of \"" + record.name +
                        "\" are still to be compared by key: resume it first, or give a key");
    const auto snapshot = library->everyRow(record.id);
    if (!snapshot)
        return fail(snapshot.error());
    auto earlier = readEarlierRun(record, *snapshot, request.decode, planner.get());
    if (!earlier)
        return fail(std::move(earlier).error());
    auto first = firstLeg(request, planner.get());
    if (!first)
        return fail(std::move(first).error());
    run.keptRejects = earlier->rows.rejected;
    if (planner && planner->borderRows() > 0) {
        auto hashes = lastRejectHashes(*library, record.id, earlier->rows.rejected);
        if (!hashes)
            return fail(std::move(hashes).error());
        earlier->rows.repeatableRejects = std::move(*hashes);
    }
    run.reconciles = hasKey;
    if (run.reconciles)
        earlier->compareFrom = record.unmergedFrom.value_or(RowIndex() + earlier->rows.rows);
    auto writer = library->append(record.id, run);
    if (!writer)
        return fail(std::move(writer).error());
    if ((*writer)->dataset()->snapshot().rowCount() != earlier->rows.rows)
        return fail(ErrorCode::LibraryBusy, '"' + record.name + "\" has just been changed");
    return begin(std::move(library), {.request = std::move(request),
                                      .options = std::move(options),
                                      .writer = std::move(*writer),
                                      .earlier = std::move(*earlier),
                                      .planner = std::move(planner),
                                      .first = std::move(*first)});
}

std::shared_ptr<store::Dataset> Transfer::dataset() const
{
    return m_impl->dataset;
}

const std::string &Transfer::datasetName() const
{
    return m_impl->name;
}

const DownloadRequest &Transfer::request() const
{
    return m_impl->pipeline->request();
}

Progress Transfer::progress() const
{
    return m_impl->pipeline->progress().snapshot();
}

void Transfer::cancel()
{
    m_impl->pipeline->cancel();
}

void Transfer::pause()
{
    m_impl->pipeline->pause();
}

void Transfer::unpause()
{
    m_impl->pipeline->unpause();
}

void Transfer::retryNow()
{
    m_impl->pipeline->retryNow();
}

bool Transfer::waitFor(std::chrono::milliseconds patience) const
{
    return m_impl->pipeline->progress().waitFor(patience);
}

bool Transfer::isFinished() const
{
    return isFinal(progress().state);
}

} // namespace freshet::transfer
