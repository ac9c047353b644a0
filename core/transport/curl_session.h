// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/redirects.h"
#include "transport/transport.h"

#include <curl/curl.h>

#include <memory>
#include <string>

namespace freshet::transport {

/// One libcurl easy handle inside a multi handle of its own: the multi interface, because its poll
/// can be woken from another thread; a single transfer, because a sink that blocks then holds back
/// nothing but its own connection.
///
/// Threads: one thread at a time, except `wake`.
class CurlSession
{
public:
    [[nodiscard]] static Result<std::unique_ptr<CurlSession>> create();
    ~CurlSession();
    CurlSession(const CurlSession &) = delete;
    CurlSession &operator=(const CurlSession &) = delete;

    /// Set the handle up for `hop`, which has to outlive the transfer. Connections made for
    /// earlier hops are reused. Everything libcurl would take from the environment is shut off.
    [[nodiscard]] Status configure(const ByteRequest &request, const Hop &hop);

    [[nodiscard]] CURL *easy() const { return m_easy; }
    [[nodiscard]] CURLM *multi() const { return m_multi; }
    /// Make `curl_multi_poll` return. Thread-safe.
    void wake() const;
    /// Do not wait for a name look-up that is under way when the session goes.
    void abandon() const;
    /// Whether the peer ended its TLS connection in the proper way during this transfer
    /// (RFC 8446 §6.1); without it, a body that only the close delimits may have been cut.
    [[nodiscard]] bool sawCloseNotify() const { return m_sawCloseNotify; }
    /// What libcurl said about its last error, or the code's usual text.
    [[nodiscard]] std::string messageFor(CURLcode code) const;

private:
    CurlSession() = default;
    static CURLcode watchAlerts(CURL *, void *context, void *self);

    CURL *m_easy = nullptr;
    CURLM *m_multi = nullptr;
    curl_slist *m_headers = nullptr;
    char m_message[CURL_ERROR_SIZE] = {};
    bool m_sawCloseNotify = false;
};

/// The code for a transfer that ended with `code`.
[[nodiscard]] ErrorCode errorCodeFor(CURLcode code);

} // namespace freshet::transport
