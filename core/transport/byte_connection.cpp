// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/byte_connection.h"

namespace freshet::transport {

namespace {

/// Looked after at least so often while the connection is being made.
constexpr std::chrono::milliseconds kConnectingTick{1000};

tl::unexpected<Error> failed(CURLMcode code)
{
    return fail(ErrorCode::Internal, curl_multi_strerror(code));
}

} // namespace

ByteConnection::ByteConnection(CurlSession &session, const ByteRequest &request, const Hop &hop,
                               ProgressBoard &board)
    : m_session(session), m_request(request), m_hop(hop), m_board(board)
{}

ByteConnection::~ByteConnection()
{
    if (m_isAdded)
        (void)curl_multi_remove_handle(m_session.multi(), m_session.easy());
}

Status ByteConnection::open(const CancelToken &cancel)
{
    FRESHET_TRY(m_session.configure(m_request, m_hop));
    CURL *const easy = m_session.easy();
    if (curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L) != CURLE_OK)
        return fail(ErrorCode::Internal, "libcurl makes no bare connections");
    if (const CURLMcode code = curl_multi_add_handle(m_session.multi(), easy); code != CURLM_OK)
        return failed(code);
    m_isAdded = true;
    while (!cancel.isCancelled()) {
        int running = 0;
        if (const CURLMcode code = curl_multi_perform(m_session.multi(), &running);
            code != CURLM_OK)
            return failed(code);
        int left = 0;
        while (const CURLMsg *message = curl_multi_info_read(m_session.multi(), &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            if (message->data.result != CURLE_OK)
                return fail(errorFor(message->data.result));
            noteTiming();
            // The handle stays added: its connection lives in the multi handle.
            if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &m_socket) != CURLE_OK)
                return fail(ErrorCode::Internal, "libcurl does not tell its socket");
            return {};
        }
        const CURLMcode code = curl_multi_poll(m_session.multi(), nullptr, 0,
                                               static_cast<int>(kConnectingTick.count()), nullptr);
        if (code != CURLM_OK)
            return failed(code);
    }
    m_session.abandon();
    return fail(ErrorCode::Cancelled, "cancelled");
}

Result<ByteConnection::Received> ByteConnection::receive(std::span<char> into)
{
    Received received;
    const CURLcode code =
        curl_easy_recv(m_session.easy(), into.data(), into.size(), &received.size);
    if (code == CURLE_AGAIN)
        return Received();
    if (code != CURLE_OK)
        return fail(errorFor(code));
    received.isEnd = received.size == 0;
    return received;
}

Status ByteConnection::send(std::string_view bytes)
{
    m_outgoing.append(bytes);
    return flush();
}

Status ByteConnection::flush()
{
    std::size_t done = 0;
    while (done < m_outgoing.size()) {
        std::size_t sent = 0;
        const CURLcode code = curl_easy_send(m_session.easy(), m_outgoing.data() + done,
                                             m_outgoing.size() - done, &sent);
        if (code == CURLE_AGAIN)
            break;
        if (code != CURLE_OK)
            return fail(errorFor(code));
        done += sent;
    }
    m_outgoing.erase(0, done);
    return {};
}

Status ByteConnection::wait(std::chrono::milliseconds patience)
{
    curl_waitfd waits{
        .fd = m_socket,
        .events = static_cast<short>(CURL_WAIT_POLLIN | (isSending() ? CURL_WAIT_POLLOUT : 0)),
        .revents = 0};
    const CURLMcode code =
        curl_multi_poll(m_session.multi(), &waits, 1, static_cast<int>(patience.count()), nullptr);
    return code == CURLM_OK ? Status() : failed(code);
}

Error ByteConnection::errorFor(CURLcode code) const
{
    long systemCode = 0;
    (void)curl_easy_getinfo(m_session.easy(), CURLINFO_OS_ERRNO, &systemCode);
    return Error{.code = errorCodeFor(code),
                 .detail = m_session.messageFor(code),
                 .nativeCode =
                     static_cast<int>(systemCode != 0 ? systemCode : static_cast<long>(code))};
}

void ByteConnection::noteTiming()
{
    const auto timeOf = [this](CURLINFO what) {
        curl_off_t time = 0;
        (void)curl_easy_getinfo(m_session.easy(), what, &time);
        return std::chrono::microseconds(time);
    };
    const auto tls = timeOf(CURLINFO_APPCONNECT_TIME_T);
    m_board.changeTiming([&](TransportTiming &timing) {
        timing.nameLookup = timeOf(CURLINFO_NAMELOOKUP_TIME_T);
        timing.connected = timeOf(CURLINFO_CONNECT_TIME_T);
        if (tls.count() > 0)
            timing.tlsDone = tls;
    });
}

} // namespace freshet::transport
