// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/variant.h"

#include "transfer/verdict.h"
#include "transport/ascii.h"
#include "transport/postgres_fetch.h"
#include "transport/web_socket_transport.h"

#include <algorithm>
#include <set>

namespace freshet::lab {

namespace {

using transfer::DownloadRequest;

/// A name and a detail that grow by what is varied.
struct Draft
{
    DownloadRequest request;
    std::vector<std::string> words;
};

std::string titleOf(decode::Format format)
{
    switch (format) {
    case decode::Format::Json:
        return "JSON";
    case decode::Format::Ndjson:
        return "NDJSON";
    case decode::Format::Csv:
        return "CSV";
    case decode::Format::Tsv:
        return "TSV";
    case decode::Format::Sse:
        return "SSE";
    case decode::Format::MsgPack:
        return "MessagePack";
    case decode::Format::Cbor:
        return "CBOR";
    case decode::Format::GrpcWeb:
        return "gRPC-web";
    case decode::Format::WebSocket:
        return "WebSocket";
    case decode::Format::Postgres:
        return "PostgreSQL";
    case decode::Format::Parquet:
        return "Parquet";
    case decode::Format::Arrow:
        return "Arrow";
    case decode::Format::Zip:
        return "ZIP";
    case decode::Format::Auto:
        break;
    }
    return "as sent";
}

std::string_view versionText(transport::HttpVersion version)
{
    switch (version) {
    case transport::HttpVersion::Http1:
        return "HTTP/1.1";
    case transport::HttpVersion::Http2:
        return "HTTP/2";
    case transport::HttpVersion::Auto:
        break;
    }
    return {};
}

/// Ask for one format and no other: an answer in any other is then seen as one.
void setAccept(DownloadRequest &request, decode::Format format)
{
    auto &headers = request.bytes.headers;
    std::erase_if(headers, [](const transport::Header &header) {
        return transport::equalsIgnoringCase(header.name, "Accept");
    });
    if (format == decode::Format::Auto)
        return;
    std::string accept(transfer::acceptFor(format));
    if (const auto any = accept.find(", */*"); any != std::string::npos)
        accept.resize(any);
    headers.push_back({"Accept", std::move(accept)});
}

Result<std::vector<Draft>> withFormats(std::vector<Draft> drafts,
                                       const std::vector<std::string> &formats)
{
    if (formats.empty())
        return drafts;
    std::vector<Draft> all;
    for (const Draft &draft : drafts) {
        for (const std::string &name : formats) {
            const auto format = decode::formatByName(name);
            const bool isAsked = format && *format != decode::Format::GrpcWeb &&
                                 *format != decode::Format::WebSocket;
            if (!isAsked)
                return fail(ErrorCode::InvalidArgument,
                            "formats: \"" + name + "\" is none that Accept can ask for");
            Draft &next = all.emplace_back(draft);
            setAccept(next.request, *format);
            next.words.push_back(titleOf(*format));
        }
    }
    return all;
}

Result<std::vector<Draft>> withPages(std::vector<Draft> drafts,
                                     const std::vector<std::int64_t> &sizes)
{
    std::vector<Draft> all;
    for (const Draft &draft : drafts) {
        for (const std::int64_t size : sizes) {
            if (size < 1)
                return fail(ErrorCode::InvalidArgument, "page sizes: at least one row");
            Draft &next = all.emplace_back(draft);
            if (!next.request.pages)
                next.request.pages.emplace();
            next.request.pages->size = size;
            next.words.push_back("pages of " + transfer::groupedDigits(size));
        }
    }
    return all;
}

std::vector<Draft> withEncodings(std::vector<Draft> drafts, const VariantChoices &choices)
{
    if (choices.encodings.empty())
        return drafts;
    std::vector<Draft> all;
    for (const Draft &draft : drafts) {
        for (const std::string &encoding : choices.encodings) {
            Draft &next = all.emplace_back(draft);
            next.request.bytes.acceptEncoding = encoding;
            if (choices.encodings.size() > 1)
                next.words.push_back(encoding == "identity" ? "plain" : encoding);
        }
    }
    return all;
}

std::vector<Draft> withVersions(std::vector<Draft> drafts, const VariantChoices &choices)
{
    if (choices.versions.empty())
        return drafts;
    std::vector<Draft> all;
    for (const Draft &draft : drafts) {
        for (const auto version : choices.versions) {
            if (version == transport::HttpVersion::Http2 && choices.versions.size() > 1 &&
                !draft.request.bytes.url.starts_with("https:"))
                continue;
            Draft &next = all.emplace_back(draft);
            next.request.bytes.version = version;
            if (choices.versions.size() > 1)
                next.words.emplace_back(versionText(version));
        }
    }
    return all;
}

bool isHttp(std::string_view url)
{
    const std::string scheme = transport::lowered(url.substr(0, url.find(':')));
    return scheme == "http" || scheme == "https";
}

/// Of what is not of HTTP: by its protocol, or a file by its name.
std::string nameOfSource(const DownloadRequest &request)
{
    if (transport::isWebSocketUrl(request.bytes.url))
        return titleOf(decode::Format::WebSocket);
    if (transport::isPostgresUrl(request.bytes.url))
        return titleOf(decode::Format::Postgres);
    return request.suggestedName();
}

std::string nameOf(const Draft &draft)
{
    std::string name;
    for (const std::string &word : draft.words)
        name += (name.empty() || word.empty() ? "" : ", ") + word;
    return name.empty() ? draft.request.suggestedName() : name;
}

} // namespace

Result<std::vector<Variant>> variantsOf(const DownloadRequest &given, const VariantChoices &choices)
{
    DownloadRequest base = given;
    transfer::liftUrlLogin(base); // before anything is named after it, kept or reported
    if (!isHttp(base.bytes.url)) {
        FRESHET_TRY(base.validate());
        Variant only{.name = nameOfSource(base), .detail = describe(base)};
        only.request = base;
        only.request.pages.reset();
        return std::vector{std::move(only)};
    }
    auto whole = withFormats({{base, {}}}, choices.formats);
    if (!whole)
        return fail(std::move(whole).error());
    if (choices.formats.empty() && !choices.pageSizes.empty())
        whole->clear(); // pages are what is asked about
    auto paged = withPages({{base, {}}}, choices.pageSizes);
    if (!paged)
        return fail(std::move(paged).error());
    std::vector<Draft> drafts = std::move(*whole);
    drafts.insert(drafts.end(), paged->begin(), paged->end());
    drafts = withVersions(withEncodings(std::move(drafts), choices), choices);

    std::vector<Variant> variants;
    for (Draft &draft : drafts) {
        FRESHET_TRY(draft.request.validate());
        variants.push_back({.name = nameOf(draft), .detail = describe(draft.request)});
        variants.back().request = std::move(draft.request);
    }
    makeNamesUnique(variants);
    return variants;
}

Variant variantOf(const transfer::Recipe &recipe)
{
    Variant variant{.name = recipe.name, .detail = {}};
    variant.request = recipe.request;
    transfer::liftUrlLogin(variant.request); // somebody may have written one into the file
    variant.detail = describe(variant.request);
    if (variant.name.empty())
        variant.name = variant.request.suggestedName();
    return variant;
}

std::string describe(const DownloadRequest &request)
{
    std::vector<std::string> parts;
    if (request.grpc)
        parts.push_back(request.grpc->method);
    else if (const auto accept = findHeader(request.bytes.headers, "Accept"))
        parts.emplace_back(accept->substr(0, accept->find_first_of(",;"))); // the first choice
    else
        parts.push_back(transport::withoutSecrets(request.bytes.url));
    if (request.pages) {
        std::string pages = "pages";
        if (request.pages->style != transfer::PageStyle::Auto)
            pages += " by " + std::string(transfer::pageStyleText(request.pages->style));
        if (request.pages->size)
            pages += " of " + transfer::groupedDigits(*request.pages->size);
        parts.push_back(std::move(pages));
    }
    if (request.bytes.acceptEncoding != transport::ByteRequest().acceptEncoding)
        parts.push_back(request.bytes.acceptEncoding);
    if (const auto version = versionText(request.bytes.version); !version.empty())
        parts.emplace_back(version);
    std::string all;
    for (const std::string &part : parts)
        all += (all.empty() ? "" : " · ") + part;
    return all;
}

void makeNamesUnique(std::vector<Variant> &variants)
{
    std::set<std::string> taken;
    for (Variant &variant : variants) {
        std::string name = variant.name;
        for (int number = 2; !taken.insert(name).second; ++number)
            name = variant.name + ' ' + std::to_string(number);
        variant.name = std::move(name);
    }
}

} // namespace freshet::lab
