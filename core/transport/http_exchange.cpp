// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/http_exchange.h"

#include "base/grouped_digits.h"
#include "transport/ascii.h"
#include "transport/call_timeout.h"
#include "transport/coded_file.h"
#include "transport/grpc_status.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace freshet::transport {

namespace {

/// Gathered bytes are handed on at this size at the latest.
constexpr std::size_t kGather = 256 * 1024;
/// Read so much of a body that only explains an error or a redirect.
constexpr std::size_t kMaxSideBody = 64 * 1024;
/// Looked after at least so often while a connection is being made.
constexpr std::chrono::milliseconds kConnectingTick{1000};

/// What libcurl takes for "the callback failed".
constexpr std::size_t kCallbackFailed = CURL_WRITEFUNC_ERROR;

/// Whether `text` can be shown: no control characters but those of layout.
bool isPrintable(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        return (c >= 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 127;
    });
}

std::chrono::microseconds timeOf(CURL *easy, CURLINFO which)
{
    curl_off_t microseconds = 0;
    (void)curl_easy_getinfo(easy, which, &microseconds);
    return std::chrono::microseconds(microseconds);
}

/// libcurl's words, with the digits of `closed with 3998400 bytes remaining` grouped as ours are.
std::string withGroupedBytes(std::string message)
{
    constexpr std::string_view kDigits = "0123456789";
    const auto end = message.find(" bytes");
    if (end == std::string::npos)
        return message;
    const auto before = message.find_last_not_of(kDigits, end - (end > 0 ? 1 : 0));
    const auto begin = before == std::string::npos ? 0 : before + 1;
    std::int64_t value = 0;
    const auto [stop, problem] =
        std::from_chars(message.data() + begin, message.data() + end, value);
    if (problem == std::errc() && stop == message.data() + end)
        message.replace(begin, end - begin, groupedDigits(value));
    return message;
}

Error cancelled()
{
    return Error{.code = ErrorCode::Cancelled, .detail = "cancelled"};
}

} // namespace

HttpExchange::HttpExchange(CurlSession &session, const ByteRequest &request, const Hop &hop,
                           int redirects, ByteSink &sink, ProgressBoard &board,
                           WireObserver *observer)
    : m_session(session),
      m_request(request),
      m_hop(hop),
      m_redirects(redirects),
      m_sink(sink),
      m_board(board),
      m_observer(observer),
      m_parser(hop.method, request.limits),
      m_hopStart(board.sinceStart()),
      m_lastActivity(Clock::now()),
      m_callTimeout(callTimeoutIn(request.headers))
{
    if (m_callTimeout)
        m_deadline = m_lastActivity + *m_callTimeout;
}

Result<HttpExchange::Answer> HttpExchange::perform(const CancelToken &cancel)
{
    FRESHET_TRY(m_session.configure(m_request, m_hop));
    CURL *const easy = m_session.easy();
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpExchange::onHeader);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpExchange::onBody);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);

    if (const CURLMcode code = curl_multi_add_handle(m_session.multi(), easy); code != CURLM_OK)
        return fail(ErrorCode::Internal, curl_multi_strerror(code));
    const auto code = drive(cancel);
    if (cancel.isCancelled())
        m_session.abandon();
    (void)curl_multi_remove_handle(m_session.multi(), easy);

    if (cancel.isCancelled())
        return fail(cancelled());
    if (code) {
        auto answer = conclude(*code);
        // A sink that gave up because of the cancelling is not what went wrong.
        return !answer && cancel.isCancelled() ? fail(cancelled()) : std::move(answer);
    }
    // An answer that only explains an error does so without its end, too.
    return fail(m_use == Use::Excerpt && !m_failure ? statusError() : code.error());
}

// ---- what libcurl calls

std::size_t HttpExchange::onHeader(char *data, std::size_t size, std::size_t count, void *self)
{
    auto &exchange = *static_cast<HttpExchange *>(self);
    exchange.m_lastActivity = Clock::now();
    const Status status = exchange.takeHeaderLine({data, size * count});
    if (status)
        return size * count;
    exchange.m_failure = status.error();
    return kCallbackFailed;
}

std::size_t HttpExchange::onBody(char *data, std::size_t size, std::size_t count, void *self)
{
    auto &exchange = *static_cast<HttpExchange *>(self);
    exchange.m_lastActivity = Clock::now();
    const Status status = exchange.takeBody({data, size * count});
    if (!status)
        exchange.m_failure = status.error();
    return status && !exchange.m_hadEnough ? size * count : kCallbackFailed;
}

