// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/grpc_call.h"

#include "base/base64.h"
#include "transfer/download_request.h"
#include "transport/grpc_status.h"

#include <algorithm>
#include <array>

namespace freshet::transfer {

namespace {

struct NamedFlavour
{
    GrpcFlavour flavour;
    std::string_view name;
};

constexpr std::array kFlavours = {
    NamedFlavour{GrpcFlavour::Web, "web"},
    NamedFlavour{GrpcFlavour::WebText, "web-text"},
    NamedFlavour{GrpcFlavour::Connect, "connect"},
    NamedFlavour{GrpcFlavour::ConnectJson, "connect-json"},
    NamedFlavour{GrpcFlavour::Native, "grpc"},
};

tl::unexpected<Error> invalid(std::string detail)
{
    return fail(ErrorCode::InvalidArgument, std::move(detail));
}

/// Set a header field that the protocol asks for; one that the user gave stays.
void setHeader(transport::ByteRequest &bytes, std::string_view name, std::string value)
{
    if (!findHeader(bytes.headers, name))
        bytes.headers.push_back({std::string(name), std::move(value)});
}

/// grpc-timeout has at most eight digits. Source: grpc/grpc doc/PROTOCOL-HTTP2.md.
std::string grpcTimeout(std::chrono::milliseconds deadline)
{
    constexpr std::int64_t kMost = 99'999'999;
    if (deadline.count() <= kMost)
        return std::to_string(deadline.count()) + 'm';
    return std::to_string(std::min(kMost, deadline.count() / 1000)) + 'S';
}

bool isNativeScheme(std::string_view url)
{
    return url.starts_with("grpc://") || url.starts_with("grpcs://");
}

/// `url` with the method's path behind it, once.
std::string addressOf(std::string url, const std::string &path)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url.ends_with('/' + path) ? url : url + '/' + path;
}

/// The body of a call that streams: Connect's unary calls send the message as it is.
struct Spoken
{
    std::string contentType;
    std::string body;
    bool isFramed = true;
};

Spoken spokenBy(GrpcFlavour flavour, bool isStream, const std::string &message,
                const std::string &json)
{
    Spoken spoken;
    switch (flavour) {
    case GrpcFlavour::Web:
        return {"application/grpc-web+proto", grpcFramed(message)};
    case GrpcFlavour::WebText:
        appendBase64(spoken.body, grpcFramed(message));
        spoken.contentType = "application/grpc-web-text+proto";
        return spoken;
    case GrpcFlavour::Connect:
        if (!isStream)
            return {"application/proto", message, false};
        return {"application/connect+proto", grpcFramed(message)};
    case GrpcFlavour::ConnectJson:
        if (!isStream)
            return {"application/json", json, false};
        return {"application/connect+json", grpcFramed(json)};
    case GrpcFlavour::Native:
        break;
    }
    return {"application/grpc+proto", grpcFramed(message)};
}

void addProtocolHeaders(transport::ByteRequest &bytes, const GrpcCall &call, const Spoken &spoken)
{
    setHeader(bytes, "Content-Type", spoken.contentType);
    setHeader(bytes, "Accept", spoken.contentType);
    const bool isConnect =
        call.flavour == GrpcFlavour::Connect || call.flavour == GrpcFlavour::ConnectJson;
    if (isConnect) {
        setHeader(bytes, "Connect-Protocol-Version", "1");
        if (spoken.isFramed)
            setHeader(bytes, "Connect-Accept-Encoding", "gzip");
        if (call.deadline.count() > 0)
            setHeader(bytes, "Connect-Timeout-Ms", std::to_string(call.deadline.count()));
    } else {
        setHeader(bytes, "Grpc-Accept-Encoding", "gzip, identity");
        if (call.flavour != GrpcFlavour::Native)
            setHeader(bytes, "X-Grpc-Web", "1");
        if (call.deadline.count() > 0)
            setHeader(bytes, "Grpc-Timeout", grpcTimeout(call.deadline));
    }
    // Streams are compressed message by message; a coding around them would only delay.
    if (spoken.isFramed)
        bytes.acceptEncoding = "identity";
}

/// Whether `addProtocolHeaders` sets a field of this name.
bool isProtocolHeader(std::string_view name)
{
    constexpr auto kNames = std::to_array<std::string_view>(
        {"Content-Type", "Accept", "Connect-Protocol-Version", "Connect-Accept-Encoding",
         "Connect-Timeout-Ms", "Grpc-Accept-Encoding", "X-Grpc-Web", "Grpc-Timeout"});
    return std::ranges::find(kNames, name) != kNames.end();
}

} // namespace

Result<decode::ProtoSchema> schemaOfCall(const DownloadRequest &request, const std::string &service,
                                         const CancelToken &cancel)
{
    const GrpcCall &call = *request.grpc;
    if (!call.schema.protoFiles.empty() || !call.schema.descriptorSetFile.empty())
        return decode::ProtoSchema::load(call.schema);
    if (call.flavour != GrpcFlavour::Native)
        return fail(ErrorCode::SchemaInvalid,
                    "a call needs its types: give .proto files or a descriptor set (reflection "
                    "works with grpc:// and grpcs:// only)");
    transport::ByteRequest server = request.bytes;
    for (const transport::Header &header : call.metadata)
        server.headers.push_back(header);
    return reflectSchema(std::move(server), service, cancel);
}

