// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people paste and pass on: a curl command line, and a request as recipes keep it. What was
// read and written is read as the same; only its secrets became variables, and what is asked for by
// default was named, which is why the command is written twice.
#include "transfer/curl_command.h"
#include "transfer/download_request.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace freshet;
using transfer::DownloadRequest;

[[noreturn]] void differ(const DownloadRequest &one, const DownloadRequest &other)
{
    std::fprintf(stderr, "%s\n%s\n", one.toJson().c_str(), other.toJson().c_str());
    std::abort();
}

/// The request as its command is read; nothing where curl cannot make it.
std::optional<DownloadRequest> again(const DownloadRequest &request)
{
    const auto command = transfer::curlCommandFor(request);
    if (!command)
        return std::nullopt;
    auto read = transfer::requestFromCurl(*command);
    if (!read) {
        std::fprintf(stderr, "%s: %s\n", command->c_str(), read.error().toString().c_str());
        std::abort();
    }
    return *std::move(read);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(data, data + size);
    if (const auto request = transfer::requestFromCurl(text)) {
        const auto first = again(*request);
        const auto second = first ? again(*first) : std::nullopt;
        const bool hasHeaders =
            !first || std::ranges::all_of(request->bytes.headers, [&](const auto &header) {
                return findHeader(first->bytes.headers, header.name).has_value();
            });
        if (first && (!second || !hasHeaders || first->bytes.body != request->bytes.body))
            differ(*request, *first);
        if (second && first->toJson() != second->toJson())
            differ(*first, *second);
    }
    if (const auto request = DownloadRequest::fromJson(text)) {
        const auto kept = DownloadRequest::fromJson(request->toJson());
        if (!kept || kept->toJson() != request->toJson())
            differ(*request, kept ? *kept : DownloadRequest());
    }
    return 0;
}
