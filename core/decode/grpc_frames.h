// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/limits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace freshet::decode {

/// How messages follow each other in a body.
enum class GrpcFraming {
    GrpcWeb,     ///< frames, the last one holds trailers
    GrpcWebText, ///< the same in base64
    Connect,     ///< envelopes, the last one holds a JSON object
    ConnectJson, ///< the same, the messages are JSON
    Bare,        ///< Connect unary: the body is the message
};

/// What a content type says. Without one the body is taken as gRPC-web frames, which is how a kept
/// stream lies in a file. Errors: GrpcStatus, INTERNAL for another message coding than protobuf;
/// UNKNOWN for anything that is not gRPC.
[[nodiscard]] Result<GrpcFraming> grpcFramingOf(std::string_view contentType);

/// One frame or envelope: a flag byte, a length of four bytes, big endian, and so many bytes.
/// Source: grpc/grpc doc/PROTOCOL-WEB.md; https://connectrpc.com/docs/protocol (streaming).
struct GrpcFrame
{
    static constexpr std::size_t kHeaderBytes = 5;

    bool isCompressed = false;
    bool isLast = false; ///< trailers, or Connect's end of the stream
    std::string_view payload;

    [[nodiscard]] std::size_t size() const { return kHeaderBytes + payload.size(); }
};

/// The frame at the start of `bytes`; nothing if more bytes are needed.
/// Errors: ProtocolViolation for flags that do not exist; RowTooLarge for a message, and
/// SizeLimitExceeded for trailers, beyond the limits.
[[nodiscard]] Result<std::optional<GrpcFrame>>
readGrpcFrame(std::string_view bytes, GrpcFraming framing, const Limits &limits);

/// How many bytes are still needed of the frame that begins with `bytes` and is not whole: those of
/// its header first.
[[nodiscard]] std::size_t missingGrpcBytes(std::string_view bytes);

/// How a call ended, as the server says.
struct GrpcEnd
{
    int code = 0;
    std::string message;
    std::string details; ///< a serialized google.rpc.Status; Connect: the JSON of the details
};

using GrpcHeaders = std::vector<std::pair<std::string, std::string>>;

/// The lines of a trailers frame. A last line may lack its end.
[[nodiscard]] GrpcHeaders parseGrpcTrailers(std::string_view text);
/// The status in header fields or trailers, if there is one: names in any case.
/// Errors: ProtocolViolation for a status that is no number.
[[nodiscard]] Result<std::optional<GrpcEnd>> grpcEndIn(const GrpcHeaders &headers);
/// Connect's last envelope. Errors: SyntaxError if it is no JSON object.
[[nodiscard]] Result<GrpcEnd> connectEndIn(std::string_view json);

/// The value of the first header called `name` (any case); empty if there is none.
[[nodiscard]] std::string_view grpcHeader(const GrpcHeaders &headers, std::string_view name);

} // namespace freshet::decode
