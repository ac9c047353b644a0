// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/trial.h"

#include "access/remote_access.h"
#include "grid/dataset_source.h"
#include "source/first_rows.h"
#include "transfer/prepare.h"
#include "transfer/request_places.h"

namespace freshet::ui {

namespace {

/// What of a request makes sense for a trial.
transfer::DownloadRequest asTrial(transfer::DownloadRequest request)
{
    request.name.clear();
    request.ring.reset();
    request.retry.maxRetries = 0;
    if (request.pages && request.pages->style == transfer::PageStyle::Auto)
        request.pages.reset();
    return request;
}

} // namespace

Result<std::shared_ptr<store::Library>> Trial::Place::library()
{
    const std::lock_guard lock(m_opening);
    if (m_library)
        return m_library;
    if (!m_folder.isValid())
        return fail(ErrorCode::IoError, m_folder.errorString().toStdString());
    auto opened = store::Library::open(m_folder.filePath(QStringLiteral("trial")).toStdString());
    if (opened)
        m_library = *opened;
    return opened;
}

Trial::Trial(QObject *parent) : QObject(parent) {}

Trial::~Trial()
{
    m_cancel.cancel();
}

void Trial::start(const transfer::DownloadRequest &request)
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    m_session.reset();
    m_findings.reset();
    m_error.reset();
    m_isCutShort = false;
    m_isRunning = true;
    m_source = QString::fromStdString(transport::withoutSecrets(request.bytes.url));
    transfer::DownloadRequest trial = asTrial(request);
    m_hasPages = trial.pages.has_value();
    m_runner.run([place = m_place, trial = std::move(trial),
                  cancel = m_cancel] { return begin(place, trial, cancel); },
                 [this, cancel = m_cancel](Result<Started> started) {
                     if (started)
                         follow(std::move(*started), cancel);
                     else if (!cancel.isCancelled())
                         end(started.error());
                 });
    Q_EMIT changed();
}

Result<Trial::Started> Trial::begin(const std::shared_ptr<Place> &place,
                                    transfer::DownloadRequest request, const CancelToken &cancel)
{
    auto library = place->library();
    if (!library)
        return fail(std::move(library).error());
    FRESHET_TRY(access::completeAccess(request.bytes, transfer::placesOf(request),
                                       access::environmentVariable));
    FRESHET_TRY(transfer::prepareRequest(request, cancel));
    if (cancel.isCancelled())
        return fail(ErrorCode::Cancelled, {});
    auto transfer = transfer::Transfer::start(*library, std::move(request), {});
    if (!transfer)
        return fail(std::move(transfer).error());
    std::shared_ptr<transfer::Transfer> shared = std::move(*transfer);
    // What is cancelled from now on is cancelled at once, wherever this object has come to.
    if (cancel.isCancelled())
        shared->cancel();
    return Started{std::move(*library), std::move(shared)};
}

void Trial::follow(Started started, const CancelToken &cancel)
{
    // Of one that was cancelled meanwhile the session lets go again, on a worker.
    auto session = std::make_unique<DatasetSession>(started.library, std::move(started.transfer));
    if (cancel.isCancelled())
        return;
    m_session = std::move(session);
    connect(m_session.get(), &DatasetSession::ticked, this, [this] {
        stopWhereEnough();
        Q_EMIT changed();
    });
    connect(m_session.get(), &DatasetSession::finished, this, &Trial::conclude);
}

void Trial::stopWhereEnough()
{
    const transfer::Progress &progress = *m_session->progress();
    const bool readsOn = !m_hasPages && progress.format == decode::Format::Json &&
                         progress.decodedBytes < kMostRead && progress.elapsed < kMostTime;
    if (m_isCutShort || readsOn || progress.rows < kRows || transfer::isFinal(progress.state))
        return;
    m_isCutShort = true;
    m_session->cancel();
}

void Trial::conclude()
{
    TrialFindings findings{.record = m_session->record(),
                           .progress = *m_session->progress(),
                           .schema = m_session->dataset()->snapshot().schema()};
    // It may have come to its end before it could be stopped.
    findings.isCutShort =
        m_isCutShort && findings.progress.state == transfer::TransferState::Cancelled;
    findings.shownRows = rows()->rowCount();
    std::optional<Error> error = findings.progress.error;
    if (findings.isCutShort)
        error.reset();
    else if (findings.progress.state == transfer::TransferState::Cancelled)
        error = Error{.code = ErrorCode::Cancelled};
    if (findings.progress.format != decode::Format::Auto || findings.shownRows > RowCount())
        m_findings = std::move(findings);
    end(std::move(error));
}

void Trial::end(std::optional<Error> error)
{
    m_isRunning = false;
    m_error = std::move(error);
    Q_EMIT ended();
}

void Trial::cancel()
{
    if (!m_isRunning)
        return;
    m_cancel.cancel();
    if (m_session)
        m_session->cancel(); // `conclude` follows
    else
        end(Error{.code = ErrorCode::Cancelled});
}

GridSourcePtr Trial::rows() const
{
    if (!m_session)
        return nullptr;
    auto all = std::make_shared<DatasetSource>(m_session->dataset()->snapshot());
    return std::make_shared<FirstRows>(std::move(all), kRows);
}

std::optional<transfer::Progress> Trial::progress() const
{
    return m_session ? m_session->progress() : std::nullopt;
}

} // namespace freshet::ui
