// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/piece_fetch.h"

#include "transport/retry_after.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

namespace freshet::transfer {

using transport::ByteRequest;
using transport::ResponseHead;
using transport::Validator;

namespace {

ByteRequest rangeRequest(const ByteRequest &request, ByteOffset first, ByteOffset end,
                         const std::string &ifRange)
{
    ByteRequest ranged = request;
    ranged.headers.push_back({"Range", "bytes=" + std::to_string(first.value()) + '-' +
                                           std::to_string(end.value() - 1)});
    if (!ifRange.empty())
        ranged.headers.push_back({"If-Range", ifRange});
    return ranged;
}

std::optional<std::chrono::seconds> retryAfterOf(const std::optional<ResponseHead> &head)
{
    const auto value = head ? findHeader(head->headers, "Retry-After") : std::nullopt;
    if (!value)
        return std::nullopt;
    return transport::parseRetryAfter(
        *value, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

/// Looks at the head and wants no more.
class HeadSink final : public transport::ByteSink
{
public:
    Status onHead(const ResponseHead &response) override
    {
        head = response;
        return fail(ErrorCode::Cancelled, "the head is enough");
    }
    Status onBytes(std::string_view) override { return {}; }
    std::optional<ResponseHead> head;
};

} // namespace

std::vector<FilePiece> cutIntoPieces(ByteOffset first, ByteOffset end, int connections,
                                     ByteCount least)
{
    // Some pieces a connection: one that is slow does not keep the others waiting at the end.
    constexpr std::int64_t kPiecesEach = 4;
    constexpr ByteCount kMost = 64_MiB;
    const std::int64_t share = (end - first).value() / (connections * kPiecesEach);
    const ByteCount size = std::clamp(ByteCount(share), least, std::max(least, kMost));
    std::vector<FilePiece> pieces;
    for (ByteOffset at = first; at < end; at += size)
        pieces.push_back({.first = at, .length = std::min(size, end - at)});
    return pieces;
}

ByteCount heldBytes(const std::vector<FilePiece> &pieces)
{
    ByteCount held;
    for (const auto &piece : pieces)
        held += piece.held.length;
    return held;
}

/// Takes one answer into one piece.
class PieceFetch::Intake final : public transport::ByteSink
{
public:
    Intake(PieceFetch &owner, std::size_t piece) : m_owner(owner), m_piece(piece) {}

    Status onHead(const ResponseHead &head) override
    {
        const std::lock_guard lock(m_owner.m_mutex);
        const PartState &state = m_owner.m_part.state();
        const auto decision =
            transport::judgeRangeAnswer(head, state.pieces[m_piece].next(), state.validator);
        if (decision.answer == transport::RangeAnswer::Append)
            return {};
        // The whole in place of a range, though it is the same: the server does no ranges.
        const bool isSame = head.status == 200 && !state.validator.etag.empty() &&
                            Validator::of(head).etag == state.validator.etag;
        const bool isChanged = decision.answer == transport::RangeAnswer::StartOver && !isSame;
        return told(fail(isChanged ? ErrorCode::SourceChanged : ErrorCode::ProtocolViolation,
                         "the answer to a range does not belong to the file: " + decision.reason));
    }

    Status onBytes(std::string_view bytes) override
    {
        {
            const std::lock_guard lock(m_owner.m_mutex);
            const FilePiece &piece = m_owner.m_part.state().pieces[m_piece];
            const auto room = (piece.length - piece.held.length).asSize();
            if (bytes.size() > room)
                return told(fail(ErrorCode::ProtocolViolation,
                                 "the answer to a range is longer than the range"));
            FRESHET_TRY(told(m_owner.m_part.appendTo(m_piece, bytes)));
        }
        hasProgress = true;
        return {};
    }

    bool hasProgress = false;
    bool hasFailed = false; ///< by us: trying again would not help

private:
    Status told(Status status)
    {
        hasFailed = hasFailed || !status;
        return status;
    }

    PieceFetch &m_owner;
    std::size_t m_piece;
};

PieceFetch::PieceFetch(const ByteRequest &request, PartFile &part, Options options)
    : m_request(request),
      m_part(part),
      m_options(std::move(options)),
      m_isTaken(part.state().pieces.size())
{}

PieceFetch::~PieceFetch() = default;

Result<std::optional<ResponseHead>> PieceFetch::probe(const ByteRequest &request, ByteCount least,
                                                      const transport::RetryPolicy &retry,
                                                      transport::RetryListener *listener,
                                                      const CancelToken &cancel)
{
    transport::ResumingTransport::Options options;
    options.retry = retry;
    options.listener = listener;
    transport::ResumingTransport transport(
        rangeRequest(request, ByteOffset(), ByteOffset() + least, {}), std::move(options));
    HeadSink sink;
    const auto end = transport.run(sink, cancel);
    if (!end && !sink.head) {
        // An empty file has no first bytes.
        if (end.error().code == ErrorCode::HttpStatus && end.error().nativeCode == 416)
            return std::nullopt;
        return fail(end.error());
    }
    const Validator validator = Validator::of(*sink.head);
    const bool isPinned =
        sink.head->status == 206 && validator.length && !validator.ifRange().empty();
    return isPinned ? std::move(sink.head) : std::nullopt;
}

Status PieceFetch::run(const CancelToken &cancel)
{
    const auto wish = cancel.onCancel([this] { m_stop.cancel(); });
    std::vector<std::thread> threads;
    m_working = m_options.connections;
    try {
        while (std::ssize(threads) < m_options.connections - 1)
            threads.emplace_back([this] { work(); });
    } catch (const std::system_error &) { // fewer connections do it, too
        const std::lock_guard lock(m_mutex);
        m_working -= m_options.connections - 1 - static_cast<int>(threads.size());
    }
    work();
    for (auto &thread : threads)
        thread.join();
    if (cancel.isCancelled())
        return fail(ErrorCode::Cancelled, "cancelled");
    if (m_error)
        return fail(*m_error);
    return {};
}

void PieceFetch::work()
{
    while (const auto piece = takePiece()) {
        const auto fetched = fetchPiece(*piece);
        if (!fetched)
            stopAll(fetched.error());
        else if (*fetched == Outcome::Left)
            return;
    }
}

/// The next piece that is missing and that nobody works on. If there is none, the connection does
/// not count any more: nobody may leave a piece to it.
std::optional<std::size_t> PieceFetch::takePiece()
{
    const std::lock_guard lock(m_mutex);
    const auto &pieces = m_part.state().pieces;
    for (std::size_t piece = 0; piece < pieces.size() && !m_stop.isCancelled(); ++piece) {
        if (!m_isTaken[piece] && !pieces[piece].isWhole()) {
            m_isTaken[piece] = true;
            return piece;
        }
    }
    --m_working;
    return std::nullopt;
}

/// A connection that was turned away leaves its piece to others, if there are any.
bool PieceFetch::leave(std::size_t piece)
{
    const std::lock_guard lock(m_mutex);
    if (m_working <= 1)
        return false;
    m_isTaken[piece] = false;
    --m_working;
    return true;
}

void PieceFetch::stopAll(Error error)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_error && !m_stop.isCancelled())
            m_error = std::move(error);
    }
    m_stop.cancel();
}

