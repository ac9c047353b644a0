// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/ssh_exchange.h"

#include "transport/curl_session.h"
#include "transport/pipe_signal_block.h"

#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace freshet::transport {

namespace {

using Clock = std::chrono::steady_clock;

constexpr long kReceiveBuffer = 512 * 1024;
constexpr int kTickMs = 1000;

/// What libcurl takes for "the callback failed".
constexpr std::size_t kCallbackFailed = CURL_WRITEFUNC_ERROR;

/// What of an sftp: URL decides how libcurl is set up.
struct SshUrl
{
    std::string text; ///< blanks and bytes outside ASCII percent-encoded
    bool hasUser = false;
    bool hasPassword = false;

    static Result<SshUrl> parse(const std::string &url)
    {
        const std::unique_ptr<CURLU, void (*)(CURLU *)> parts(curl_url(), curl_url_cleanup);
        SshUrl parsed;
        const CURLUcode code =
            curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_URLENCODE);
        char *text = nullptr;
        if (code != CURLUE_OK || curl_url_get(parts.get(), CURLUPART_URL, &text, 0) != CURLUE_OK)
            return fail(ErrorCode::UrlInvalid, '"' + withoutSecrets(url) + "\" is no valid URL: " +
                                                   curl_url_strerror(code));
        parsed.text = text;
        curl_free(text);
        const auto has = [&parts](CURLUPart part) {
            char *value = nullptr;
            const bool isThere = curl_url_get(parts.get(), part, &value, 0) == CURLUE_OK;
            curl_free(value);
            return isThere;
        };
        parsed.hasUser = has(CURLUPART_USER);
        parsed.hasPassword = has(CURLUPART_PASSWORD);
        return parsed;
    }
};

long authTypes(const SshAccess &access, bool hasPassword)
{
    long types = 0;
    if (hasPassword)
        types |= CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD;
    if (!access.privateKeyFile.empty())
        types |= CURLSSH_AUTH_PUBLICKEY;
    if (access.hasAgent)
        types |= CURLSSH_AUTH_AGENT;
    return types;
}

} // namespace

Status SshExchange::run(const std::string &url, ByteOffset from, const TakeFacts &takeFacts,
                        const TakeBytes &takeBytes, const CancelToken &cancel)
{
    m_takeFacts = &takeFacts;
    m_takeBytes = &takeBytes;
    m_shownUrl = withoutSecrets(url);
    m_hasFacts = false;
    m_isOver = false;
    m_isBehindEnd = false;
    m_taken = {};
    FRESHET_TRY(configure(url, from));
    const PipeSignalBlock noPipeSignal;
    FRESHET_TRY(drive(cancel));
    m_isOver = true;
    return m_hasFacts ? Status() : tellFacts();
}

Status SshExchange::configure(const std::string &url, ByteOffset from)
{
    // libcurl is set up once for the whole program, by whoever comes first.
    if (auto session = CurlSession::create(); !session)
        return fail(std::move(session).error());
    const auto parsed = SshUrl::parse(url);
    if (!parsed)
        return fail(parsed.error());
    m_easy.reset(curl_easy_init());
    if (!m_easy)
        return fail(ErrorCode::Internal, "no memory for a transfer");
    CURL *const easy = m_easy.get();
    CURLcode code = CURLE_OK;
    const auto set = [&](CURLoption option, auto value) {
        if (code == CURLE_OK)
            code = (curl_easy_setopt)(easy, option, value);
    };
    const SshAccess &access = m_request.ssh;
    set(CURLOPT_ERRORBUFFER, m_message);
    set(CURLOPT_URL, parsed->text.c_str());
    set(CURLOPT_PROTOCOLS_STR, "sftp");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_BUFFERSIZE, kReceiveBuffer);
    set(CURLOPT_FILETIME, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_request.connectTimeout.count()));
    set(CURLOPT_PROXY, m_request.proxy.c_str());
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    if (!parsed->hasUser && !access.user.empty())
        set(CURLOPT_USERNAME, access.user.c_str());
    if (!access.password.empty() && !parsed->hasPassword)
        set(CURLOPT_PASSWORD, access.password.c_str());
    set(CURLOPT_SSH_AUTH_TYPES, authTypes(access, !access.password.empty() || parsed->hasPassword));
    if (!access.privateKeyFile.empty()) {
        set(CURLOPT_SSH_PRIVATE_KEYFILE, access.privateKeyFile.c_str());
        if (!access.passphrase.empty())
            set(CURLOPT_KEYPASSWD, access.passphrase.c_str());
    }
    set(CURLOPT_SSH_KNOWNHOSTS, access.knownHostsFile.c_str());
    set(CURLOPT_SSH_KEYFUNCTION, &SshExchange::onHostKey);
    set(CURLOPT_SSH_KEYDATA, this);
    if (from > ByteOffset())
        set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(from.value()));
    set(CURLOPT_SOCKOPTFUNCTION, &SshExchange::onSocket);
    set(CURLOPT_SOCKOPTDATA, this);
    set(CURLOPT_CLOSESOCKETFUNCTION, &SshExchange::onSocketClose);
    set(CURLOPT_CLOSESOCKETDATA, this);
    set(CURLOPT_WRITEFUNCTION, &SshExchange::onBody);
    set(CURLOPT_WRITEDATA, this);
    if (code != CURLE_OK)
        return fail(ErrorCode::Internal,
                    std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
    return {};
}