// ---- the answer

Status HttpExchange::takeHeaderLine(std::string_view line)
{
    if (!std::exchange(m_hasAnswer, true))
        m_board.changeTiming([now = m_board.sinceStart()](TransportTiming &timing) {
            timing.answerBegan = now; // of the last hop, as the request's times are
        });
    const bool wasComplete = m_parser.isComplete();
    if (Status status = m_parser.addLine(line); !status)
        return fail(placed(std::move(status).error()));
    return m_parser.isComplete() && !wasComplete ? headIsComplete() : Status();
}

Status HttpExchange::headIsComplete()
{
    const MessageHead &head = m_parser.head();
    if (head.framing == BodyFraming::Chunked)
        m_chunks.emplace(m_request.limits.headerBytes, m_observer);
    if (isRedirect(head.status)) {
        m_use = Use::Redirect;
        return {};
    }
    if (head.status < 200 || head.status > 299) {
        m_use = Use::Excerpt;
        m_refusal = responseHead();
        return {};
    }
    if (head.status == 206 && !findHeader(m_hop.headers, "Range"))
        return fail(placed(Error{.code = ErrorCode::ProtocolViolation,
                                 .detail = "the server sent a part (206) unasked",
                                 .nativeCode = 206}));
    ResponseHead told = responseHead();
    std::string fileName;
    if (m_request.undoCodings) {
        told.stated = m_request.stated;
        fileName = codedFileName(told, m_hop.url);
    } else {
        told.contentCodings.clear();
    }
    m_reader.emplace(m_sink, std::move(told), std::move(fileName), m_request.limits, m_board);
    if (m_request.undoCodings) // else it is kept as a file, by who checks that
        m_reader->holdToHead();
    Status begun = m_reader->begin();
    m_lastActivity = Clock::now();
    return begun;
}

ResponseHead HttpExchange::responseHead() const
{
    const MessageHead &head = m_parser.head();
    ResponseHead told;
    told.status = head.status;
    told.httpVersion = head.version;
    told.headers = head.headers;
    told.finalUrl = withoutSecrets(m_hop.url.text());
    told.contentType = findHeader(head.headers, "Content-Type").value_or("");
    told.contentLength = head.length;
    for (const std::string &coding : head.list("Content-Encoding"))
        told.contentCodings.push_back(lowered(coding));
    told.redirects = m_redirects;
    return told;
}

Status HttpExchange::takeBody(std::string_view bytes)
{
    if (!m_parser.isComplete())
        return fail(placed(
            Error{.code = ErrorCode::ProtocolViolation, .detail = "the answer has no headers"}));
    if (m_use == Use::Redirect) {
        m_ignored += bytes.size();
        m_hadEnough = m_ignored > kMaxSideBody; // dropping the connection is cheaper
        return {};
    }
    m_gathered.append(bytes);
    return m_gathered.size() >= kGather ? passGathered() : Status();
}

Status HttpExchange::passGathered()
{
    if (m_gathered.empty())
        return {};
    Status status;
    if (m_chunks) {
        status = m_chunks->feed(m_gathered, [this](std::string_view body) { return passOn(body); });
        if (!status && status.error().code == ErrorCode::ProtocolViolation)
            status = fail(placed(std::move(status).error()));
    } else {
        status = passOn(m_gathered);
    }
    m_gathered.clear();
    if (m_observer != nullptr)
        m_observer->onHandedOn();
    m_lastActivity = Clock::now(); // the time spent in the sink is not the server's
    return status;
}

Status HttpExchange::passOn(std::string_view body)
{
    if (m_use == Use::Deliver) {
        if (m_observer != nullptr)
            m_observer->onWire(body);
        return m_reader->feed(body);
    }
    const std::size_t room = kMaxSideBody - m_excerpt.size();
    m_excerpt.append(body.substr(0, room));
    m_hadEnough = body.size() >= room;
    return {};
}

// ---- the transfer

Result<CURLcode> HttpExchange::drive(const CancelToken &cancel)
{
    CURLM *const multi = m_session.multi();
    while (true) {
        int running = 0;
        if (const CURLMcode code = curl_multi_perform(multi, &running); code != CURLM_OK)
            return fail(ErrorCode::Internal, curl_multi_strerror(code));
        noteTiming();
        if (const auto code = finishedWith())
            return *code;
        if (!m_gathered.empty()) {
            int ready = 0;
            (void)curl_multi_poll(multi, nullptr, 0, 0, &ready);
            if (ready > 0 && !cancel.isCancelled())
                continue;
            if (Status passed = passGathered(); !passed) {
                m_failure = passed.error();
                return fail(std::move(passed).error());
            }
            if (m_hadEnough)
                return CURLE_WRITE_ERROR;
        }
        if (cancel.isCancelled())
            return fail(cancelled());
        FRESHET_TRY(checkDeadline());
        FRESHET_TRY(waitForMore());
    }
}

