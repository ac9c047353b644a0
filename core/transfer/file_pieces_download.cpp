// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/file_download.h"

#include "transfer/file_intake.h"
#include "transfer/piece_fetch.h"

#include <algorithm>
#include <utility>

/// The side of FileDownload that fetches a file in pieces over several connections.

namespace freshet::transfer {

using transport::TransportEnd;

Result<TransportEnd> FileDownload::fetchOnce(PartFile &part, bool goesOn, const CancelToken &cancel)
{
    const bool wantsPieces = m_request.connections > 1 || !part.state().pieces.empty();
    if (!wantsPieces || !m_mayUsePieces)
        return fetchStream(part, goesOn, cancel);
    const auto isPiecewise = preparePieces(part, goesOn, cancel);
    if (!isPiecewise)
        return fail(isPiecewise.error());
    if (!*isPiecewise)
        return fetchStream(part, goesOn, cancel);
    auto end = fetchPieces(part, cancel);
    if (end || end.error().code != ErrorCode::ProtocolViolation)
        return end;
    m_mayUsePieces = false;
    m_remarks.push_back("begun again over one connection: " + end.error().detail);
    return fetchStream(part, false, cancel);
}

/// Make the part one of pieces. Output: false if the file cannot be fetched so. Errors: those of
/// the first request; SourceChanged if what is here cannot be gone on with.
Result<bool> FileDownload::preparePieces(PartFile &part, bool goesOn, const CancelToken &cancel)
{
    Intake intake(*this, part, goesOn);
    if (!goesOn) {
        const auto head = PieceFetch::probe(m_request.bytes, m_request.leastPiece, m_request.retry,
                                            &intake, cancel);
        if (!head)
            return fail(head.error());
        if (!*head)
            return false;
        FRESHET_TRY(intake.onHead(**head));
        FRESHET_TRY(intake.begin());
    }
    const transport::Validator validator = heldPrefix(part).validator;
    const bool isPinned = !validator.ifRange().empty() && validator.length;
    const bool hasPieces = !part.state().pieces.empty();
    if (!isPinned && hasPieces)
        return fail(ErrorCode::SourceChanged,
                    "its address is a new one, and no strong entity tag tells that it is the same");
    if (!isPinned)
        return false;
    if (!hasPieces)
        FRESHET_TRY(part.beginPieces(cutIntoPieces(ByteOffset() + part.size(),
                                                   ByteOffset() + *validator.length,
                                                   m_request.connections, m_request.leastPiece)));
    return true;
}

Result<TransportEnd> FileDownload::fetchPieces(PartFile &part, const CancelToken &cancel)
{
    Intake intake(*this, part, true);
    const auto pieces = std::ssize(part.state().pieces);
    const int connections = static_cast<int>(std::min<std::int64_t>(m_request.connections, pieces));
    PieceFetch *current = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_pieces = std::make_unique<PieceFetch>(m_request.bytes, part,
                                                PieceFetch::Options{.connections = connections,
                                                                    .retry = m_request.retry,
                                                                    .listener = &intake});
        current = m_pieces.get();
        m_progress.total = part.state().validator.length;
    }
    const Status fetched = current->run(cancel);
    const auto figures = current->progress();
    {
        const std::lock_guard lock(m_mutex);
        m_progress.waiting.reset();
        m_report.wireBytes += figures.wireBytes;
        m_progress.wireBytes = m_report.wireBytes;
        m_progress.held = part.size();
        m_report.retries = m_progress.retries;
        m_pieces.reset();
    }
    m_report.timing = figures.timing;
    if (!fetched)
        return fail(fetched.error());
    FRESHET_TRY(part.joinPieces(cancel));
    m_remarks.push_back("fetched in " + groupedDigits(pieces) + " pieces over " +
                        std::to_string(connections) + " connections");
    return TransportEnd{.end = transport::BodyEnd::LengthReached,
                        .wireBytes = figures.wireBytes,
                        .decodedBytes = figures.wireBytes};
}

} // namespace freshet::transfer
