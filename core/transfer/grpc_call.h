// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "decode/proto_schema.h"
#include "transport/transport.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

struct DownloadRequest;

/// How the messages of a call travel.
enum class GrpcFlavour {
    Web,         ///< application/grpc-web+proto over HTTP
    WebText,     ///< the same in base64
    Connect,     ///< Connect's streaming envelopes, or its unary form
    ConnectJson, ///< the same with messages in JSON
    Native,      ///< gRPC itself, over HTTP/2
};

/// `web`, `web-text`, `connect`, `connect-json`, `grpc`.
[[nodiscard]] std::string_view grpcFlavourName(GrpcFlavour flavour);
[[nodiscard]] std::optional<GrpcFlavour> grpcFlavourByName(std::string_view name);

/// One call of a method that answers with messages, as a person writes it down. Plain values.
struct GrpcCall
{
    /// Where the types come from; nothing given: the server's reflection is asked.
    decode::ProtoFiles schema;
    std::string method;             ///< `users.UserService/ListUsers`
    std::string requestJson = "{}"; ///< in protobuf's JSON mapping
    std::vector<transport::Header> metadata;
    /// After so long the server gives up; 0: never.
    std::chrono::milliseconds deadline{0};
    GrpcFlavour flavour = GrpcFlavour::Web;
    std::string rowsField; ///< see `decode::MessageSchema`

    /// Errors: InvalidArgument naming the field.
    [[nodiscard]] Status validate() const;
};

/// Make `request` the HTTP (or gRPC) request of its `grpc` call: address, header fields and body,
/// and what its decoder needs to know. `request.bytes.url` is the server, with or without the
/// method's path. A method that the schema calls idempotent may be called again after an
/// interruption. Reads the schema's files; with reflection it asks the server, and so may block.
/// Calling it again gives the same.
/// Errors: InvalidArgument, SchemaInvalid, SyntaxError for the JSON; those of the transport.
[[nodiscard]] Status prepareGrpcCall(DownloadRequest &request, const CancelToken &cancel);

/// The types of a request's call: from its files, else from the server's reflection, which is asked
/// for `service` alone if that is not empty. Blocks.
/// Errors: SchemaInvalid where there is neither; those of `ProtoSchema::load` and `reflectSchema`.
[[nodiscard]] Result<decode::ProtoSchema>
schemaOfCall(const DownloadRequest &request, const std::string &service, const CancelToken &cancel);
/// Undo what `prepareGrpcCall` made of a request, so that its call can be read and changed as it
/// was written down. A request that was not prepared stays as it is.
void forgetGrpcPreparation(DownloadRequest &request);

/// The schema of a server by its reflection (grpc.reflection.v1, else v1alpha): all its services,
/// or of `service` alone if that is not empty. `server` holds the address, header fields and
/// time-outs; its scheme must be grpc or grpcs. Blocks.
/// Errors: Unsupported if the server has no reflection; those of the transport.
[[nodiscard]] Result<decode::ProtoSchema>
reflectSchema(transport::ByteRequest server, const std::string &service, const CancelToken &cancel);

/// A gRPC error for an HTTP status that is none of success (R28: 401 is UNAUTHENTICATED …); any
/// other error as it is.
[[nodiscard]] Error asGrpcError(Error error);

/// `message` with flags and length in front.
[[nodiscard]] std::string grpcFramed(std::string_view message);

} // namespace freshet::transfer