Result<PieceFetch::Outcome> PieceFetch::fetchPiece(std::size_t piece)
{
    transport::RetrySchedule schedule(m_options.retry, m_request.method,
                                      static_cast<std::uint32_t>(piece));
    while (true) {
        std::optional<ResponseHead> refusal;
        Intake intake(*this, piece);
        const Status asked = askOnce(piece, intake, refusal);
        if (intake.hasProgress)
            schedule.noteProgress();
        {
            const std::lock_guard lock(m_mutex);
            if (m_part.state().pieces[piece].isWhole())
                return Outcome::Whole;
        }
        if (asked && intake.hasProgress)
            continue; // a part of what was asked for: ask on
        const Error error =
            asked ? Error{.code = ErrorCode::ConnectionLost, .detail = "a range brought nothing"}
                  : asked.error();
        if (intake.hasFailed || m_stop.isCancelled())
            return fail(error);
        const bool isTooMany = error.code == ErrorCode::HttpStatus &&
                               (error.nativeCode == 429 || error.nativeCode == 503);
        if (isTooMany && leave(piece))
            return Outcome::Left;
        const auto delay = schedule.delayAfter(error, retryAfterOf(refusal));
        if (!delay)
            return fail(error);
        if (m_options.listener != nullptr)
            m_options.listener->onRetryPlanned({error, *delay, schedule.retries()});
        if (!m_wait.waitFor(*delay, m_stop))
            return fail(ErrorCode::Cancelled, "cancelled");
        if (m_options.listener != nullptr)
            m_options.listener->onRetryBegan();
    }
}

Status PieceFetch::askOnce(std::size_t piece, Intake &intake, std::optional<ResponseHead> &refusal)
{
    ByteRequest ranged;
    {
        const std::lock_guard lock(m_mutex);
        const PartState &state = m_part.state();
        const FilePiece &wanted = state.pieces[piece];
        ranged = rangeRequest(m_request, wanted.next(), wanted.first + wanted.length,
                              state.validator.ifRange());
    }
    auto made = transport::makeTransport(std::move(ranged));
    if (!made)
        return fail(std::move(made).error());
    transport::Transport &transport = **made;
    {
        const std::lock_guard lock(m_mutex);
        m_running.push_back(&transport);
    }
    const auto end = transport.run(intake, m_stop);
    refusal = transport.refusal();
    const std::lock_guard lock(m_mutex);
    std::erase(m_running, &transport);
    m_before.add(transport.progress());
    if (!end)
        return fail(end.error());
    return {};
}

transport::TransportProgress PieceFetch::progress() const
{
    const std::lock_guard lock(m_mutex);
    transport::TransportProgress all = m_before;
    for (const auto *transport : m_running)
        all.add(transport->progress());
    return all;
}

ByteCount PieceFetch::held() const
{
    const std::lock_guard lock(m_mutex);
    return heldBytes(m_part.state().pieces);
}

} // namespace freshet::transfer
