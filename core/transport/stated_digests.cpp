// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/stated_digests.h"

#include "transport/ascii.h"

#include <QByteArray>

#include <array>
#include <optional>
#include <utility>

namespace freshet::transport {

namespace {

/// Error::nativeCode of a CodingCorrupt.
constexpr int kNotAsStated = 1;

struct NamedKind
{
    std::string_view name;
    DigestKind kind;
};

std::optional<DigestKind> kindByName(std::string_view name)
{
    constexpr auto kNames = std::to_array<NamedKind>({{"sha-256", DigestKind::Sha256},
                                                      {"sha256", DigestKind::Sha256},
                                                      {"sha-512", DigestKind::Sha512},
                                                      {"sha512", DigestKind::Sha512},
                                                      {"sha", DigestKind::Sha1},
                                                      {"sha-1", DigestKind::Sha1},
                                                      {"sha1", DigestKind::Sha1},
                                                      {"md5", DigestKind::Md5},
                                                      {"crc32c", DigestKind::Crc32c}});
    for (const auto &known : kNames) {
        if (equalsIgnoringCase(known.name, name))
            return known.kind;
    }
    return std::nullopt;
}

void add(std::vector<StatedDigest> &into, DigestKind kind, std::string_view base64,
         std::string_view from)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray::fromRawData(base64.data(), static_cast<qsizetype>(base64.size())),
        QByteArray::AbortOnBase64DecodingErrors);
    // S3 writes "…-3" behind the digest of digests of an upload in parts: that is no base64.
    if (!decoded || decoded.decoded.size() != static_cast<qsizetype>(digestSize(kind)))
        return;
    into.push_back({kind, decoded.decoded.toStdString(), std::string(from)});
}

/// `sha-256=:BASE64:, md5=BASE64`: RFC 9530 has the colons, RFC 3230 and Google have not.
void addList(std::vector<StatedDigest> &into, std::string_view list, std::string_view from)
{
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        const std::string_view item = trimmed(list.substr(0, comma));
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
        const std::size_t equals = item.find('=');
        if (equals == item.npos)
            continue;
        std::string_view value = trimmed(item.substr(equals + 1));
        if (value.size() >= 2 && value.front() == ':' && value.back() == ':')
            value = value.substr(1, value.size() - 2);
        if (const auto kind = kindByName(trimmed(item.substr(0, equals))))
            add(into, *kind, value, from);
    }
}

/// Whether Google Cloud Storage sends the object as it is stored, and not unpacked on the way.
bool isAsStored(const ResponseHead &head)
{
    const auto stored = findHeader(head.headers, "x-goog-stored-content-encoding");
    const auto sent = findHeader(head.headers, "Content-Encoding").value_or("identity");
    return !stored || equalsIgnoringCase(trimmed(*stored), trimmed(sent));
}

std::optional<DigestKind> kindBySize(std::size_t bytes)
{
    for (const DigestKind kind :
         {DigestKind::Md5, DigestKind::Sha1, DigestKind::Sha256, DigestKind::Sha512}) {
        if (digestSize(kind) == bytes)
            return kind;
    }
    return std::nullopt;
}

/// The line's digest if the line is about `fileName`, or about no name at all.
std::optional<std::string> digestInLine(std::string_view line, std::string_view fileName)
{
    const std::size_t open = line.find(" (");
    const std::size_t close = line.rfind(") = ");
    std::string_view name;
    if (open != line.npos && close != line.npos && kindByName(line.substr(0, open))) { // BSD
        name = line.substr(open + 2, close - open - 2);
        line.remove_prefix(close + 4);
    } else {
        const std::size_t digits = std::min(line.find_first_of(" \t"), line.size());
        name = trimmed(line.substr(digits));
        line = line.substr(0, digits);
        if (name.starts_with('*'))
            name.remove_prefix(1);
    }
    name.remove_prefix(name.find_last_of('/') + 1); // npos + 1 is 0
    if (!name.empty() && name != fileName)
        return std::nullopt;
    auto bytes = bytesOfHex(trimmed(line));
    return bytes && kindBySize(bytes->size()) ? bytes : std::nullopt;
}

