// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/download_request.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace freshet::transfer {

namespace {

constexpr std::size_t kMaxNameBytes = 200;

bool isPrintable(std::string_view text)
{
    return std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string percentDecoded(std::string_view text)
{
    return QByteArray::fromPercentEncoding(
               QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())))
        .toStdString();
}

/// Path segments that say how a thing is fetched, not what it is.
bool isGeneric(std::string_view segment)
{
    constexpr std::array<std::string_view, 20> kGeneric = {
        "api",    "rest",  "stream", "export", "download", "downloads", "data",
        "search", "query", "list",   "all",    "index",    "json",      "ndjson",
        "jsonl",  "csv",   "bulk",   "feed",   "items",    "records"};
    const bool isVersion = segment.size() > 1 && segment.size() < 6 && segment[0] == 'v' &&
                           std::isdigit(static_cast<unsigned char>(segment[1])) != 0;
    return isVersion || std::ranges::find(kGeneric, segment) != kGeneric.end();
}

/// 2026, 2026-07, 12: says nothing without the segment before it.
bool isNumeric(std::string_view segment)
{
    return !segment.empty() && segment.find_first_not_of("0123456789-_.") == std::string_view::npos;
}

/// `users.ndjson.gz` → `users`; a name without a known suffix stays whole.
std::string withoutSuffixes(std::string name)
{
    constexpr std::array<std::string_view, 20> kSuffixes = {
        ".gz",      ".zst", ".zstd",  ".br",     ".lz4",     ".json",    ".ndjson",
        ".jsonl",   ".csv", ".tsv",   ".txt",    ".tab",     ".geojson", ".ldjson",
        ".parquet", ".pq",  ".arrow", ".arrows", ".feather", ".zip"};
    for (bool again = true; again;) {
        again = false;
        for (const auto suffix : kSuffixes) {
            if (name.size() > suffix.size() && name.ends_with(suffix)) {
                name.resize(name.size() - suffix.size());
                again = true;
            }
        }
    }
    return name;
}

struct UrlParts
{
    std::string_view host;
    std::string_view path;
};

UrlParts partsOf(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return {{}, url};
    url = url.substr(scheme + 3);
    url = url.substr(0, url.find_first_of("?#"));
    const auto slash = url.find('/');
    std::string_view host = url.substr(0, slash);
    if (const auto at = host.rfind('@'); at != std::string_view::npos)
        host = host.substr(at + 1);
    host = host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
    return {host, slash == std::string_view::npos ? std::string_view() : url.substr(slash)};
}

/// `2026-*.csv` → `2026.csv`: what a pattern says plainly.
std::string withoutPattern(std::string segment)
{
    constexpr std::string_view kPattern = "*?[]";
    if (segment.find_first_of(kPattern) == std::string::npos)
        return segment;
    std::string plain;
    for (const char c : segment) {
        const bool isPattern = kPattern.find(c) != std::string_view::npos;
        if ((isPattern || c == '.') && !plain.empty() &&
            (plain.back() == '-' || plain.back() == '_'))
            plain.pop_back();
        if (!isPattern)
            plain += c;
    }
    return plain;
}

std::vector<std::string> segmentsOf(std::string_view path)
{
    std::vector<std::string> segments;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        if (!segment.empty() && segment != "." && segment != "..")
            segments.push_back(withoutPattern(percentDecoded(segment)));
    }
    return segments;
}

/// What may stand in a dataset's name: no control characters, no slashes, not too long.
std::string asName(std::string text)
{
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == 0x7F; },
        '-');
    if (text.size() > 60) {
        std::size_t end = 60;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;
        text.resize(end);
    }
    return text;
}

} // namespace

Status DownloadRequest::validate() const
{
    FRESHET_TRY(bytes.validate());
    FRESHET_TRY(retry.validate());
    if (pages)
        FRESHET_TRY(pages->validate());
    if (since)
        FRESHET_TRY(since->validate());
    if (since && pages && since->origin == SinceRule::Origin::EventId)
        return fail(ErrorCode::InvalidArgument,
                    "since from event-id and pages exclude each other: a stream of events has no "
                    "pages");
    if (job)
        FRESHET_TRY(job->validate());
    if (job && (pages || since || grpc))
        return fail(ErrorCode::InvalidArgument,
                    "an export job goes neither with pages nor since nor a gRPC call");
    if (job && !bytes.url.starts_with("http"))
        return fail(ErrorCode::InvalidArgument, "an export job needs an http or https URL");
    if (!isPrintable(name) || name.size() > kMaxNameBytes)
        return fail(ErrorCode::InvalidArgument,
                    "name: control characters and more than 200 bytes are not possible");
    if (limit && limit->value() < 1)
        return fail(ErrorCode::InvalidArgument, "limit: at least one row");
    if (ring && ring->value() < 1)
        return fail(ErrorCode::InvalidArgument, "ring: at least one row");
    if (ring && since)
        return fail(ErrorCode::InvalidArgument,
                    "ring and since exclude each other: rows that are gone cannot be compared");
    if (maxBadRows < 0)
        return fail(ErrorCode::InvalidArgument, "maxBadRows: not below zero");
    if (decode.delimiter == '\n' || decode.delimiter == '\r' || decode.delimiter == '"')
        return fail(ErrorCode::InvalidArgument,
                    "delimiter: line ends and quotes cannot separate fields");
    return {};
}

std::string DownloadRequest::suggestedName() const
{
    const auto [host, path] = partsOf(bytes.url);
    const auto segments = segmentsOf(path);
    std::string tail;
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
        const std::string bare = withoutSuffixes(*segment);
        if (isGeneric(bare))
            continue;
        if (!isNumeric(bare))
            return asName(tail.empty() ? bare : bare + '-' + tail);
        tail = tail.empty() ? bare : bare + '-' + tail;
    }
    if (!tail.empty())
        return asName(tail);
    if (!host.empty())
        return asName(std::string(host));
    return segments.empty() ? "download" : asName(withoutSuffixes(segments.back()));
}

std::string_view acceptFor(decode::Format format)
{
    switch (format) {
    case decode::Format::Json:
        return "application/json, */*;q=0.5";
    case decode::Format::Ndjson:
        return "application/x-ndjson, application/jsonl, */*;q=0.5";
    case decode::Format::Csv:
        return "text/csv, text/plain;q=0.8, */*;q=0.5";
    case decode::Format::Tsv:
        return "text/tab-separated-values, text/plain;q=0.8, */*;q=0.5";
    case decode::Format::Sse:
        return "text/event-stream";
    case decode::Format::MsgPack:
        return "application/msgpack, application/x-msgpack, */*;q=0.5";
    case decode::Format::Cbor:
        return "application/cbor-seq, application/cbor, */*;q=0.5";
    case decode::Format::GrpcWeb:
        return "application/grpc-web+proto";
    case decode::Format::Parquet:
    case decode::Format::Arrow:
    case decode::Format::Zip:
        return "*/*";
    case decode::Format::WebSocket:
    case decode::Format::Postgres:
    case decode::Format::Auto:
        break;
    }
    return "application/x-ndjson, application/json;q=0.9, text/csv;q=0.8, */*;q=0.5";
}

transport::ByteRequest withAccept(transport::ByteRequest bytes, decode::Format format)
{
    const bool isHttp = bytes.url.starts_with("http://") || bytes.url.starts_with("https://");
    if (isHttp && !findHeader(bytes.headers, "Accept"))
        bytes.headers.push_back({"Accept", std::string(acceptFor(format))});
    return bytes;
}

} // namespace freshet::transfer
