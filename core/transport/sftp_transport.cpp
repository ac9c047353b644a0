// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/sftp_transport.h"

#include "transport/ascii.h"
#include "transport/body_reader.h"
#include "transport/ssh_exchange.h"

#include <array>
#include <charconv>
#include <ctime>
#include <utility>

namespace freshet::transport {

namespace {

struct WantedRange
{
    ByteOffset first;
    std::optional<ByteOffset> end; ///< behind the last byte
    std::string ifRange;
};

/// `Range: bytes=N-` or `bytes=N-M`; nothing else is asked by us.
std::optional<WantedRange> rangeOf(const std::vector<Header> &headers)
{
    constexpr std::string_view kUnit = "bytes=";
    const auto value = findHeader(headers, "Range");
    if (!value || !value->starts_with(kUnit))
        return std::nullopt;
    WantedRange range;
    std::int64_t number = 0;
    const char *const end = value->data() + value->size();
    const auto first = std::from_chars(value->data() + kUnit.size(), end, number);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-')
        return std::nullopt;
    range.first = ByteOffset(number);
    if (const auto last = std::from_chars(first.ptr + 1, end, number); last.ec == std::errc())
        range.end = ByteOffset(number + 1);
    range.ifRange = findHeader(headers, "If-Range").value_or("");
    return range;
}

/// IMF-fixdate (RFC 9110 §5.6.7).
std::string httpDate(std::int64_t seconds)
{
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts = {};
    constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (::gmtime_r(&time, &parts) == nullptr)
        return {};
    std::array<char, 64> text{};
    const auto length =
        std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                      kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                      kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                      parts.tm_hour, parts.tm_min, parts.tm_sec);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string fileNameOf(const std::string &url)
{
    return url.substr(url.rfind('/') + 1);
}

/// Takes the bytes of one file and tells its head as an HTTP server would.
class Answer
{
public:
    Answer(ByteSink &sink, const ByteRequest &request, std::optional<WantedRange> range,
           ProgressBoard &board)
        : m_sink(sink), m_request(request), m_range(std::move(range)), m_board(board)
    {}

    Status onFacts(const RemoteFileFacts &facts)
    {
        const ByteOffset from = m_range ? m_range->first : ByteOffset();
        ResponseHead head{.status = m_range ? 206 : 200, .finalUrl = withoutSecrets(m_request.url)};
        if (m_request.undoCodings) // else it is kept as a file, by who checks that
            head.stated = m_request.stated;
        std::optional<ByteOffset> whole;
        if (facts.length)
            whole = from + *facts.length;
        if (facts.modified)
            head.headers.push_back({"Last-Modified", httpDate(*facts.modified)});
        if (whole && facts.modified) {
            m_etag =
                '"' + std::to_string(*facts.modified) + '-' + std::to_string(whole->value()) + '"';
            head.headers.push_back({"ETag", m_etag});
        }
        if (m_range && !m_range->ifRange.empty() && m_range->ifRange != m_etag) {
            isOther = true;
            return fail(ErrorCode::SourceChanged, "the file is another one");
        }
        ByteOffset end = whole.value_or(ByteOffset());
        if (m_range && whole) {
            if (from >= *whole)
                return behindTheEnd(head, *whole);
            if (m_range->end)
                end = std::min(end, *m_range->end);
            head.headers.push_back({"Content-Range", "bytes " + std::to_string(from.value()) + '-' +
                                                         std::to_string(end.value() - 1) + '/' +
                                                         std::to_string(whole->value())});
        }
        if (whole) {
            m_left = end - from;
            head.contentLength = *m_left;
        }
        std::string name;
        if (m_request.undoCodings && !m_range)
            name = fileNameOf(m_request.url);
        m_reader.emplace(m_sink, std::move(head), std::move(name), m_request.limits, m_board);
        if (m_request.undoCodings)
            m_reader->holdToHead();
        return m_reader->begin();
    }

    Status onBytes(std::string_view bytes)
    {
        if (m_left && ByteCount(std::ssize(bytes)) >= *m_left) {
            bytes = bytes.substr(0, m_left->asSize());
            hasEnough = m_range && m_range->end;
        }
        if (m_left)
            *m_left -= ByteCount(std::ssize(bytes));
        FRESHET_TRY(m_reader->feed(bytes));
        // Nothing behind the range is wanted: leaving is cheaper than reading it.
        return hasEnough ? fail(ErrorCode::Cancelled, "the range is here") : Status();
    }

    /// Output: how it ended.
    Result<TransportEnd> finish()
    {
        if (m_left && *m_left > ByteCount()) {
            FRESHET_TRY(m_reader->deliverHeld());
            return fail(ErrorCode::ConnectionLost,
                        "the file ended before its length: " + withoutSecrets(m_request.url));
        }
        FRESHET_TRY(m_reader->finish());
        return TransportEnd{.end = m_left ? BodyEnd::LengthReached : BodyEnd::ConnectionClosed,
                            .wireBytes = m_board.wireBytes(),
                            .decodedBytes = m_board.decodedBytes(),
                            .digestProof = m_reader->digestProof()};
    }
    void deliverHeld()
    {
        if (m_reader)
            (void)m_reader->deliverHeld();
    }

    std::optional<ResponseHead> refusal;
    bool isOther = false;   ///< the file is not the one that the range was meant for
    bool hasEnough = false; ///< the transfer was left, all is well

private:
    Status behindTheEnd(ResponseHead head, ByteOffset whole)
    {
        head.status = 416;
        head.headers.push_back({"Content-Range", "bytes */" + std::to_string(whole.value())});
        refusal = std::move(head);
        return fail(Error{.code = ErrorCode::HttpStatus,
                          .detail = "the range lies behind the end of the file",
                          .nativeCode = 416});
    }

    ByteSink &m_sink;
    const ByteRequest &m_request;
    std::optional<WantedRange> m_range;
    ProgressBoard &m_board;
    std::string m_etag;
    std::optional<ByteCount> m_left; ///< bytes that are still to come
    std::optional<BodyReader> m_reader;
};

} // namespace

Result<std::unique_ptr<Transport>> SftpTransport::create(ByteRequest request)
{
    if (request.ssh.knownHostsFile.empty())
        return fail(ErrorCode::InvalidArgument,
                    "without a known_hosts file nobody can tell whether the server is the right "
                    "one");
    if (request.url.find('/', request.url.find("://") + 3) == std::string::npos)
        return fail(ErrorCode::UrlInvalid, "an SFTP address is sftp://user@host/path");
    return std::make_unique<SftpTransport>(std::move(request));
}

SftpTransport::SftpTransport(ByteRequest request) : m_request(std::move(request)) {}

Result<TransportEnd> SftpTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    auto range = rangeOf(m_request.headers);
    while (true) {
        Answer answer(sink, m_request, range, m_board);
        SshExchange exchange(m_request);
        const Status done = exchange.run(
            m_request.url, range ? range->first : ByteOffset(),
            [&](const RemoteFileFacts &facts) { return answer.onFacts(facts); },
            [&](std::string_view bytes) { return answer.onBytes(bytes); }, cancel);
        if (done || answer.hasEnough)
            return answer.finish();
        m_refusal = answer.refusal;
        // As If-Range asks: another file is sent whole.
        if (range && (answer.isOther || exchange.isBehindEnd())) {
            range.reset();
            continue;
        }
        answer.deliverHeld();
        return fail(done.error());
    }
}

} // namespace freshet::transport
