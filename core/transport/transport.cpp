// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/transport.h"

#include "transport/ascii.h"
#include "transport/file_transport.h"
#include "transport/grpc_transport.h"
#include "transport/http_transport.h"
#include "transport/postgres_transport.h"
#include "transport/s3_transport.h"
#include "transport/sftp_transport.h"
#include "transport/web_socket_transport.h"
#include "transport/zip_transport.h"

#include <algorithm>

namespace freshet::transport {

namespace {

/// The scheme of `url` in lower case; empty for a path. A single letter is no scheme.
std::string schemeOf(std::string_view url)
{
    const auto isSchemeCharacter = [](char c) {
        return isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'z') || c == '+' || c == '-' ||
               c == '.';
    };
    const std::size_t colon = url.find(':');
    if (colon == std::string_view::npos || colon < 2 ||
        !std::all_of(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(colon),
                     isSchemeCharacter))
        return {};
    const std::string scheme = lowered(url.substr(0, colon));
    return scheme == "file" || url.substr(colon).starts_with("://") ? scheme : std::string();
}

tl::unexpected<Error> invalid(std::string_view field, std::string_view reason)
{
    return fail(ErrorCode::InvalidArgument, std::string(field) + ' ' + std::string(reason));
}

} // namespace

std::optional<std::string_view> findHeader(const std::vector<Header> &headers,
                                           std::string_view name)
{
    for (const Header &header : headers) {
        if (equalsIgnoringCase(header.name, name))
            return header.value;
    }
    return std::nullopt;
}

Status ByteRequest::validate() const
{
    constexpr std::string_view kLineBreaks("\0\r\n", 3);
    if (url.empty())
        return fail(ErrorCode::UrlInvalid, "the URL is empty");
    if (!isToken(method))
        return invalid("the method", "must be a word such as GET");
    for (const Header &header : headers) {
        if (!isToken(header.name))
            return invalid("the header name \"" + Error::excerptOf(header.name) + '"',
                           "contains a character that is not allowed");
        if (header.value.find_first_of(kLineBreaks) != std::string::npos)
            return invalid("the value of the header " + header.name, "contains a line break");
    }
    if (acceptEncoding.find_first_of(kLineBreaks) != std::string::npos)
        return invalid("the accepted encodings", "contain a line break");
    if (connectTimeout <= std::chrono::milliseconds::zero() ||
        idleTimeout <= std::chrono::milliseconds::zero())
        return invalid("a timeout", "must be longer than nothing");
    if (limits.headerBytes <= ByteCount() || limits.redirects < 0 || limits.compressionRatio < 1)
        return invalid("a limit", "is out of range");
    return {};
}

Result<std::unique_ptr<Transport>> makeTransport(ByteRequest request,
                                                 const std::shared_ptr<SessionPool> &sessions)
{
    const std::string scheme = schemeOf(request.url);
    if (scheme != "http" && scheme != "https")
        return makeTransport(std::move(request));
    FRESHET_TRY(request.validate());
    return HttpTransport::create(std::move(request), {.sessions = sessions});
}

Result<std::unique_ptr<Transport>> makeTransport(ByteRequest request)
{
    FRESHET_TRY(request.validate());
    const std::string scheme = schemeOf(request.url);
    if (!request.member.empty())
        return ZipTransport::create(std::move(request));
    if (scheme == "http" || scheme == "https")
        return HttpTransport::create(std::move(request));
    if (scheme == "s3")
        return S3Transport::create(std::move(request));
    if (scheme == "sftp")
        return SftpTransport::create(std::move(request));
    if (scheme == "grpc" || scheme == "grpcs")
        return GrpcTransport::create(std::move(request));
    if (scheme == "ws" || scheme == "wss")
        return WebSocketTransport::create(std::move(request));
    if (isPostgresUrl(request.url))
        return PostgresTransport::create(std::move(request));
    if (scheme.empty() || scheme == "file")
        return FileTransport::create(std::move(request));
    return fail(ErrorCode::Unsupported, "the scheme \"" + scheme + "\" is not supported");
}

void TransportProgress::add(const TransportProgress &later)
{
    const auto keepFirst = [](auto &mark, const auto &laterMark) {
        if (!mark)
            mark = laterMark;
    };
    wireBytes += later.wireBytes;
    decodedBytes += later.decodedBytes;
    keepFirst(timing.nameLookup, later.timing.nameLookup);
    keepFirst(timing.connected, later.timing.connected);
    keepFirst(timing.tlsDone, later.timing.tlsDone);
    keepFirst(timing.requestSent, later.timing.requestSent);
    keepFirst(timing.answerBegan, later.timing.answerBegan);
    keepFirst(timing.firstByte, later.timing.firstByte);
    if (later.timing.lastByte)
        timing.lastByte = later.timing.lastByte;
}

} // namespace freshet::transport
