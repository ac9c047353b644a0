// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::transport {

/// The codes that are made on this side. Source: grpc/grpc doc/statuscodes.md.
inline constexpr int kGrpcOk = 0;
inline constexpr int kGrpcCancelled = 1;
inline constexpr int kGrpcUnknown = 2;
inline constexpr int kGrpcDeadlineExceeded = 4;
inline constexpr int kGrpcPermissionDenied = 7;
inline constexpr int kGrpcResourceExhausted = 8;
inline constexpr int kGrpcUnimplemented = 12;
inline constexpr int kGrpcInternal = 13;
inline constexpr int kGrpcUnavailable = 14;
inline constexpr int kGrpcUnauthenticated = 16;

/// `NOT_FOUND`; `code 42` for one that no document knows.
[[nodiscard]] std::string grpcCodeName(int code);
/// By name in any case: `NOT_FOUND`, Connect's `not_found`; `canceled` too.
[[nodiscard]] std::optional<int> grpcCodeByName(std::string_view name);
/// What a status other than 200 means where gRPC was expected.
/// Source: grpc/grpc doc/http-grpc-status-mapping.md.
[[nodiscard]] int grpcCodeForHttp(int status);
/// ErrorCode::GrpcStatus with the code in `nativeCode`: `NOT_FOUND: no such user`.
[[nodiscard]] Error grpcError(int code, std::string_view message);
/// Undo the percent-encoding of grpc-message; what is not encoded properly stays as it is. May hold
/// bytes that are not UTF-8.
[[nodiscard]] std::string decodedGrpcMessage(std::string_view text);

} // namespace freshet::transport
