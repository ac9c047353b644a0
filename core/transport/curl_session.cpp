// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/curl_session.h"

#include "transport/ascii.h"

#include <openssl/ssl.h>

#include <utility>

namespace freshet::transport {

namespace {

/// libcurl's receive buffer: one read(2) takes as much as the kernel has.
constexpr long kReceiveBuffer = 512 * 1024;

Status startLibrary()
{
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK)
        return fail(ErrorCode::Internal, curl_easy_strerror(code));
    return {};
}

/// Sets options and keeps the first failure, so that each need not be asked for its own.
class Options
{
public:
    explicit Options(CURL *handle) : m_handle(handle) {}
    template <typename Value>
    void set(CURLoption option, Value value)
    {
        if (m_code == CURLE_OK)
            m_code = (curl_easy_setopt)(m_handle, option, value);
    }
    [[nodiscard]] CURLcode code() const { return m_code; }

private:
    CURL *m_handle;
    CURLcode m_code = CURLE_OK;
};

bool names(const std::vector<Header> &headers, std::string_view name)
{
    return findHeader(headers, name).has_value();
}

/// The place in an SSL_CTX where the session that it belongs to is kept; negative on failure.
int sessionIndex()
{
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

long versionOption(HttpVersion version, bool isHttps)
{
    switch (version) {
    case HttpVersion::Auto:
        return CURL_HTTP_VERSION_2TLS;
    case HttpVersion::Http1:
        return CURL_HTTP_VERSION_1_1;
    case HttpVersion::Http2:
        return isHttps ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    }
    return CURL_HTTP_VERSION_2TLS;
}

void setMethod(Options &options, const Hop &hop)
{
    if (hop.method == "HEAD") {
        options.set(CURLOPT_NOBODY, 1L);
        return;
    }
    if (!hop.body.empty() || hop.method == "POST" || hop.method == "PUT" || hop.method == "PATCH") {
        options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(hop.body.size()));
        options.set(CURLOPT_POSTFIELDS, hop.body.c_str());
    }
    options.set(CURLOPT_CUSTOMREQUEST, hop.method.c_str());
}

bool append(curl_slist *&list, const std::string &line)
{
    curl_slist *const longer = curl_slist_append(list, line.c_str());
    if (longer)
        list = longer;
    return longer != nullptr;
}

/// The header lines to send; false without memory.
bool buildHeaders(curl_slist *&list, const ByteRequest &request, const Hop &hop)
{
    bool good = true;
    for (const Header &header : hop.headers) // "Name;" is libcurl's way to send an empty value
        good = good && append(list, header.value.empty() ? header.name + ';'
                                                         : header.name + ": " + header.value);
    if (!request.acceptEncoding.empty() && !names(hop.headers, "Accept-Encoding"))
        good = good && append(list, "Accept-Encoding: " + request.acceptEncoding);
    if (!names(hop.headers, "User-Agent"))
        good = good && append(list, "User-Agent: Freshet/" FRESHET_VERSION);
    // libcurl 7.88 would sign headers that are taken back, and nobody would find them.
    if (!hop.awsScope.empty())
        return good;
    // Take back what libcurl would add by itself: a guess at the body's type, and a round trip.
    if (!names(hop.headers, "Content-Type"))
        good = good && append(list, "Content-Type:");
    if (!names(hop.headers, "Expect"))
        good = good && append(list, "Expect:");
    return good;
}

} // namespace

Result<std::unique_ptr<CurlSession>> CurlSession::create()
{
    FRESHET_TRY(startLibrary());
    std::unique_ptr<CurlSession> session(new CurlSession);
    session->m_easy = curl_easy_init();
    session->m_multi = curl_multi_init();
    if (!session->m_easy || !session->m_multi)
        return fail(ErrorCode::Internal, "no memory for a transfer");
    return session;
}

CurlSession::~CurlSession()
{
    curl_easy_cleanup(m_easy);
    curl_multi_cleanup(m_multi);
    curl_slist_free_all(m_headers);
}

