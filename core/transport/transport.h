// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "base/limits.h"
#include "transport/postgres_fetch.h"
#include "transport/stated_digest.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

struct Header
{
    std::string name;
    std::string value;
};

/// The value of the first header called `name` (any case), if there is one.
[[nodiscard]] std::optional<std::string_view> findHeader(const std::vector<Header> &headers,
                                                         std::string_view name);

enum class HttpVersion { Auto, Http1, Http2 };

/// How an s3:// URL is reached. Without an access key it is asked anonymously.
struct S3Access
{
    /// `https://storage.example:9000`; empty: Amazon's of the region.
    std::string endpoint;
    std::string region = "us-east-1";
    std::string accessKeyId;
    std::string secretAccessKey;
    std::string sessionToken; ///< of temporary keys
    /// The bucket in the path (`endpoint/bucket/key`), not in the host name. Always so with an
    /// endpoint that is an IP address.
    bool isPathStyle = false;

    bool operator==(const S3Access &) const = default;
};

/// How an sftp:// server is spoken to, beside user and password in the URL.
struct SshAccess
{
    std::string user;           ///< if the URL names none
    std::string password;       ///< if the URL holds none; empty: not tried
    std::string privateKeyFile; ///< empty: none
    std::string passphrase;     ///< of that key
    bool hasAgent = false;      ///< ask the agent of SSH_AUTH_SOCK
    /// OpenSSH's known_hosts; a server that is not in it is refused.
    std::string knownHostsFile;

    bool operator==(const SshAccess &) const = default;
};

/// One request for bytes: an http(s) URL, a file:// URL, a plain path, "-" for standard input, or a
/// postgresql:// URL, whose query is the body.
struct ByteRequest
{
    std::string url;
    /// Of a local ZIP archive, the member that is wanted; empty: the file itself.
    std::string member;
    std::string method = "GET";
    std::vector<Header> headers;
    std::string body;
    /// Value of Accept-Encoding; `identity` asks for none.
    std::string acceptEncoding = "zstd, br, gzip, deflate";
    /// False: hand on the bytes as they are sent, whatever their coding. The head then names no
    /// codings but among its headers.
    bool undoCodings = true;
    HttpVersion version = HttpVersion::Auto;
    std::chrono::milliseconds connectTimeout{30'000};
    /// Give up when nothing arrived for so long while we were ready to read.
    std::chrono::milliseconds idleTimeout{300'000};
    /// PEM file to trust in place of the system's; empty: the system's.
    std::string caFile;
    /// Proxy to go through, as libcurl writes it (`http://host:port`, `socks5h://…`); empty: none.
    /// The environment's proxies are left to whoever makes the request.
    std::string proxy;
    S3Access s3;
    SshAccess ssh;
    /// How a postgresql:// URL is asked.
    PostgresFetch postgres;
    /// What the whole body has to be, as it is known beforehand: a checksum beside a file.
    std::optional<StatedDigest> stated;
    Limits limits;

    [[nodiscard]] Status validate() const;
};

/// What the server said before the body.
struct ResponseHead
{
    int status = 0;          ///< 0 for files
    std::string httpVersion; ///< "1.1", "2"; empty for files
    std::vector<Header> headers;
    std::string finalUrl; ///< after redirects, without credentials
    std::string contentType;
    /// As announced, of the encoded body; for files their size.
    std::optional<ByteCount> contentLength;
    /// Codings in the order they were applied: {"gzip"}; found by suffix and first bytes for files.
    std::vector<std::string> contentCodings;
    int redirects = 0;
    std::optional<StatedDigest> stated; ///< as the request has it
};

/// When things happened, since the call to `run`; unset where it did not (a file, a reused
/// connection).
struct TransportTiming
{
    std::optional<std::chrono::microseconds> nameLookup;
    std::optional<std::chrono::microseconds> connected;
    std::optional<std::chrono::microseconds> tlsDone;
    std::optional<std::chrono::microseconds> requestSent;
    std::optional<std::chrono::microseconds> answerBegan; ///< HTTP: first byte of the head
    std::optional<std::chrono::microseconds> firstByte;   ///< of the body
    std::optional<std::chrono::microseconds> lastByte;
};

/// How the body ended, when it did not fail.
enum class BodyEnd {
    LengthReached,   ///< Content-Length bytes arrived, or the whole file was read
    FramingComplete, ///< terminating chunk, or HTTP/2 END_STREAM
    ConnectionClosed ///< nothing but the close said that it was over (RFC 9112 §6.3 rule 8)
};

struct TransportEnd
{
    BodyEnd end = BodyEnd::ConnectionClosed;
    ByteCount wireBytes;    ///< of the encoded body
    ByteCount decodedBytes; ///< handed to the sink
    /// "MD5 of the body = …, which the ETag states": the whole of it was held to that in one
    /// answer. Empty: it was not.
    std::string digestProof = {};
};

/// Receives one response. Called on the thread that runs the transport; may block, which stops the
/// reading of the socket.
class ByteSink
{
public:
    virtual ~ByteSink() = default;
    /// Once, before the first bytes; not for redirects. An error ends the transfer with it.
    [[nodiscard]] virtual Status onHead(const ResponseHead &head) = 0;
    /// Decoded bytes, in order.
    [[nodiscard]] virtual Status onBytes(std::string_view bytes) = 0;
};

/// Live figures, safe to read from any thread while `run` is under way.
struct TransportProgress
{
    ByteCount wireBytes;
    ByteCount decodedBytes;
    TransportTiming timing;

    /// Add the figures of a later exchange: bytes add up; of the times, those that came first stay,
    /// but for the last byte.
    void add(const TransportProgress &later);
};

/// Fetches the bytes of one request and undoes redirects and content codings.
///
/// `run` blocks until the end. A status other than 2xx is ErrorCode::HttpStatus with the status in
/// `nativeCode` and the start of the body as excerpt. A body cut short is ConnectionLost or
/// CodingTruncated, after everything that did arrive was handed to the sink.
/// Threads: `run` once, on any thread; `progress` from any thread.
class Transport
{
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) = 0;
    [[nodiscard]] virtual TransportProgress progress() const = 0;
    /// After `run` gave HttpStatus: the head of that answer (Retry-After, WWW-Authenticate,
    /// Content-Range of a 416 …). Thread of `run` only.
    [[nodiscard]] virtual std::optional<ResponseHead> refusal() const { return std::nullopt; }
    /// After `run`, however it ended: what the server said besides head and body, such as the
    /// notices of a database and the tag of its command. Thread of `run` only.
    [[nodiscard]] virtual std::vector<Header> trailers() const { return {}; }
};

/// The transport for the request's scheme.
/// Errors: UrlInvalid, Unsupported (unknown scheme).
[[nodiscard]] Result<std::unique_ptr<Transport>> makeTransport(ByteRequest request);

/// `url` as it may be shown and stored: without user name, password and the values of query
/// parameters that look like secrets (token, key, signature, password, secret …).
[[nodiscard]] std::string withoutSecrets(std::string_view url);
/// What stands in place of a secret in `withoutSecrets`.
inline constexpr std::string_view kMaskedSecret = "***";
/// Whether a header of this name carries a secret (Authorization, Cookie, X-Api-Key, …-Token …).
[[nodiscard]] bool isSecretHeader(std::string_view name);

} // namespace freshet::transport
