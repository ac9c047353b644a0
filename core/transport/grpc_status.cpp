// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/grpc_status.h"

#include "transport/ascii.h"

#include <algorithm>
#include <array>

namespace freshet::transport {

namespace {

constexpr std::array<std::string_view, 17> kNames = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = toLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

std::string grpcCodeName(int code)
{
    if (code >= 0 && code < static_cast<int>(kNames.size()))
        return std::string(kNames[static_cast<std::size_t>(code)]);
    return "code " + std::to_string(code);
}

std::optional<int> grpcCodeByName(std::string_view name)
{
    if (equalsIgnoringCase(name, "canceled"))
        return kGrpcCancelled;
    const auto *const found = std::ranges::find_if(
        kNames, [&](std::string_view known) { return equalsIgnoringCase(known, name); });
    if (found == kNames.end())
        return std::nullopt;
    return static_cast<int>(found - kNames.begin());
}

int grpcCodeForHttp(int status)
{
    switch (status) {
    case 400:
        return kGrpcInternal;
    case 401:
        return kGrpcUnauthenticated;
    case 403:
        return kGrpcPermissionDenied;
    case 404:
        return kGrpcUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
        return kGrpcUnavailable;
    default:
        return kGrpcUnknown;
    }
}

Error grpcError(int code, std::string_view message)
{
    Error error{.code = ErrorCode::GrpcStatus, .detail = grpcCodeName(code)};
    if (!message.empty())
        error.detail += ": " + std::string(message);
    error.nativeCode = code;
    return error;
}

std::string decodedGrpcMessage(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
            hexDigit(text[i + 2]) >= 0) {
            decoded += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

} // namespace freshet::transport
