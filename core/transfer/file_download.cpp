// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_download.h"

#include "transfer/digest_beside.h"
#include "transfer/file_intake.h"
#include "transfer/file_verdict.h"
#include "transfer/part_file.h"
#include "transfer/piece_fetch.h"
#include "transport/ascii.h"
#include "transport/url.h"

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::transfer {

using transport::ResponseHead;
using transport::TransportEnd;

namespace {

/// What servers answer to a signed address that has expired: 403 mostly, 400 Google, 404 and 410
/// where the file is gone, 401 where a token was part of it.
bool mayBeExpired(const Error &error)
{
    constexpr auto kStatuses = std::to_array<int>({400, 401, 403, 404, 410});
    return error.code == ErrorCode::HttpStatus &&
           std::ranges::find(kStatuses, error.nativeCode) != kStatuses.end();
}

/// A file is asked for without a coding (rule R7); if it comes with one, that is kept (R11).
void askForTheFile(transport::ByteRequest &request)
{
    request.acceptEncoding = "identity";
    request.undoCodings = false;
}

} // namespace

Status FileDownloadRequest::validate() const
{
    FRESHET_TRY(bytes.validate());
    FRESHET_TRY(retry.validate());
    const std::string url = transport::lowered(bytes.url);
    constexpr auto kSchemes =
        std::to_array<std::string_view>({"http://", "https://", "s3://", "sftp://"});
    if (std::ranges::none_of(kSchemes,
                             [&url](std::string_view scheme) { return url.starts_with(scheme); }))
        return fail(ErrorCode::Unsupported,
                    "only an http, https, s3 or sftp URL can be downloaded as a file");
    if (!file.has_filename())
        return fail(ErrorCode::InvalidArgument, "the file to download into has no name");
    if (connections < 1 || connections > kMaxConnections)
        return fail(ErrorCode::InvalidArgument,
                    "connections: from 1 to " + std::to_string(kMaxConnections));
    if (findHeader(bytes.headers, "Range") || findHeader(bytes.headers, "If-Range"))
        return fail(ErrorCode::InvalidArgument, "ranges are asked for as they are needed: leave "
                                                "out the headers Range and If-Range");
    const auto digest = bytesOfHex(sha256);
    if (!sha256.empty() && (!digest || digest->size() != digestSize(DigestKind::Sha256)))
        return fail(ErrorCode::InvalidArgument, "a SHA-256 has 64 hexadecimal digits");
    return {};
}

Result<std::unique_ptr<FileDownload>> FileDownload::create(FileDownloadRequest request)
{
    FRESHET_TRY(request.validate());
    askForTheFile(request.bytes);
    return std::unique_ptr<FileDownload>(new FileDownload(std::move(request)));
}

FileDownload::FileDownload(FileDownloadRequest request) : m_request(std::move(request)) {}
FileDownload::~FileDownload() = default;

FileDownloadReport FileDownload::run(const CancelToken &cancel)
{
    m_report.started = std::chrono::system_clock::now();
    m_report.file = PartFile::partPath(m_request.file);
    const auto stop = [this](Error error) {
        m_report.verdict = judgeFile({.error = error, .remarks = m_remarks});
        m_report.error = std::move(error);
        return m_report;
    };
    if (auto prepared = prepare(cancel); !prepared)
        return stop(std::move(prepared).error());
    auto part = PartFile::open(m_request.file, cancel);
    if (!part)
        return stop(std::move(part).error());
    if (!part->remark().empty())
        m_remarks.push_back(part->remark());
    m_report.earlierBytes = part->size();
    {
        const std::lock_guard lock(m_mutex);
        m_progress.held = part->size();
    }
    conclude(*part, fetch(*part, cancel));
    return m_report;
}

Status FileDownload::prepare(const CancelToken &cancel)
{
    if (!m_request.hasSha256Beside)
        return {};
    DigestQuestion question(m_request.bytes,
                            {.retry = m_request.retry, .listener = m_request.listener});
    setQuestion(&question);
    auto stated = question.ask(cancel);
    setQuestion(nullptr);
    if (!stated)
        return fail(std::move(stated).error());
    m_request.bytes.stated = std::move(*stated);
    return {};
}

transport::HeldPrefix FileDownload::heldPrefix(PartFile &part) const
{
    PartState &state = part.state();
    // A new address for the same file (a signed one that expired): only a strong tag and the
    // length together tell that it is the same (rule R40).
    const bool isSameUrl =
        !m_isRenewed && state.url == transport::withoutSecrets(m_request.bytes.url);
    transport::HeldPrefix held{.offset = ByteOffset() + part.size(),
                               .validator = state.validator,
                               .digest = part.digest()};
    if (!isSameUrl && (state.validator.etag.empty() || !state.validator.length))
        held.validator = {};
    return held;
}

Result<TransportEnd> FileDownload::fetch(PartFile &part, const CancelToken &cancel)
{
    bool goesOn = part.size() > ByteCount();
    int restarts = 0;
    int renewals = 0;
    while (true) {
        const ByteCount before = part.size();
        auto end = fetchOnce(part, goesOn, cancel);
        if (end || cancel.isCancelled())
            return end;
        if (part.size() != before)
            renewals = 0;
        if (end.error().code == ErrorCode::SourceChanged && restarts++ < kMaxRestarts) {
            m_remarks.push_back("the file was begun again: " + end.error().detail);
            goesOn = false;
        } else if (m_request.renew && mayBeExpired(end.error()) && renewals++ < kMaxRenewals) {
            FRESHET_TRY(renew(end.error()));
            goesOn = part.size() > ByteCount();
        } else {
            return end;
        }
    }
}

Status FileDownload::renew(const Error &refusal)
{
    auto request = m_request.renew();
    if (!request)
        return fail(std::move(request).error());
    askForTheFile(*request);
    request->stated = std::move(m_request.bytes.stated); // it is the same file
    m_request.bytes = std::move(*request);
    m_isRenewed = true;
    m_remarks.push_back("its address was refused (" + std::to_string(refusal.nativeCode) +
                        ") and asked for anew");
    return {};
}

Result<TransportEnd> FileDownload::fetchStream(PartFile &part, bool goesOn,
                                               const CancelToken &cancel)
{
    Intake intake(*this, part, goesOn);
    transport::ResumingTransport::Options options;
    options.retry = m_request.retry;
    options.listener = &intake;
    if (goesOn)
        options.held = heldPrefix(part);
    transport::ResumingTransport *current = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_transport =
            std::make_unique<transport::ResumingTransport>(m_request.bytes, std::move(options));
        current = m_transport.get();
    }
    auto end = current->run(intake, cancel);
    if (const auto finished = intake.finish(end.has_value()); !finished && end)
        end = fail(finished.error());
    if (end)
        intake.noteWholeLength(current->refusal());
    const auto figures = current->progress();
    m_report.timing = figures.timing;
    m_report.wireBytes += figures.wireBytes;
    m_report.bytesReadAgain += current->bytesReadAgain();

    const std::lock_guard lock(m_mutex);
    m_progress.waiting.reset();
    m_progress.wireBytes = m_report.wireBytes;
    m_report.retries = m_progress.retries;
    m_transport.reset();
    return end;
}

