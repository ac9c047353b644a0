// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/user_stream.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::demo {

/// How gRPC travels over plain HTTP.
enum class GrpcWire { Web, WebText, Connect };

/// By the request's content type: gRPC-web in both forms, Connect streaming with protobuf.
[[nodiscard]] std::optional<GrpcWire> grpcWireOf(std::string_view contentType);
[[nodiscard]] const char *contentTypeOf(GrpcWire wire);

/// The body of an answer, piece by piece.
/// Threads: one thread at a time.
class GrpcWebBody
{
public:
    enum class Step {
        More,    ///< call again
        Done,    ///< the body is whole
        Broken,  ///< close the connection
        Stalled, ///< wait for ever
    };

    /// `body` of the request, framed. A request that is wrong gets its error as an answer.
    GrpcWebBody(GrpcWire wire, std::string_view method, std::string_view body);

    /// Append about 64 KiB to `out`.
    [[nodiscard]] Step next(std::string &out);

private:
    void appendFrame(std::string &out, unsigned flags, std::string_view payload) const;
    void appendEnd(std::string &out, int code, std::string_view message) const;

    const GrpcWire m_wire;
    std::optional<UserStream> m_users;
    int m_code = 0; ///< for a request that is wrong
    std::string m_problem;
    std::string m_message;
};

/// Whether the service has a method of this name, which is `ListUsers` or `StreamUsers`.
[[nodiscard]] bool isUserMethod(std::string_view method);

} // namespace freshet::demo
