// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/resuming_transport.h"

#include "base/grouped_digits.h"
#include "transport/grpc_status.h"
#include "transport/retry_after.h"

#include <charconv>
#include <utility>

namespace freshet::transport {

namespace {

Error sourceChanged(const std::string &why)
{
    return Error{.code = ErrorCode::SourceChanged,
                 .detail = "the source is not what it was when the download began: " + why};
}

Error otherPrefix(ByteCount length)
{
    return sourceChanged("its first " + groupedDigits(length.value()) +
                         " bytes are different ones");
}

/// `refusal` of a server that is not waited for, with what it asked for.
Error withWait(Error refusal, std::chrono::seconds asked)
{
    refusal.detail += ", and asks to wait at least " + groupedDigits(asked.count()) + " s";
    return refusal;
}

bool differs(const std::string &before, const std::string &now)
{
    return !before.empty() && !now.empty() && before != now;
}

/// The status with which a gRPC call failed, if it did.
std::optional<Error> failedCallIn(const std::vector<Header> &fields)
{
    const std::string_view text = findHeader(fields, "grpc-status").value_or("0");
    int code = kGrpcUnknown;
    std::from_chars(text.data(), text.data() + text.size(), code);
    if (code == kGrpcOk)
        return std::nullopt;
    return grpcError(code, decodedGrpcMessage(findHeader(fields, "grpc-message").value_or("")));
}

} // namespace

/// Stands between one try and the sink: checks that the answer continues what is held, and passes
/// over what is held already.
class ResumingTransport::Attempt final : public ByteSink
{
public:
    Attempt(ResumingTransport &owner, ByteSink &sink, bool asksForRange)
        : m_owner(owner), m_sink(sink), m_asksForRange(asksForRange)
    {}

    Status onHead(const ResponseHead &head) override
    {
        HeldPrefix &held = m_owner.m_held;
        m_failedCall = failedCallIn(head.headers);
        std::string how;
        if (held.offset == ByteOffset()) {
            if (held.isReplayed)
                FRESHET_TRY(checkSame(head));
            held.validator = Validator::of(head);
            held.isIdentity = head.contentCodings.empty();
            m_owner.m_isLive = head.contentType.starts_with("text/event-stream");
        } else {
            auto means = m_asksForRange ? continuedByRange(head) : continuedByReading(head);
            if (!means)
                return fail(std::move(means).error());
            how = std::move(*means);
        }
        if (m_owner.m_options.listener != nullptr && (m_owner.m_hasHead || !how.empty()))
            m_owner.m_options.listener->onContinued(how);
        if (std::exchange(m_owner.m_hasHead, true))
            return {};
        return told(m_sink.onHead(head));
    }

    Status onBytes(std::string_view bytes) override
    {
        if (m_toSkip > ByteCount()) {
            FRESHET_TRY(passOver(bytes));
            if (bytes.empty())
                return {};
        }
        const std::int64_t unproven =
            m_owner.m_replayed.length.value() - m_owner.m_held.offset.value();
        if (unproven <= 0)
            return handOn(bytes);
        const auto size = std::min(bytes.size(), static_cast<std::size_t>(unproven));
        FRESHET_TRY(handOn(bytes.substr(0, size)));
        const PrefixDigest &seen = m_owner.m_held.digest;
        if (seen.length == m_owner.m_replayed.length && seen.crc != m_owner.m_replayed.crc)
            return fail(otherPrefix(seen.length));
        return size < bytes.size() ? handOn(bytes.substr(size)) : Status();
    }

    /// The error came from the sink, so that trying again would not help.
    [[nodiscard]] bool sinkFailed() const { return m_sinkFailed; }
    /// The body ended inside of what is held.
    [[nodiscard]] bool isShort() const
    {
        return m_toSkip > ByteCount() ||
               m_owner.m_held.offset.value() < m_owner.m_replayed.length.value();
    }
    /// What a call that did not come as far as the one before says of itself: it failed, which does
    /// not make its source another one.
    [[nodiscard]] std::optional<Error> failedCall(const std::vector<Header> &trailers) const
    {
        auto failed = failedCallIn(trailers);
        return failed ? failed : m_failedCall;
    }
    /// The answer was a range, and bytes are missing behind what it brought.
    [[nodiscard]] bool isPartOfRest() const
    {
        const auto whole = m_wholeLength ? m_wholeLength : m_owner.m_held.validator.length;
        return m_isRange && whole && m_owner.m_held.offset.value() < whole->value();
    }

private:
    Result<std::string> continuedByRange(const ResponseHead &head)
    {
        const RangeDecision decision =
            judgeRangeAnswer(head, m_owner.m_held.offset, m_owner.m_held.validator);
        switch (decision.answer) {
        case RangeAnswer::Append:
            m_isRange = true;
            m_wholeLength = Validator::of(head).length;
            return decision.reason;
        case RangeAnswer::StartOver:
            if (head.status == 200)
                return continuedByReading(head);
            return fail(sourceChanged(decision.reason));
        case RangeAnswer::AlreadyComplete:
        case RangeAnswer::Refuse:
            break;
        }
        return fail(m_owner.refuseRange(decision.reason));
    }

