// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/grpc_options.h"

#include "cli/get_options.h"

#include <array>
#include <charconv>

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

Result<GrpcFlavour> flavourFor(const Arguments &arguments, std::string_view url)
{
    const auto format = arguments.value("format");
    if (!format || *format == "auto")
        return url.starts_with("grpc") ? GrpcFlavour::Native : GrpcFlavour::Web;
    for (const auto &[name, flavour] : kFlavours) {
        if (name == *format)
            return flavour;
    }
    return usage("with --call, --format is grpc-web, grpc-web-text, connect, connect-json or grpc, "
                 "not \"" +
                 *format + '"');
}

Result<std::chrono::milliseconds> deadlineFrom(const Arguments &arguments)
{
    constexpr double kMostSeconds = 99'999'999;
    const std::string text = arguments.value("deadline").value_or("0");
    double seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc() || end != text.data() + text.size() || !(seconds >= 0) ||
        seconds > kMostSeconds)
        return usage("--deadline is a number of seconds, such as 30 or 0.5");
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace

Result<std::optional<transfer::GrpcCall>>
grpcCallFrom(const Arguments &arguments, std::string_view url, const std::string &body)
{
    const auto method = arguments.value("call");
    if (!method) {
        for (const auto *option :
             {"proto", "proto-path", "descriptor-set", "metadata", "deadline", "rows-field"}) {
            if (arguments.has(option))
                return usage(std::string("--") + option + " goes with --call");
        }
        return std::nullopt;
    }
    if (arguments.has("proto") && arguments.has("descriptor-set"))
        return usage("--proto and --descriptor-set exclude each other");
    const auto flavour = flavourFor(arguments, url);
    if (!flavour)
        return fail(flavour.error());
    const auto deadline = deadlineFrom(arguments);
    if (!deadline)
        return fail(deadline.error());
    auto metadata = headersFrom(arguments.values("metadata"), "--metadata");
    if (!metadata)
        return fail(std::move(metadata).error());
    transfer::GrpcCall call;
    call.schema = {.protoFiles = arguments.values("proto"),
                   .importFolders = arguments.values("proto-path"),
                   .descriptorSetFile = arguments.value("descriptor-set").value_or("")};
    call.method = *method;
    call.requestJson = body.empty() ? "{}" : body;
    call.metadata = std::move(*metadata);
    call.deadline = *deadline;
    call.flavour = *flavour;
    call.rowsField = arguments.value("rows-field").value_or("");
    return call;
}

} // namespace freshet::cli