/// A call's server may go on as if it had not been told of its deadline.
Status HttpExchange::checkDeadline() const
{
    if (!m_deadline || Clock::now() < *m_deadline)
        return {};
    return fail(grpcError(kGrpcDeadlineExceeded, "the call did not end within its deadline of " +
                                                     std::to_string(m_callTimeout->count()) +
                                                     " ms"));
}

Status HttpExchange::waitForMore()
{
    CURL *const easy = m_session.easy();
    const auto now = Clock::now();
    auto patience = kConnectingTick;
    if (timeOf(easy, CURLINFO_PRETRANSFER_TIME_T).count() == 0) {
        m_lastActivity = now; // still connecting, which has a time-out of its own
    } else {
        curl_off_t uploaded = 0;
        (void)curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
        if (std::exchange(m_uploaded, uploaded) != uploaded)
            m_lastActivity = now;
        const auto idle =
            std::chrono::duration_cast<std::chrono::milliseconds>(now - m_lastActivity);
        if (idle >= m_request.idleTimeout)
            return fail(placed(
                Error{.code = ErrorCode::Timeout,
                      .detail = "nothing arrived for " + std::to_string(idle.count()) + " ms"}));
        // A whole millisecond more, lest rounding makes the last one a busy loop.
        patience = std::min<std::chrono::milliseconds>(
            m_request.idleTimeout - idle + std::chrono::milliseconds(1), std::chrono::minutes(1));
    }
    if (m_deadline)
        patience = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*m_deadline - now),
                              std::chrono::milliseconds(0), patience);
    const CURLMcode code =
        curl_multi_poll(m_session.multi(), nullptr, 0, static_cast<int>(patience.count()), nullptr);
    if (code != CURLM_OK)
        return fail(ErrorCode::Internal, curl_multi_strerror(code));
    return {};
}

std::optional<CURLcode> HttpExchange::finishedWith() const
{
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(m_session.multi(), &left)) {
        if (message->msg == CURLMSG_DONE)
            return message->data.result;
    }
    return std::nullopt;
}

void HttpExchange::noteTiming()
{
    if (m_isTimed)
        return;
    CURL *const easy = m_session.easy();
    const auto sent = timeOf(easy, CURLINFO_PRETRANSFER_TIME_T);
    if (sent.count() == 0)
        return;
    m_isTimed = true;
    long connections = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
    m_board.changeTiming([&](TransportTiming &timing) {
        timing.requestSent = m_hopStart + sent;
        if (connections == 0)
            return; // an earlier hop's connection, whose times stand
        timing.nameLookup = m_hopStart + timeOf(easy, CURLINFO_NAMELOOKUP_TIME_T);
        timing.connected = m_hopStart + timeOf(easy, CURLINFO_CONNECT_TIME_T);
        timing.tlsDone.reset();
        if (const auto tls = timeOf(easy, CURLINFO_APPCONNECT_TIME_T); tls.count() > 0)
            timing.tlsDone = m_hopStart + tls;
    });
}

// ---- the end

Result<HttpExchange::Answer> HttpExchange::conclude(CURLcode code)
{
    if (m_failure)
        return fail(std::move(*m_failure));
    if (!m_parser.isComplete()) {
        if (code != CURLE_OK)
            return fail(transferError(code));
        return fail(
            placed(Error{.code = ErrorCode::ConnectionLost,
                         .detail = "the connection ended before the answer's headers did"}));
    }
    if (m_use == Use::Redirect)
        return Answer{m_parser.head(), std::nullopt};
    const Status passed = passGathered();
    if (m_use == Use::Excerpt)
        return fail(statusError());
    if (!passed)
        return fail(passed.error());

    auto end = code == CURLE_OK ? bodyEnd() : fail(transferError(code));
    if (!end) {
        FRESHET_TRY(m_reader->deliverHeld());
        return fail(std::move(end).error());
    }
    const MessageHead &head = m_parser.head();
    const bool isEmpty = head.framing == BodyFraming::None || head.length == ByteCount();
    FRESHET_TRY(isEmpty ? m_reader->finishEmpty() : m_reader->finish());
    return Answer{head, TransportEnd{*end, m_board.wireBytes(), m_board.decodedBytes(),
                                     m_reader->digestProof()}};
}

