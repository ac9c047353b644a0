// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grpc_options.h"

#include "cli/get_options.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace freshet::cli {

namespace {

using transfer::GrpcFlavour;

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

struct FormatFlavour
{
    std::string_view format;
    GrpcFlavour flavour;
};

constexpr std::array kFlavours = {
    FormatFlavour{"grpc-web", GrpcFlavour::Web},
    FormatFlavour{"grpc-web-text", GrpcFlavour::WebText},
    FormatFlavour{"connect", GrpcFlavour::Connect},
    FormatFlavour{"connect-json", GrpcFlavour::ConnectJson},
    FormatFlavour{"grpc", GrpcFlavour::Native},
};

/// By --format, else as in the recipe, else by the address.
Result<GrpcFlavour> flavourFor(const Arguments &arguments, const transfer::DownloadRequest &request)
{
    const auto format = arguments.value("format");
    if (!format && request.grpc)
        return request.grpc->flavour;
    if (!format || *format == "auto")
        return request.bytes.url.starts_with("grpc") ? GrpcFlavour::Native : GrpcFlavour::Web;
    for (const auto &[name, flavour] : kFlavours) {
        if (name == *format)
            return flavour;
    }
    return usage("with --call, --format is grpc-web, grpc-web-text, connect, connect-json or grpc, "
                 "not \"" +
                 *format + '"');
}

Status readDeadline(const Arguments &arguments, std::chrono::milliseconds &deadline)
{
    constexpr double kMostSeconds = 99'999'999;
    const auto text = arguments.value("deadline");
    if (!text)
        return {};
    double seconds = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (problem != std::errc() || end != text->data() + text->size() || !(seconds >= 0) ||
        seconds > kMostSeconds)
        return usage("--deadline is a number of seconds, such as 30 or 0.5");
    deadline = std::chrono::milliseconds(std::llround(seconds * 1000));
    return {};
}

/// Types given take the place of all that the recipe names.
Status readSchema(const Arguments &arguments, decode::ProtoFiles &schema)
{
    if (arguments.has("proto") && arguments.has("descriptor-set"))
        return usage("--proto and --descriptor-set exclude each other");
    if (arguments.has("proto") || arguments.has("descriptor-set")) {
        schema.protoFiles = arguments.values("proto");
        schema.descriptorSetFile = arguments.value("descriptor-set").value_or("");
    }
    if (arguments.has("proto-path"))
        schema.importFolders = arguments.values("proto-path");
    return {};
}

Status readMetadata(const Arguments &arguments, std::vector<transport::Header> &metadata)
{
    auto given = headersFrom(arguments.values("metadata"), "--metadata");
    if (!given)
        return fail(std::move(given).error());
    std::erase_if(metadata, [&given](const transport::Header &header) {
        return findHeader(*given, header.name).has_value();
    });
    metadata.insert(metadata.end(), given->begin(), given->end());
    return {};
}

} // namespace

Status readCall(const Arguments &arguments, transfer::DownloadRequest &request)
{
    const auto method = arguments.value("call");
    if (!method && !request.grpc) {
        for (const auto *option :
             {"proto", "proto-path", "descriptor-set", "metadata", "deadline", "rows-field"}) {
            if (arguments.has(option))
                return usage(std::string("--") + option + " goes with --call");
        }
        return {};
    }
    const auto flavour = flavourFor(arguments, request);
    if (!flavour)
        return fail(flavour.error());
    transfer::GrpcCall call = request.grpc.value_or(transfer::GrpcCall());
    FRESHET_TRY(readSchema(arguments, call.schema));
    FRESHET_TRY(readDeadline(arguments, call.deadline));
    FRESHET_TRY(readMetadata(arguments, call.metadata));
    call.method = method.value_or(call.method);
    call.flavour = *flavour;
    call.rowsField = arguments.value("rows-field").value_or(call.rowsField);
    if (!request.bytes.body.empty())
        call.requestJson = std::exchange(request.bytes.body, {});
    request.grpc = std::move(call);
    return {};
}

Result<std::optional<transfer::GrpcCall>>
grpcCallFrom(const Arguments &arguments, const std::string &url, const std::string &body)
{
    transfer::DownloadRequest request;
    request.bytes.url = url;
    request.bytes.body = body;
    FRESHET_TRY(readCall(arguments, request));
    return std::move(request.grpc);
}

} // namespace freshet::cli