/// The MD5 that the ETag of an S3 object is, unless it was sent in parts (`…-3`) or is encrypted
/// under a key of its own.
/// Source: Amazon S3 API, "Object", ETag.
std::optional<std::string> md5OfS3(const ResponseHead &head)
{
    const auto encryption = findHeader(head.headers, "x-amz-server-side-encryption");
    const bool isAmazon = head.finalUrl.starts_with("s3://") ||
                          findHeader(head.headers, "x-amz-request-id") ||
                          findHeader(head.headers, "x-amz-id-2");
    if (!isAmazon || (encryption && *encryption != "AES256") ||
        findHeader(head.headers, "x-amz-server-side-encryption-customer-algorithm"))
        return std::nullopt;
    std::string_view etag = findHeader(head.headers, "ETag").value_or("");
    if (etag.size() < 2 || !etag.starts_with('"') || !etag.ends_with('"'))
        return std::nullopt;
    auto bytes = bytesOfHex(etag.substr(1, etag.size() - 2));
    return bytes && bytes->size() == digestSize(DigestKind::Md5) ? bytes : std::nullopt;
}

} // namespace

std::vector<StatedDigest> statedDigests(const ResponseHead &head)
{
    std::vector<StatedDigest> digests;
    if (head.stated)
        digests.push_back(*head.stated);
    for (const auto &[name, value] : head.headers) {
        constexpr std::string_view kAmazon = "x-amz-checksum-";
        const std::string lower = transport::lowered(name);
        if (lower == "repr-digest" || lower == "digest" ||
            (lower == "content-digest" && head.status == 200) ||
            (lower == "x-goog-hash" && isAsStored(head))) {
            addList(digests, value, name);
        } else if (lower == "content-md5" && head.status == 200) {
            add(digests, DigestKind::Md5, trimmed(value), name);
        } else if (lower.starts_with(kAmazon)) {
            if (const auto kind = kindByName(lower.substr(kAmazon.size())))
                add(digests, *kind, trimmed(value), name);
        }
    }
    if (auto md5 = md5OfS3(head))
        digests.push_back({DigestKind::Md5, *std::move(md5), "the ETag"});
    return digests;
}

Result<StatedDigest> digestFromText(std::string_view text, std::string_view fileName,
                                    std::string from)
{
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = trimmed(text.substr(0, end));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (auto digest = digestInLine(line, fileName)) {
            const auto kind = kindBySize(digest->size());
            return StatedDigest{*kind, *std::move(digest), std::move(from)};
        }
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return fail(ErrorCode::SyntaxError, from + " states no digest of " + std::string(fileName));
}

Result<std::string> sha256FromText(std::string_view text, std::string_view fileName)
{
    auto digest = digestFromText(text, fileName, "the checksum file");
    if (!digest || digest->kind != DigestKind::Sha256)
        return fail(ErrorCode::SyntaxError,
                    "the checksum file states no SHA-256 for " + std::string(fileName));
    return std::move(digest->value);
}

Error notAsStated(const StatedDigest &stated, std::string_view what, std::string_view actual)
{
    return notAsStated(std::string(digestName(stated.kind)) + " of " + std::string(what) + " is " +
                       hexText(actual) + " and not " + hexText(stated.value) + ", which " +
                       stated.from + " states");
}

Error notAsStated(std::string sentence)
{
    return {.code = ErrorCode::CodingCorrupt,
            .detail = std::move(sentence),
            .nativeCode = kNotAsStated};
}

bool isNotAsStated(const Error &error)
{
    return error.code == ErrorCode::CodingCorrupt && error.nativeCode == kNotAsStated;
}

} // namespace freshet::transport