FileFacts FileDownload::factsOf(PartFile &part, const Result<TransportEnd> &end) const
{
    FileFacts facts{.bytes = part.size(),
                    .wholeLength = part.state().validator.length,
                    .checks = part.checks(),
                    .earlierBytes = m_report.earlierBytes,
                    .bytesReadAgain = m_report.bytesReadAgain,
                    .remarks = m_remarks};
    // A run that goes on begins with a continuation that no failure came before.
    const bool goesOn = m_continuations > 0 && m_report.earlierBytes > ByteCount();
    facts.sentAgain = m_report.retries - (m_continuations - (goesOn ? 1 : 0));
    facts.whyAgain = m_whyAgain;
    if (end)
        facts.end = end->end;
    else
        facts.error = end.error();
    const auto check = [&](const transport::StatedDigest &stated) {
        facts.checks.push_back({.stated = stated, .matches = part.sha256() == stated.value});
    };
    if (const auto wanted = bytesOfHex(m_request.sha256); wanted && !wanted->empty())
        check({DigestKind::Sha256, *wanted, "the caller"});
    if (m_request.bytes.stated)
        check(*m_request.bytes.stated);
    return facts;
}

void FileDownload::conclude(PartFile &part, const Result<TransportEnd> &end)
{
    m_report.verdict = judgeFile(factsOf(part, end));
    if (!end)
        m_report.error = end.error();
    m_report.bytes = part.size();
    if (part.state().pieces.empty()) // else there are holes in it
        m_report.sha256 = hexText(part.sha256());
    if (part.size() > ByteCount())
        m_report.started = part.state().started;
    if (auto kept = keep(part, end.has_value()); !kept) {
        m_report.verdict =
            judgeFile({.error = kept.error(), .bytes = part.size(), .remarks = m_remarks});
        m_report.error = std::move(kept).error();
    }
}

Status FileDownload::keep(PartFile &part, bool cameToItsEnd)
{
    if (m_report.verdict.kind != VerdictKind::Incomplete) {
        FRESHET_TRY(part.publish());
        m_report.file = m_request.file;
        return {};
    }
    if (part.size() == ByteCount()) {
        part.removeIfEmpty();
        return {};
    }
    PartState &state = part.state();
    // All of it came, and it is not what it has to be: nothing of it can be gone on with.
    state.isDamaged = cameToItsEnd;
    m_report.isOther = cameToItsEnd;
    state.wireBytes += m_report.wireBytes;
    state.runs += 1;
    return part.commit();
}

FileDownloadProgress FileDownload::progress() const
{
    const std::lock_guard lock(m_mutex);
    FileDownloadProgress now = m_progress;
    if (m_transport)
        now.wireBytes += m_transport->progress().wireBytes;
    if (m_pieces) {
        now.wireBytes += m_pieces->progress().wireBytes;
        now.held = m_pieces->held();
    }
    return now;
}

void FileDownload::retryNow()
{
    const std::lock_guard lock(m_mutex);
    if (m_transport)
        m_transport->retryNow();
    if (m_pieces)
        m_pieces->retryNow();
    if (m_question != nullptr)
        m_question->retryNow();
}

void FileDownload::setQuestion(DigestQuestion *question)
{
    const std::lock_guard lock(m_mutex);
    m_question = question;
}

} // namespace freshet::transfer
