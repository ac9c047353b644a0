// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lab_options.h"

#include "cli/command.h"
#include "cli/get_options.h"
#include "cli/grpc_options.h"
#include "cli/recording_options.h"
#include "transport/web_socket_transport.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"recipe", '\0', "FILE", "a saved request as a variant; may be repeated"},
    Option{"formats", '\0', "LIST", "ask for each by Accept: json,ndjson,csv,tsv,sse,msgpack,cbor"},
    Option{"encodings", '\0', "LIST", "ask for each by Accept-Encoding: identity,gzip,zstd,br"},
    Option{"http", '\0', "LIST", "HTTP versions: 1.1,2"},
    Option{"pages", '\0', "LIST", "page sizes: 1000,5000"},
    Option{"pages-of", '\0', "URL", "first page for --pages (default: the URLs themselves)"},
    Option{"page", '\0', "STYLE", "how --pages are asked for (default: auto)"},
    Option{"size-param", '\0', "PLACE", "where the page size goes"},
    Option{"message", '\0', "TEXT", "opening message of ws:// addresses"},
    Option{"grpc", '\0', "URL", "call --call there: gRPC-web, or gRPC to grpc://; may be repeated"},
    Option{"call", '\0', "SERVICE/METHOD", "gRPC: the method; --data is its request as JSON"},
    Option{"data", '\0', "TEXT", "gRPC: the request as JSON"},
    Option{"proto", '\0', "FILE", "gRPC: .proto file with the types; may be repeated"},
    Option{"proto-path", '\0', "DIR", "gRPC: folder that imports are looked for in"},
    Option{"descriptor-set", '\0', "FILE", "gRPC: the types as protoc -o writes them"},
    Option{"rows-field", '\0', "NAME", "gRPC: the repeated field of a message that is the rows"},
    Option{"runs", '\0', "N", "runs of each variant (default: 5)"},
    Option{"warm-up", '\0', "", "one more run of each before, which does not count"},
    Option{"connections", '\0', "cold|warm",
           "a new connection for each request (default), or kept ones"},
    Option{"discard", '\0', "", "drop decoded rows in place of storing them"},
    Option{"name", '\0', "NAME", "name of the session (default: from the URL)"},
    Option{"repeat", '\0', "NAME", "make the runs of a kept session again"},
    Option{"compare", '\0', "NAME", "say what changed since that session"},
    Option{"report", '\0', "FILE", "also write FILE (.html .json .csv); may be repeated"},
    Option{"list", '\0', "", "list the kept sessions"},
    Option{"speed", '\0', "X", "recordings: X times as fast as recorded (default: 1), or max"},
    Option{"header-line", 'H', "'K: V'", "request header; may be repeated"},
    Option{"rows-at", '\0', "PATH", "JSON: where the rows are, such as $.result.records"},
    Option{"cacert", '\0', "FILE", "certificates to trust in place of the system's"},
    Option{"json", '\0', "", "print one JSON object with every raw mark"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

struct Source
{
    std::string name; ///< empty: none was given
    std::string url;
};

/// `NAME=URL`: a name has none of the characters that come before the first = of an address.
Source sourceFrom(const std::string &operand)
{
    const auto equals = operand.find('=');
    const bool isNamed = equals != std::string::npos && equals > 0 &&
                         operand.substr(0, equals).find_first_of(":/?&#") == std::string::npos;
    return isNamed ? Source{operand.substr(0, equals), operand.substr(equals + 1)}
                   : Source{{}, operand};
}

Result<std::vector<std::int64_t>> sizesFrom(const std::string &list)
{
    std::vector<std::int64_t> sizes;
    for (const std::string &text : splitList(list)) {
        std::int64_t size = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (problem != std::errc() || end != text.data() + text.size() || size < 1)
            return usage("--pages takes numbers of rows, not \"" + text + '"');
        sizes.push_back(size);
    }
    return sizes;
}

Result<lab::VariantChoices> choicesFrom(const Arguments &arguments)
{
    lab::VariantChoices choices;
    choices.formats = splitList(arguments.value("formats").value_or(""));
    choices.encodings = splitList(arguments.value("encodings").value_or(""));
    for (const std::string &version : splitList(arguments.value("http").value_or(""))) {
        if (version != "1.1" && version != "2")
            return usage("--http takes 1.1 and 2, not \"" + version + '"');
        choices.versions.push_back(version == "2" ? transport::HttpVersion::Http2
                                                  : transport::HttpVersion::Http1);
    }
    auto sizes = sizesFrom(arguments.value("pages").value_or(""));
    if (!sizes)
        return fail(std::move(sizes).error());
    choices.pageSizes = std::move(*sizes);
    return choices;
}

Result<transfer::DownloadRequest> baseFrom(const Arguments &arguments)
{
    transfer::DownloadRequest base;
    auto headers = headersFrom(arguments);
    if (!headers)
        return fail(std::move(headers).error());
    base.bytes.headers = std::move(*headers);
    base.bytes.caFile = arguments.value("cacert").value_or("");
    base.decode.rowsAt = arguments.value("rows-at").value_or("");
    if (!arguments.has("pages"))
        return base;
    base.pages.emplace();
    base.pages->sizeTo = arguments.value("size-param").value_or("");
    if (const auto style = arguments.value("page")) {
        const auto known = transfer::pageStyleByName(*style);
        if (!known)
            return usage("--page knows no style \"" + *style + '"');
        base.pages->style = *known;
    }
    return base;
}

Status addRecording(const Source &source, const Arguments &arguments, lab::LabPlan &plan)
{
    const auto speed = replaySpeedFrom(arguments);
    if (!speed)
        return fail(speed.error());
    auto recorded = transfer::RecordedDownload::load(source.url);
    if (!recorded)
        return fail(std::move(recorded).error());
    lab::Variant &variant = plan.variants.emplace_back();
    variant.name = source.name.empty() ? recorded->request.name + ", recorded" : source.name;
    variant.detail = "recording of " + lab::describe(recorded->request);
    variant.request = std::move(recorded->request);
    variant.recording = source.url;
    variant.speed = *speed;
    return {};
}

/// The variants of one operand, under its name if it has one.
Status addSource(const std::string &operand, const Arguments &arguments,
                 const transfer::DownloadRequest &base, const lab::VariantChoices &choices,
                 lab::LabPlan &plan)
{
    const Source source = sourceFrom(operand);
    if (transfer::isRecordingName(source.url))
        return addRecording(source, arguments, plan);
    transfer::DownloadRequest request = base;
    request.bytes.url = source.url;
    auto variants = lab::variantsOf(request, choices);
    if (!variants)
        return fail(std::move(variants).error());
    for (lab::Variant &variant : *variants) {
        if (!source.name.empty())
            variant.name = variants->size() == 1 ? source.name : source.name + ": " + variant.name;
        plan.variants.push_back(std::move(variant));
    }
    return {};
}

Status addWebSocket(const std::string &operand, const Arguments &arguments,
                    transfer::DownloadRequest base, lab::LabPlan &plan)
{
    base.bytes.body = arguments.value("message").value_or("");
    base.pages.reset();
    FRESHET_TRY(addSource(operand, arguments, base, {}, plan));
    if (sourceFrom(operand).name.empty())
        plan.variants.back().name = "WebSocket";
    return {};
}

Status addSources(const Arguments &arguments, lab::LabPlan &plan)
{
    auto choices = choicesFrom(arguments);
    if (!choices)
        return fail(std::move(choices).error());
    const auto base = baseFrom(arguments);
    if (!base)
        return fail(base.error());
    lab::VariantChoices pages = *choices;
    const auto pagesOf = arguments.value("pages-of");
    if (pagesOf) {
        pages.formats.clear();
        choices->pageSizes.clear();
        if (pages.pageSizes.empty())
            return usage("--pages-of goes with --pages");
    }
    transfer::DownloadRequest whole = *base;
    if (pagesOf)
        whole.pages.reset();
    for (const std::string &operand : arguments.operands())
        FRESHET_TRY(transport::isWebSocketUrl(sourceFrom(operand).url)
                        ? addWebSocket(operand, arguments, whole, plan)
                        : addSource(operand, arguments, whole, *choices, plan));
    return pagesOf ? addSource(*pagesOf, arguments, *base, pages, plan) : Status();
}

Status addCalls(const Arguments &arguments, lab::LabPlan &plan)
{
    if (arguments.values("grpc").empty() != !arguments.has("call"))
        return usage("--grpc URL and --call SERVICE/METHOD go together");
    for (const std::string &operand : arguments.values("grpc")) {
        const Source source = sourceFrom(operand);
        lab::Variant variant;
        variant.request.bytes.url = source.url;
        auto call = grpcCallFrom(arguments, source.url, arguments.value("data").value_or(""));
        if (!call)
            return fail(std::move(call).error());
        variant.request.grpc = std::move(*call);
        FRESHET_TRY(transfer::prepareGrpcCall(variant.request, CancelToken()));
        variant.name = source.name;
        if (source.name.empty())
            variant.name = source.url.starts_with("grpc") ? "gRPC" : "gRPC-web";
        variant.detail = lab::describe(variant.request);
        plan.variants.push_back(std::move(variant));
    }
    return {};
}

Status addRecipes(const Arguments &arguments, lab::LabPlan &plan)
{
    for (const std::string &file : arguments.values("recipe")) {
        const auto recipe = transfer::Recipe::load(file);
        if (!recipe)
            return fail(recipe.error());
        if (!recipe->request.missingSecrets.empty() && !arguments.has("header-line"))
            return usage(file + " leaves out the header " + recipe->request.missingSecrets.front() +
                         ", which was secret: give it with -H");
        lab::Variant variant = lab::variantOf(*recipe);
        const auto headers = headersFrom(arguments);
        if (!headers)
            return fail(headers.error());
        std::ranges::copy(*headers, std::back_inserter(variant.request.bytes.headers));
        plan.variants.push_back(std::move(variant));
    }
    return {};
}

} // namespace

std::span<const Option> labOptions()
{
    return kOptions;
}

Result<lab::LabPlan> labPlanFrom(const Arguments &arguments)
{
    lab::LabPlan plan{.name = arguments.value("name").value_or("")};
    FRESHET_TRY(addSources(arguments, plan));
    FRESHET_TRY(addCalls(arguments, plan));
    FRESHET_TRY(addRecipes(arguments, plan));
    lab::makeNamesUnique(plan.variants);
    if (plan.variants.empty())
        return usage("lab takes URLs, files or --recipe FILE");
    const auto runs = arguments.number("runs", 1);
    if (!runs)
        return fail(runs.error());
    if (*runs)
        plan.runs = static_cast<int>(std::min<std::int64_t>(**runs, lab::LabPlan::kMostRuns));
    plan.warmUp = arguments.has("warm-up");
    const auto connections = arguments.value("connections").value_or("cold");
    if (connections != "cold" && connections != "warm")
        return usage("--connections is cold or warm, not \"" + connections + '"');
    if (connections == "warm")
        plan.connections = lab::Connections::Warm;
    if (arguments.has("discard"))
        plan.rows = lab::RowsGo::Nowhere;
    FRESHET_TRY(plan.validate());
    return plan;
}

} // namespace freshet::cli