    /// The head names no other representation than the one held.
    Status checkSame(const ResponseHead &head) const
    {
        const Validator &held = m_owner.m_held.validator;
        const Validator now = Validator::of(head);
        if (differs(held.etag, now.etag))
            return fail(sourceChanged("its entity tag was " + held.etag + " and is " + now.etag));
        if (held.etag.empty() && differs(held.lastModified, now.lastModified))
            return fail(sourceChanged("it was modified on " + now.lastModified));
        return {};
    }

    Result<std::string> continuedByReading(const ResponseHead &head)
    {
        FRESHET_TRY(checkSame(head));
        const HeldPrefix &held = m_owner.m_held;
        m_toSkip = held.offset - ByteOffset();
        m_seen = {};
        return "the whole is read again, and its first " + groupedDigits(held.offset.value()) +
               " bytes are passed over";
    }

    /// Take what is held already from the front of `bytes`.
    Status passOver(std::string_view &bytes)
    {
        const PrefixDigest &digest = m_owner.m_held.digest;
        const std::string_view skipped =
            bytes.substr(0, static_cast<std::size_t>(m_toSkip.value()));
        const auto unchecked = static_cast<std::size_t>(
            std::max<std::int64_t>((digest.length - m_seen.length).value(), 0));
        if (unchecked > 0) {
            m_seen.append(skipped.substr(0, unchecked));
            if (m_seen.length == digest.length && m_seen.crc != digest.crc)
                return fail(otherPrefix(digest.length));
        }
        const ByteCount size(static_cast<std::int64_t>(skipped.size()));
        m_toSkip -= size;
        {
            const std::lock_guard lock(m_owner.m_mutex);
            m_owner.m_readAgain += size;
        }
        bytes.remove_prefix(skipped.size());
        return {};
    }

    Status handOn(std::string_view bytes)
    {
        HeldPrefix &held = m_owner.m_held;
        // Known to the last byte, the digest grows with the stream; else it stays where it was.
        if (held.digest.length.value() == held.offset.value())
            held.digest.append(bytes);
        held.offset += ByteCount(static_cast<std::int64_t>(bytes.size()));
        return told(m_sink.onBytes(bytes));
    }

    Status told(Status status)
    {
        m_sinkFailed = m_sinkFailed || !status;
        return status;
    }

    ResumingTransport &m_owner;
    ByteSink &m_sink;
    bool m_asksForRange;
    bool m_sinkFailed = false;
    bool m_isRange = false;
    std::optional<Error> m_failedCall;      ///< as the head has it
    std::optional<ByteCount> m_wholeLength; ///< as the range's answer has it
    ByteCount m_toSkip;
    PrefixDigest m_seen;
};

ResumingTransport::ResumingTransport(ByteRequest request, Options options)
    : m_request(std::move(request)), m_options(std::move(options))
{
    if (m_options.held)
        m_held = *m_options.held;
    if (m_held.isReplayed) {
        m_replayed = std::exchange(m_held.digest, {});
        m_held.offset = {};
    }
    if (!m_options.makeTransport)
        m_options.makeTransport = makeTransport;
}

ResumingTransport::~ResumingTransport() = default;

bool ResumingTransport::canUseRange() const
{
    return m_mayUseRange && !m_held.isOnePiece && m_held.offset > ByteOffset() &&
           m_held.isIdentity && !m_held.validator.ifRange().empty();
}

ByteRequest ResumingTransport::requestForRest() const
{
    ByteRequest request = m_request;
    if (canUseRange()) {
        request.headers.push_back(
            {"Range", "bytes=" + std::to_string(m_held.offset.value()) + '-'});
        request.headers.push_back({"If-Range", m_held.validator.ifRange()});
    }
    return request;
}

Result<TransportEnd> ResumingTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    RetrySchedule schedule(m_options.retry, m_request.method, m_options.seed);
    while (true) {
        const ByteOffset before = m_held.offset;
        bool isFinal = false;
        auto end = runOnce(sink, cancel, isFinal);
        if (end || isFinal || m_isLive || cancel.isCancelled())
            return end;
        if (m_held.offset != before)
            schedule.noteProgress();
        if (std::exchange(m_asksOnAtOnce, false))
            continue;
        const auto asked = retryAfterOf(m_refusal ? &*m_refusal : nullptr);
        const auto delay = schedule.delayAfter(end.error(), asked);
        if (!delay)
            return asked ? fail(withWait(end.error(), *asked)) : end;
        if (m_options.listener != nullptr)
            m_options.listener->onRetryPlanned({end.error(), *delay, schedule.retries()});
        if (!wait(*delay, cancel))
            return end;
        if (m_options.listener != nullptr)
            m_options.listener->onRetryBegan();
    }
}

