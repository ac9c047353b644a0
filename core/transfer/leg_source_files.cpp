// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Legs whose answer is a file: where it lies, how it gets there, what lies beside it.
#include "base/file.h"
#include "transfer/digest_beside.h"
#include "transfer/file_download.h"
#include "transfer/file_set.h"
#include "transfer/leg_source.h"

namespace freshet::transfer {

namespace {

using Clock = std::chrono::steady_clock;

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
    LegEnd end = isLocalPlace(leg.request.url) ? localFile(leg.request.url) : download(leg);
    if (end.outcome)
        holdToDigest(leg, end);
    if (end.outcome && isLocalPlace(leg.request.url)) {
        const std::lock_guard lock(m_mutex);
        m_before.add(
            {.wireBytes = end.outcome->wireBytes, .decodedBytes = end.outcome->decodedBytes});
    }
    if (end.outcome && end.head)
        FRESHET_TRY(sink.onHead(*end.head));
    return sink.onLegEnd(std::move(end));
}

/// What lies beside a local file says whether it is the one that was meant; before a row is taken.
void LegSource::holdToDigest(const Leg &leg, LegEnd &end) const
{
    const auto path = pathOfPlace(leg.request.url);
    if (!leg.isDocument || !leg.request.member.empty() || !isLocalPlace(leg.request.url) || !path)
        return;
    auto proof = checkBeside(*path, m_legs.closing());
    if (!proof)
        end.outcome = fail(std::move(proof).error());
    else if (*proof)
        end.fileProof.push_back(**std::move(proof));
}

LegEnd LegSource::download(const Leg &leg)
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
    auto download = FileDownload::create(
        {.bytes = leg.request, .file = folder / Leg::kKeptFile, .retry = m_options.retry});
    if (!download)
        return failed(std::move(download).error());
    setDownload(download->get());
    const auto began = Clock::now();
    FileDownloadReport report = (*download)->run(m_legs.closing());
    end.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
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
    if (report.verdict.kind == VerdictKind::Incomplete)
        return failed({.code = ErrorCode::Truncated, .detail = report.verdict.evidence.front()});
    end.file = std::move(report.file);
    if (report.verdict.kind == VerdictKind::Verified)
        end.fileProof = std::move(report.verdict.evidence);
    end.outcome =
        transport::TransportEnd{transport::BodyEnd::LengthReached, report.bytes, report.bytes};
    return end;
}

void LegSource::setDownload(FileDownload *download)
{
    const std::lock_guard lock(m_mutex);
    m_download = download;
}

} // namespace freshet::transfer