std::string_view grpcFlavourName(GrpcFlavour flavour)
{
    return std::ranges::find(kFlavours, flavour, &NamedFlavour::flavour)->name;
}

std::optional<GrpcFlavour> grpcFlavourByName(std::string_view name)
{
    const auto *const found = std::ranges::find(kFlavours, name, &NamedFlavour::name);
    return found == kFlavours.end() ? std::nullopt : std::optional(found->flavour);
}

Status GrpcCall::validate() const
{
    if (method.find_first_of("/.") == std::string::npos)
        return invalid("the method to call is written like users.UserService/ListUsers");
    if (method.find_first_of(" \t\r\n?#") != std::string::npos)
        return invalid("the method to call contains a character that is not allowed");
    if (deadline.count() < 0)
        return invalid("the deadline lies before the call");
    return {};
}

std::string grpcFramed(std::string_view message)
{
    std::string frame(1, '\0');
    for (int shift = 24; shift >= 0; shift -= 8)
        frame += static_cast<char>(message.size() >> shift & 0xFF);
    frame += message;
    return frame;
}

Status prepareGrpcCall(DownloadRequest &request, const CancelToken &cancel)
{
    if (!request.grpc)
        return invalid("there is no gRPC call to prepare");
    const GrpcCall &call = *request.grpc;
    FRESHET_TRY(call.validate());
    if ((call.flavour == GrpcFlavour::Native) != isNativeScheme(request.bytes.url))
        return invalid(call.flavour == GrpcFlavour::Native
                           ? "gRPC goes to grpc:// or grpcs:// addresses"
                           : "grpc:// addresses speak gRPC itself, no other form of it");
    const std::string service = call.method.substr(0, call.method.rfind('/'));
    const auto schema = schemaOfCall(request, service, cancel);
    if (!schema)
        return fail(schema.error());
    const auto method = schema->method(call.method);
    if (!method)
        return fail(method.error());
    if (method->streamsRequests)
        return fail(ErrorCode::Unsupported,
                    method->path + " wants a stream of requests, which a download does not have");
    auto message = schema->encode(method->requestType, call.requestJson);
    if (!message && message.error().code == ErrorCode::SyntaxError)
        message.error().code = ErrorCode::InvalidArgument; // it is not what came that is wrong
    if (!message)
        return fail(message.error());

    transport::ByteRequest &bytes = request.bytes;
    const Spoken spoken =
        spokenBy(call.flavour, method->streamsResponses, *message, call.requestJson);
    bytes.url = addressOf(std::move(bytes.url), method->path);
    bytes.method = "POST";
    bytes.body = spoken.body;
    request.retry.isSafe = request.retry.isSafe || method->isIdempotent;
    for (const transport::Header &header : call.metadata)
        setHeader(bytes, header.name, header.value);
    addProtocolHeaders(bytes, call, spoken);

    // Connect's unary JSON is an ordinary JSON document.
    const bool isDocument = call.flavour == GrpcFlavour::ConnectJson && !spoken.isFramed;
    request.decode.format = isDocument ? decode::Format::Json : decode::Format::GrpcWeb;
    request.decode.messages = {.descriptorSet = schema->descriptorSet(),
                               .typeName = method->responseType,
                               .rowsField = call.rowsField};
    return request.validate();
}

void forgetGrpcPreparation(DownloadRequest &request)
{
    if (!request.grpc || request.decode.messages.descriptorSet.empty())
        return;
    const GrpcCall &call = *request.grpc;
    transport::ByteRequest &bytes = request.bytes;
    // In the form the method has in an address, whichever way it was written.
    std::string path = call.method;
    if (path.find('/') == std::string::npos && path.rfind('.') != std::string::npos)
        path[path.rfind('.')] = '/';
    if (!path.starts_with('/'))
        path.insert(path.begin(), '/');
    if (bytes.url.ends_with(path))
        bytes.url.resize(bytes.url.size() - path.size());
    std::erase_if(bytes.headers, [&call](const transport::Header &header) {
        return isProtocolHeader(header.name) || findHeader(call.metadata, header.name).has_value();
    });
    const transport::ByteRequest usual;
    bytes.method = usual.method;
    bytes.acceptEncoding = usual.acceptEncoding;
    bytes.body.clear();
    request.decode.format = decode::DecodeOptions().format;
    request.decode.messages = {};
}

Error asGrpcError(Error error)
{
    if (error.code != ErrorCode::HttpStatus)
        return error;
    Error grpc = transport::grpcError(transport::grpcCodeForHttp(error.nativeCode), error.detail);
    grpc.excerpt = std::move(error.excerpt);
    return grpc;
}

} // namespace freshet::transfer