/// The next try reads the whole again.
Error ResumingTransport::refuseRange(const std::string &reason)
{
    m_mayUseRange = false;
    m_asksOnAtOnce = true;
    return Error{.code = ErrorCode::ProtocolViolation,
                 .detail = "the server's answer to a byte range was refused: " + reason};
}

/// The server says that it cannot give the range: that may be because everything is here.
Status ResumingTransport::checkUnsatisfiable(const ResponseHead &head)
{
    const auto decision = judgeRangeAnswer(head, m_held.offset, m_held.validator);
    switch (decision.answer) {
    case RangeAnswer::AlreadyComplete:
        return {};
    case RangeAnswer::Refuse:
        return fail(refuseRange(decision.reason));
    case RangeAnswer::Append:
    case RangeAnswer::StartOver:
        break;
    }
    return fail(sourceChanged(decision.reason));
}

Result<TransportEnd> ResumingTransport::runOnce(ByteSink &sink, const CancelToken &cancel,
                                                bool &isFinal)
{
    Attempt attempt(*this, sink, canUseRange());
    const ByteOffset before = m_held.offset;
    auto made = m_options.makeTransport(requestForRest());
    if (!made) {
        isFinal = true;
        return fail(std::move(made).error());
    }
    Transport *current = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_current = std::move(*made);
        current = m_current.get();
    }
    auto end = current->run(attempt, cancel);
    m_refusal = current->refusal();
    m_trailers = current->trailers();
    const bool wasRange = canUseRange();
    {
        const std::lock_guard lock(m_mutex);
        addToFigures(*current);
        m_current.reset();
    }
    isFinal = attempt.sinkFailed();
    if (attempt.isShort() && (end || end.error().code == ErrorCode::SourceChanged)) {
        if (auto failed = attempt.failedCall(m_trailers))
            return fail(*std::move(failed));
        if (end)
            return fail(sourceChanged("it is now shorter than what is held"));
    }
    if (end && attempt.isPartOfRest()) {
        if (m_held.offset == before)
            return fail(refuseRange("it brought nothing"));
        m_asksOnAtOnce = true;
        return fail(ErrorCode::ConnectionLost, "the server sent the bytes up to " +
                                                   groupedDigits(m_held.offset.value()) + " only");
    }
    if (!end && m_refusal && m_refusal->status == 416 && wasRange) {
        FRESHET_TRY(checkUnsatisfiable(*m_refusal));
        end = TransportEnd{.end = BodyEnd::LengthReached};
    }
    if (!end)
        return end;
    const TransportProgress figures = progress();
    return TransportEnd{end->end, figures.wireBytes, figures.decodedBytes,
                        std::move(end->digestProof)};
}

void ResumingTransport::addToFigures(const Transport &finished)
{
    m_before.add(finished.progress());
}

TransportProgress ResumingTransport::progress() const
{
    const std::lock_guard lock(m_mutex);
    TransportProgress all = m_before;
    if (m_current)
        all.add(m_current->progress());
    all.decodedBytes -= m_readAgain;
    return all;
}

bool ResumingTransport::wait(std::chrono::milliseconds delay, const CancelToken &cancel)
{
    const auto registration = cancel.onCancel([this] {
        const std::lock_guard lock(m_mutex);
        m_wake.notify_all();
    });
    std::unique_lock lock(m_mutex);
    m_wake.wait_for(lock, delay, [&] { return m_isNow || cancel.isCancelled(); });
    m_isNow = false;
    return !cancel.isCancelled();
}

void ResumingTransport::retryNow()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isNow = true;
    }
    m_wake.notify_all();
}

ByteCount ResumingTransport::bytesReadAgain() const
{
    const std::lock_guard lock(m_mutex);
    return m_readAgain;
}

} // namespace freshet::transport