Status CurlSession::configure(const ByteRequest &request, const Hop &hop)
{
    curl_easy_reset(m_easy);
    curl_slist_free_all(std::exchange(m_headers, nullptr));
    m_message[0] = '\0';
    m_sawCloseNotify = false;
    if (!buildHeaders(m_headers, request, hop))
        return fail(ErrorCode::Internal, "no memory for the request headers");

    Options options(m_easy);
    options.set(CURLOPT_ERRORBUFFER, m_message);
    options.set(CURLOPT_URL, hop.url.text().c_str());
    options.set(CURLOPT_PROTOCOLS_STR, "http,https");
    options.set(CURLOPT_HTTPHEADER, m_headers);
    options.set(CURLOPT_HTTP_VERSION, versionOption(request.version, hop.url.isHttps()));
    setMethod(options, hop);
    if (hop.credentials) {
        options.set(CURLOPT_USERNAME, hop.credentials->user.c_str());
        options.set(CURLOPT_PASSWORD, hop.credentials->password.c_str());
        if (!hop.awsScope.empty())
            options.set(CURLOPT_AWS_SIGV4, hop.awsScope.c_str());
    }

    // We follow, decode and dechunk ourselves.
    options.set(CURLOPT_FOLLOWLOCATION, 0L);
    options.set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    options.set(CURLOPT_HTTP_TRANSFER_DECODING, 0L);
    options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

    // Nothing from the environment or the home folder.
    options.set(CURLOPT_PROXY, request.proxy.c_str());
    options.set(CURLOPT_NOPROXY, "");
    options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));

    options.set(CURLOPT_NOSIGNAL, 1L);
    options.set(CURLOPT_BUFFERSIZE, kReceiveBuffer);
    options.set(CURLOPT_TCP_NODELAY, 1L);
    options.set(CURLOPT_TCP_KEEPALIVE, 1L);
    options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connectTimeout.count()));

    options.set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.set(CURLOPT_SSL_VERIFYHOST, 2L);
    options.set(CURLOPT_SSL_CTX_FUNCTION, &CurlSession::watchAlerts);
    options.set(CURLOPT_SSL_CTX_DATA, this);
    if (!request.caFile.empty()) {
        options.set(CURLOPT_CAINFO, request.caFile.c_str());
        options.set(CURLOPT_CAPATH, static_cast<const char *>(nullptr));
    }
    if (options.code() != CURLE_OK)
        return fail(ErrorCode::Internal,
                    "libcurl refuses an option: " + messageFor(options.code()));
    return {};
}

// libcurl 7.88 takes a TLS connection that just ends for one that was closed properly, so that
// anyone on the way could cut a body that only the close delimits. OpenSSL tells of the alert that
// makes the difference.
CURLcode CurlSession::watchAlerts(CURL *, void *context, void *self)
{
    auto *const ssl = static_cast<SSL_CTX *>(context);
    if (sessionIndex() < 0 || SSL_CTX_set_ex_data(ssl, sessionIndex(), self) != 1)
        return CURLE_OUT_OF_MEMORY;
    SSL_CTX_set_info_callback(ssl, [](const SSL *connection, int event, int value) {
        if (event == SSL_CB_READ_ALERT && (value & 0xFF) == SSL_AD_CLOSE_NOTIFY) {
            void *const session = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), sessionIndex());
            static_cast<CurlSession *>(session)->m_sawCloseNotify = true;
        }
    });
    return CURLE_OK;
}

void CurlSession::wake() const
{
    // Fails only without a wake-up socket; the poll then ends by its own time-out.
    (void)curl_multi_wakeup(m_multi);
}

void CurlSession::abandon() const
{
    (void)curl_easy_setopt(m_easy, CURLOPT_QUICK_EXIT, 1L);
}

std::string CurlSession::messageFor(CURLcode code) const
{
    return m_message[0] != '\0' ? m_message : curl_easy_strerror(code);
}

ErrorCode errorCodeFor(CURLcode code)
{
    switch (code) {
    case CURLE_URL_MALFORMAT:
        return ErrorCode::UrlInvalid;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return ErrorCode::ResolveFailed;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
        return ErrorCode::ConnectFailed;
    case CURLE_OPERATION_TIMEDOUT:
        return ErrorCode::Timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
        return ErrorCode::TlsFailed;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2_STREAM:
        return ErrorCode::ConnectionLost;
    case CURLE_UNSUPPORTED_PROTOCOL: // not HTTP at all, which libcurl takes for HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_BAD_CONTENT_ENCODING:
        return ErrorCode::ProtocolViolation;
    case CURLE_FILESIZE_EXCEEDED:
        return ErrorCode::SizeLimitExceeded;
    default:
        return ErrorCode::Internal;
    }
}

} // namespace freshet::transport
