// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// What an SSH server says of a file before its bytes.
struct RemoteFileFacts
{
    std::optional<ByteCount> length;      ///< from the wanted offset on
    std::optional<std::int64_t> modified; ///< seconds since 1970
};

/// One transfer from an SSH server by libcurl: a file from an offset on, or the names in a folder.
///
/// The host key is checked against known_hosts before anything secret is sent. Threads: one thread
/// at a time.
class SshExchange
{
public:
    /// Called with the facts before the first bytes, also of an empty file.
    using TakeFacts = std::function<Status(const RemoteFileFacts &)>;
    using TakeBytes = std::function<Status(std::string_view)>;

    /// `request` outlives the exchange.
    explicit SshExchange(const ByteRequest &request) : m_request(request) {}

    /// Errors: those of `SftpTransport` and of the callbacks.
    [[nodiscard]] Status run(const std::string &url, ByteOffset from, const TakeFacts &takeFacts,
                             const TakeBytes &takeBytes, const CancelToken &cancel);
    /// The offset lay behind the end of the file.
    [[nodiscard]] bool isBehindEnd() const { return m_isBehindEnd; }

private:
    static std::size_t onBody(char *data, std::size_t size, std::size_t count, void *self);
    static int onHostKey(CURL *, const curl_khkey *, const curl_khkey *, curl_khmatch match,
                         void *self);
    static int onSocket(void *self, curl_socket_t socket, curlsocktype purpose);
    static int onSocketClose(void *self, curl_socket_t socket);

    [[nodiscard]] Status configure(const std::string &url, ByteOffset from);
    [[nodiscard]] Status drive(const CancelToken &cancel);
    void hangUp() const;
    [[nodiscard]] Status tellFacts();
    [[nodiscard]] Error errorFor(CURLcode code) const;

    const ByteRequest &m_request;
    std::unique_ptr<CURL, void (*)(CURL *)> m_easy{nullptr, curl_easy_cleanup};
    char m_message[CURL_ERROR_SIZE] = {};
    const TakeFacts *m_takeFacts = nullptr;
    const TakeBytes *m_takeBytes = nullptr;
    std::vector<curl_socket_t> m_sockets; ///< open ones
    std::string m_shownUrl;
    Status m_taken;
    bool m_hasFacts = false;
    bool m_isOver = false; ///< all bytes were here
    bool m_isBehindEnd = false;
    curl_khmatch m_match = CURLKHMATCH_OK;
    std::chrono::steady_clock::time_point m_lastActivity;
};

} // namespace freshet::transport
