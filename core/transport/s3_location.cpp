// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/s3_location.h"

#include "transport/ascii.h"

#include <algorithm>

namespace freshet::transport {

namespace {

constexpr std::string_view kScheme = "s3://";

/// UriEncode of Signature Version 4: everything but the unreserved characters of RFC 3986.
std::string encoded(std::string_view text, bool keepsSlashes)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (isLetter || isDigit(c) || std::string_view("-._~").find(c) != std::string_view::npos ||
            (c == '/' && keepsSlashes))
            result += c;
        else
            result.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
    return result;
}

/// `https://bucket.host` or `https://host/bucket`, without a slash at the end.
std::string bucketUrl(const std::string &bucket, const S3Access &access)
{
    std::string endpoint = access.endpoint;
    if (endpoint.empty())
        endpoint = "https://s3." + access.region + ".amazonaws.com";
    while (endpoint.ends_with('/'))
        endpoint.pop_back();
    const std::size_t host = endpoint.find("://") + 3;
    const std::string name = endpoint.substr(host, endpoint.find_first_of(":/", host) - host);
    // An address has no names below it, and a certificate for *.host covers no dots.
    const bool isAddress = name.starts_with('[') ||
                           name.find_first_not_of("0123456789.") == std::string::npos ||
                           name == "localhost";
    const bool isPathStyle =
        access.isPathStyle || isAddress || bucket.find('.') != std::string::npos;
    return isPathStyle ? endpoint + '/' + encoded(bucket, false)
                       : endpoint.insert(host, bucket + '.');
}

} // namespace

Result<S3Location> S3Location::parse(std::string_view url)
{
    if (!lowered(url.substr(0, kScheme.size())).starts_with(kScheme))
        return fail(ErrorCode::UrlInvalid, "an S3 address is s3://bucket/key");
    url.remove_prefix(kScheme.size());
    const std::size_t slash = std::min(url.find('/'), url.size());
    S3Location location{.bucket = std::string(url.substr(0, slash))};
    if (slash < url.size())
        location.key = url.substr(slash + 1);
    const bool isBucket = location.bucket.size() >= 3 && location.bucket.size() <= 63 &&
                          std::ranges::all_of(location.bucket, [](char c) {
                              return isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'z') ||
                                     c == '-' || c == '.' || c == '_';
                          });
    if (!isBucket)
        return fail(ErrorCode::UrlInvalid,
                    "\"" + Error::excerptOf(location.bucket) +
                        "\" is no name of a bucket: 3 to 63 letters, digits, "
                        "hyphens and dots");
    return location;
}

std::string s3ObjectUrl(const S3Location &location, const S3Access &access)
{
    return bucketUrl(location.bucket, access) + '/' + encoded(location.key, true);
}

std::string s3ListUrl(const S3Location &location, const S3Access &access, std::string_view token)
{
    std::string query;
    if (!token.empty())
        query = "continuation-token=" + encoded(token, false) + '&';
    return bucketUrl(location.bucket, access) + "/?" + query +
           "list-type=2&prefix=" + encoded(location.key, false);
}

} // namespace freshet::transport