Result<BodyEnd> HttpExchange::bodyEnd() const
{
    const MessageHead &head = m_parser.head();
    switch (head.framing) {
    case BodyFraming::None:
        return BodyEnd::LengthReached;
    case BodyFraming::Length:
        if (m_board.wireBytes() == *head.length)
            return BodyEnd::LengthReached;
        break;
    case BodyFraming::Chunked:
        if (m_chunks->isComplete())
            return BodyEnd::FramingComplete;
        break;
    case BodyFraming::Stream:
        return BodyEnd::FramingComplete;
    case BodyFraming::UntilClose:
        if (m_hop.url.isHttps() && !m_session.sawCloseNotify())
            return fail(placed(Error{.code = ErrorCode::ConnectionLost,
                                     .detail = "the TLS connection was cut (no close_notify)"}));
        return BodyEnd::ConnectionClosed;
    }
    return fail(transferError(CURLE_PARTIAL_FILE));
}

Error HttpExchange::statusError()
{
    const MessageHead &head = m_parser.head();
    const std::string_view reason =
        head.reason.empty() ? reasonPhrase(head.status) : std::string_view(head.reason);
    std::string detail = "the server answered " + std::to_string(head.status);
    if (!reason.empty() && isPrintable(reason))
        detail.append(" ").append(Error::excerptOf(reason));

    std::string text;
    if (auto decoder = makeContentDecoder(m_refusal->contentCodings, m_request.limits)) {
        // A damaged or cut explanation is still worth its beginning.
        const auto keep = [&text](std::string_view bytes) -> Status {
            text.append(bytes.substr(0, kMaxSideBody - text.size()));
            return text.size() < kMaxSideBody ? Status() : fail(cancelled());
        };
        (void)(*decoder)->feed(m_excerpt, keep);
    }
    std::string excerpt = Error::excerptOf(text);
    if (!isPrintable(excerpt))
        excerpt.clear();
    return Error{.code = ErrorCode::HttpStatus,
                 .detail = detail + " to " + m_hop.method + ' ' + withoutSecrets(m_hop.url.text()),
                 .excerpt = std::move(excerpt),
                 .nativeCode = head.status};
}

Error HttpExchange::transferError(CURLcode code) const
{
    // libcurl reads header lines into a buffer of fixed size and calls the rest "out of memory".
    if (code == CURLE_OUT_OF_MEMORY && m_parser.hasStarted() && !m_parser.isComplete())
        return placed(Error{.code = ErrorCode::SizeLimitExceeded,
                            .detail = "a response header is longer than the limit of 100 KiB"});
    long systemCode = 0;
    (void)curl_easy_getinfo(m_session.easy(), CURLINFO_OS_ERRNO, &systemCode);
    std::string message = withGroupedBytes(m_session.messageFor(code));
    if (code == CURLE_RECV_ERROR && message.starts_with("Too large response headers"))
        return placed(
            Error{.code = ErrorCode::SizeLimitExceeded, .detail = "too many response headers"});
    // libcurl looks at the chunks too, even where it hands them on as they are, and calls what it
    // does not like there a failure to receive.
    const bool isBadChunk =
        code == CURLE_RECV_ERROR && message.find("chunked-encoding") != std::string::npos;
    const bool isOldMaybe = m_request.version == HttpVersion::Http2 && !m_hop.url.isHttps() &&
                            m_isTimed && !m_hasAnswer;
    if (isOldMaybe) // it is told in many ways that these bytes are no HTTP/2
        message += "; HTTP/2 was asked for, and this server may speak only HTTP/1.1";
    return placed(Error{
        .code = isBadChunk ? ErrorCode::ProtocolViolation : errorCodeFor(code),
        .detail = std::move(message),
        .nativeCode = static_cast<int>(systemCode != 0 ? systemCode : static_cast<long>(code))});
}

/// `error` with the URL and how far the body had come.
Error HttpExchange::placed(Error error) const
{
    error.detail += " (" + withoutSecrets(m_hop.url.text());
    if (const ByteCount wire = m_board.wireBytes(); wire > ByteCount()) {
        error.detail += ", after " + groupedDigits(wire.value()) + " bytes of the body";
        error.byteOffset = ByteOffset(m_board.decodedBytes().value());
    }
    error.detail += ')';
    return error;
}

} // namespace freshet::transport
