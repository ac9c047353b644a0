// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Legs whose answer is a file: where it lies, how it gets there, what lies beside it.
#include "base/file.h"
#include "transfer/digest_beside.h"
#include "transfer/file_download.h"
#include "transfer/file_set.h"
#include "transfer/leg_source.h"
#include "transport/stated_digests.h"

#include <algorithm>

namespace freshet::transfer {

namespace {

using Clock = std::chrono::steady_clock;

/// For the checksum beside a file: in silence, and between two tries.
constexpr std::chrono::milliseconds kMostWaitForDigest{30'000};

/// A file on this machine is there already.
LegEnd localFile(const std::string &place)
{
    LegEnd end;
    auto path = pathOfPlace(place);
    auto file = path ? File::open(*path, File::Mode::Read) : fail(std::move(path).error());
    const auto size = file ? file->size() : fail(std::move(file).error());
    if (!size) {
        end.outcome = fail(size.error());
        return end;
    }
    transport::ResponseHead head;
    head.finalUrl = place;
    head.contentLength = *size;
    end.head = std::make_shared<const transport::ResponseHead>(std::move(head));
    end.file = *path;
    end.outcome = transport::TransportEnd{transport::BodyEnd::LengthReached, *size, *size};
    return end;
}

} // namespace

Status LegSource::fetchFile(const Leg &leg, LegSink &sink)
{
    sink.onLegBegin(leg.label);
    auto stated = digestBesideOf(leg);
    if (!stated)
        return sink.onLegEnd({.outcome = fail(std::move(stated).error())});
    const bool isLocal = isLocalPlace(leg.request.url);
    LegEnd end = isLocal ? localFile(leg.request.url) : download(leg, *stated);
    // Tables and archives are read from their ends and out of order, so that what is read cannot be
    // summed on its way. First the sum, then the rows: a file that is another gives none.
    if (isLocal && end.outcome && *stated) {
        if (auto proof = holdTo(**stated, end.file, m_legs.closing()))
            end.outcome->digestProof = std::move(*proof);
        else
            end.outcome = fail(std::move(proof).error());
    }
    if (isLocal && end.outcome) {
        const std::lock_guard lock(m_mutex);
        m_before.add(
            {.wireBytes = end.outcome->wireBytes, .decodedBytes = end.outcome->decodedBytes});
    }
    if (end.outcome && end.head)
        FRESHET_TRY(sink.onHead(*end.head));
    return sink.onLegEnd(std::move(end));
}

/// Whether a leg's answer is a file from its first byte on, for which its server may be asked what
/// it has to be. Over HTTP those are the files of a set, and what is named like a compressed file:
/// others are answers of a service, which nobody computed a checksum of.
bool LegSource::canBeChecked(const Leg &leg) const
{
    const transport::ByteRequest &request = leg.request;
    if (!m_isLive || leg.isPage || leg.means == LegMeans::Once || request.method != "GET" ||
        !request.body.empty() || findHeader(request.headers, "Range"))
        return false;
    // What goes on by a byte range is never seen as a whole.
    if (leg.passedOver.length == ByteCount() && m_options.held && !m_options.held->isReplayed &&
        m_options.held->offset > ByteOffset() && m_options.held->isIdentity &&
        !m_options.held->validator.ifRange().empty())
        return false;
    if (request.url.starts_with("s3://") || request.url.starts_with("sftp://"))
        return true;
    return request.url.starts_with("http") && request.url.find('?') == std::string::npos &&
           (leg.isDocument || isNamedCompressed(request.url));
}

/// What a checksum beside a leg's file states of it. One that cannot be had is none: what is wrong
/// with the way to the server, the request for the file itself finds out. Errors: Cancelled.
Result<std::optional<transport::StatedDigest>> LegSource::digestBesideOf(const Leg &leg)
{
    if (!leg.request.member.empty() || leg.errand)
        return std::nullopt;
    if (isLocalPlace(leg.request.url)) {
        const auto path = pathOfPlace(leg.request.url);
        return leg.isDocument && path ? digestBeside(*path) : std::nullopt;
    }
    std::error_code ignored;
    if (!canBeChecked(leg) ||
        (leg.means == LegMeans::AsFile &&
         std::filesystem::exists(m_options.workFolder / leg.keepIn / Leg::kKeptFile, ignored)))
        return std::nullopt;
    return askBeside(leg);
}

Result<std::optional<transport::StatedDigest>> LegSource::askBeside(const Leg &leg)
{
    // A server that refuses what it does not know by 503, or by silence, shall not keep its file
    // waiting for long.
    transport::RetryPolicy retry = m_options.retry;
    retry.maxRetries = std::min(retry.maxRetries, 1);
    retry.budget = std::min(retry.budget, kMostWaitForDigest);
    transport::ByteRequest file = leg.request;
    file.idleTimeout = std::min(file.idleTimeout, kMostWaitForDigest);
    DigestQuestion question(file, {.retry = retry,
                                   .listener = m_listener,
                                   .makeTransport = m_options.makeTransport,
                                   .seed = m_options.seed});
    setQuestion(&question);
    auto stated = question.ask(m_legs.closing());
    setQuestion(nullptr);
    m_plannedRetries += question.retries(); // none of the file's
    if (stated)
        return std::move(*stated);
    if (stated.error().code == ErrorCode::Cancelled)
        return fail(std::move(stated).error());
    return std::nullopt;
}

LegEnd LegSource::download(const Leg &leg, const std::optional<transport::StatedDigest> &stated)
{
    LegEnd end;
    const auto failed = [&end](Error error) -> LegEnd {
        end.outcome = fail(std::move(error));
        return std::move(end);
    };
    if (auto waited = waitBefore(leg); !waited)
        return failed(std::move(waited).error());
    const std::filesystem::path folder = m_options.workFolder / leg.keepIn;
    std::error_code problem;
    if (std::filesystem::exists(folder / Leg::kKeptFile, problem)) // whole, by an earlier run
        return localFile((folder / Leg::kKeptFile).string());
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return failed(systemError(problem.value(), folder.string()));
    FileDownloadRequest request{
        .bytes = leg.request, .file = folder / Leg::kKeptFile, .retry = m_options.retry};
    request.listener = m_listener;
    request.bytes.stated = stated;
    auto download = FileDownload::create(std::move(request));
    if (!download)
        return failed(std::move(download).error());
    setDownload(download->get());
    const auto began = Clock::now();
    FileDownloadReport report = (*download)->run(m_legs.closing());
    end.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    m_plannedRetries += report.retries; // which its own verdict tells of
    {
        const std::lock_guard lock(m_mutex);
        m_before.add({report.wireBytes, report.wireBytes, report.timing});
        m_readAgainBefore += report.bytesReadAgain;
        m_download = nullptr;
    }
    if (report.head)
        end.head = std::make_shared<const transport::ResponseHead>(*report.head);
    if (report.error)
        return failed(std::move(*report.error));
    if (report.verdict.kind == VerdictKind::Incomplete && report.isOther)
        return failed(transport::notAsStated(report.verdict.evidence.front()));
    if (report.verdict.kind == VerdictKind::Incomplete)
        return failed({.code = ErrorCode::Truncated, .detail = report.verdict.evidence.front()});
    end.file = std::move(report.file);
    end.outcome =
        transport::TransportEnd{transport::BodyEnd::LengthReached, report.bytes, report.bytes};
    if (report.verdict.kind != VerdictKind::Verified)
        return end;
    end.fileProof = std::move(report.verdict.evidence);
    const auto digest = std::ranges::find_if(end.fileProof, [&stated](const std::string &sentence) {
        return stated && sentence.ends_with(", which " + stated->from + " states");
    });
    if (digest != end.fileProof.end()) {
        end.outcome->digestProof = std::move(*digest);
        end.fileProof.erase(digest);
    }
    return end;
}

void LegSource::setQuestion(DigestQuestion *question)
{
    const std::lock_guard lock(m_mutex);
    m_question = question;
}

void LegSource::setDownload(FileDownload *download)
{
    const std::lock_guard lock(m_mutex);
    m_download = download;
}

} // namespace freshet::transfer
