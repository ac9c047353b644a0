// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/s3_transport.h"

#include "transport/s3_location.h"

#include <array>
#include <utility>

namespace freshet::transport {

namespace {

/// The text of an element; the documents are flat and short.
std::string_view element(std::string_view xml, std::string_view name)
{
    const std::string open = '<' + std::string(name) + '>';
    const std::size_t start = xml.find(open);
    if (start == xml.npos)
        return {};
    xml.remove_prefix(start + open.size());
    return xml.substr(0, xml.find('<'));
}

constexpr std::string_view kSha256OfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct Meaning
{
    std::string_view code;
    std::string_view text;
};

constexpr auto kMeanings = std::to_array<Meaning>({
    {"SignatureDoesNotMatch", "the signature is wrong: check the secret access key and the region"},
    {"InvalidAccessKeyId", "the access key is not known there"},
    {"ExpiredToken", "the session token has expired: get a new one"},
    {"InvalidToken", "the session token is not valid"},
    {"TokenRefreshRequired", "the session token has to be renewed"},
    {"NoSuchKey", "there is no object with this key"},
    {"NoSuchBucket", "there is no such bucket"},
    {"RequestTimeTooSkewed", "this machine's clock is wrong by too much"},
    {"PermanentRedirect", "the bucket is in another region or at another endpoint"},
    {"AuthorizationHeaderMalformed", "the bucket is in another region"},
    {"InvalidObjectState", "the object is in an archive and has to be restored first"},
});

/// Names the object as the user does.
class Renaming final : public ByteSink
{
public:
    Renaming(ByteSink &sink, const std::string &url) : m_sink(sink), m_url(url) {}
    Status onHead(const ResponseHead &head) override
    {
        ResponseHead named = head;
        named.finalUrl = m_url;
        return m_sink.onHead(named);
    }
    Status onBytes(std::string_view bytes) override { return m_sink.onBytes(bytes); }

private:
    ByteSink &m_sink;
    const std::string &m_url;
};

} // namespace

std::string s3ErrorText(std::string_view text, bool isAnonymous)
{
    const std::string code(element(text, "Code"));
    if (code.empty())
        return {};
    std::string sentence = code + ": ";
    for (const auto &[known, meaning] : kMeanings) {
        if (known == code)
            return sentence.append(meaning);
    }
    if (code == "AccessDenied")
        return sentence + (isAnonymous ? "it is not public, and no access key was given"
                                       : "this access key may not read it");
    return sentence.append(element(text, "Message"));
}

Result<std::unique_ptr<Transport>> S3Transport::create(ByteRequest request)
{
    const auto location = S3Location::parse(request.url);
    if (!location)
        return fail(location.error());
    if (location->key.empty())
        return fail(ErrorCode::UrlInvalid, "the S3 address names no object: s3://bucket/key");
    auto url = Url::parse(s3ObjectUrl(*location, request.s3));
    if (!url)
        return fail(std::move(url).error());
    return std::make_unique<S3Transport>(std::move(request), std::move(*url), location->url());
}

Hop S3Transport::hopFor(const ByteRequest &request, Url url)
{
    Hop hop{std::move(url), request.method, request.headers, {}, {}};
    const S3Access &access = request.s3;
    if (access.accessKeyId.empty())
        return hop;
    hop.credentials = Credentials{access.accessKeyId, access.secretAccessKey};
    hop.awsScope = "aws:amz:" + access.region + ":s3";
    // Of the empty body; S3 demands it, and libcurl 7.88 does not send the one that it signs.
    hop.headers.push_back({"X-Amz-Content-Sha256", std::string(kSha256OfNothing)});
    if (!access.sessionToken.empty())
        hop.headers.push_back({"X-Amz-Security-Token", access.sessionToken});
    return hop;
}

S3Transport::S3Transport(ByteRequest request, Url httpUrl, std::string shownUrl)
    : m_shownUrl(std::move(shownUrl)),
      m_isAnonymous(request.s3.accessKeyId.empty()),
      m_http(request, hopFor(request, std::move(httpUrl)), {})
{}

Result<TransportEnd> S3Transport::run(ByteSink &sink, const CancelToken &cancel)
{
    Renaming renaming(sink, m_shownUrl);
    auto end = m_http.run(renaming, cancel);
    if (end || end.error().code != ErrorCode::HttpStatus)
        return end;
    Error error = std::move(end).error();
    std::string text = s3ErrorText(error.excerpt, m_isAnonymous);
    if (const auto head = refusal(); head && error.nativeCode == 301) {
        if (const auto region = findHeader(head->headers, "x-amz-bucket-region"))
            text += " (" + std::string(*region) + ')';
    }
    if (!text.empty()) {
        error.detail = m_shownUrl + ": " + text;
        error.excerpt.clear();
    }
    return fail(std::move(error));
}

} // namespace freshet::transport