int SshExchange::onHostKey(CURL *, const curl_khkey *, const curl_khkey *, curl_khmatch match,
                           void *self)
{
    static_cast<SshExchange *>(self)->m_match = match;
    return match == CURLKHMATCH_OK ? CURLKHSTAT_FINE : CURLKHSTAT_REJECT;
}

std::size_t SshExchange::onBody(char *data, std::size_t size, std::size_t count, void *self)
{
    auto &exchange = *static_cast<SshExchange *>(self);
    if (!exchange.m_hasFacts)
        exchange.m_taken = exchange.tellFacts();
    if (exchange.m_taken)
        exchange.m_taken = (*exchange.m_takeBytes)({data, size * count});
    exchange.m_lastActivity = Clock::now();
    if (exchange.m_taken)
        return size * count;
    exchange.hangUp();
    return kCallbackFailed;
}

int SshExchange::onSocket(void *self, curl_socket_t socket, curlsocktype)
{
    static_cast<SshExchange *>(self)->m_sockets.push_back(socket);
    return CURL_SOCKOPT_OK;
}

int SshExchange::onSocketClose(void *self, curl_socket_t socket)
{
    std::erase(static_cast<SshExchange *>(self)->m_sockets, socket);
    return ::close(socket);
}

/// libssh2 asks the server to close the file, and waits for its answer, however we part. From one
/// that sends nothing any more that answer would never come.
void SshExchange::hangUp() const
{
    for (const curl_socket_t socket : m_sockets)
        (void)::shutdown(socket, SHUT_RDWR);
}

Status SshExchange::tellFacts()
{
    m_hasFacts = true;
    RemoteFileFacts facts;
    curl_off_t length = -1;
    curl_off_t modified = -1;
    if (curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK &&
        length >= 0)
        facts.length = ByteCount(length);
    else if (m_isOver) // nothing came: libcurl says no length of an empty file
        facts.length = ByteCount();
    if (curl_easy_getinfo(m_easy.get(), CURLINFO_FILETIME_T, &modified) == CURLE_OK &&
        modified >= 0)
        facts.modified = modified;
    return (*m_takeFacts)(facts);
}

Status SshExchange::drive(const CancelToken &cancel)
{
    const std::unique_ptr<CURLM, CURLMcode (*)(CURLM *)> multi(curl_multi_init(),
                                                               curl_multi_cleanup);
    if (!multi || curl_multi_add_handle(multi.get(), m_easy.get()) != CURLM_OK)
        return fail(ErrorCode::Internal, "no memory for a transfer");
    const auto registration = cancel.onCancel([&multi] { (void)curl_multi_wakeup(multi.get()); });
    m_lastActivity = Clock::now();
    std::optional<CURLcode> result;
    int running = 1;
    while (!result && !cancel.isCancelled()) {
        if (const CURLMcode code = curl_multi_perform(multi.get(), &running); code != CURLM_OK)
            return fail(ErrorCode::Internal, curl_multi_strerror(code));
        int left = 0;
        while (const CURLMsg *message = curl_multi_info_read(multi.get(), &left)) {
            if (message->msg == CURLMSG_DONE)
                result = message->data.result;
        }
        if (result)
            break;
        if (Clock::now() - m_lastActivity >= m_request.idleTimeout)
            result = CURLE_OPERATION_TIMEDOUT;
        else
            (void)curl_multi_poll(multi.get(), nullptr, 0, kTickMs, nullptr);
    }
    if (result != CURLE_OK)
        hangUp();
    (void)curl_multi_remove_handle(multi.get(), m_easy.get());
    if (cancel.isCancelled())
        return fail(ErrorCode::Cancelled, "cancelled");
    if (!m_taken)
        return m_taken;
    m_isBehindEnd = result == CURLE_BAD_DOWNLOAD_RESUME;
    if (*result != CURLE_OK)
        return fail(errorFor(*result));
    return {};
}

Error SshExchange::errorFor(CURLcode code) const
{
    const std::string said = m_message[0] != '\0' ? m_message : curl_easy_strerror(code);
    const auto refused = [&](int status, const std::string &why) {
        return Error{
            .code = ErrorCode::HttpStatus, .detail = why + ": " + m_shownUrl, .nativeCode = status};
    };
    if (m_match == CURLKHMATCH_MISMATCH)
        return Error{.code = ErrorCode::TlsFailed,
                     .detail = "the server's host key is not the one in " +
                               m_request.ssh.knownHostsFile +
                               ": somebody may stand in between, or the server was set up anew"};
    if (m_match == CURLKHMATCH_MISSING)
        return Error{.code = ErrorCode::TlsFailed,
                     .detail = "the server's host key is not in " + m_request.ssh.knownHostsFile +
                               "; connect once with ssh, compare the key, and try again"};
    switch (code) {
    case CURLE_LOGIN_DENIED:
        return refused(401, "the SSH server refused the login");
    case CURLE_REMOTE_ACCESS_DENIED:
        return refused(403, "the SSH server does not let this user read the file");
    case CURLE_REMOTE_FILE_NOT_FOUND:
        return refused(404, "there is no such file on the SSH server");
    case CURLE_SSH:
    case CURLE_PARTIAL_FILE:
        return Error{.code = ErrorCode::ConnectionLost, .detail = said + ": " + m_shownUrl};
    default:
        return Error{.code = errorCodeFor(code),
                     .detail = said + ": " + m_shownUrl,
                     .nativeCode = static_cast<int>(code)};
    }
}

} // namespace freshet::transport
