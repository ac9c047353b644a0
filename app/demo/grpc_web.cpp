// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Source: grpc/grpc doc/PROTOCOL-WEB.md, https://connectrpc.com/docs/protocol
#include "demo/grpc_web.h"

#include "base/base64.h"

namespace freshet::demo {

namespace {

constexpr std::size_t kHeaderBytes = 5;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kInvalidArgument = 3;
constexpr int kUnimplemented = 12;
constexpr int kInternal = 13;

} // namespace

std::optional<GrpcWire> grpcWireOf(std::string_view contentType)
{
    const std::string_view type = contentType.substr(0, contentType.find(';'));
    if (type == "application/grpc-web" || type == "application/grpc-web+proto")
        return GrpcWire::Web;
    if (type == "application/grpc-web-text" || type == "application/grpc-web-text+proto")
        return GrpcWire::WebText;
    if (type == "application/connect+proto")
        return GrpcWire::Connect;
    return std::nullopt;
}

const char *contentTypeOf(GrpcWire wire)
{
    switch (wire) {
    case GrpcWire::Web:
        return "application/grpc-web+proto";
    case GrpcWire::WebText:
        return "application/grpc-web-text+proto";
    case GrpcWire::Connect:
        break;
    }
    return "application/connect+proto";
}

bool isUserMethod(std::string_view method)
{
    return method == "ListUsers" || method == "StreamUsers";
}

GrpcWebBody::GrpcWebBody(GrpcWire wire, std::string_view method, std::string_view body)
    : m_wire(wire)
{
    const std::string bytes =
        wire == GrpcWire::WebText ? fromBase64(body).value_or("") : std::string(body);
    if (!isUserMethod(method)) {
        m_code = kUnimplemented;
        m_problem = "there is no such method";
        return;
    }
    auto query = bytes.size() < kHeaderBytes || bytes[0] != '\0'
                     ? fail(ErrorCode::InvalidArgument, "the request is no plain frame")
                     : UserQuery::parse(std::string_view(bytes).substr(kHeaderBytes));
    if (!query) {
        m_code = kInvalidArgument;
        m_problem = query.error().detail;
        return;
    }
    m_users.emplace(std::move(*query), method == "ListUsers");
}

void GrpcWebBody::appendFrame(std::string &out, unsigned flags, std::string_view payload) const
{
    std::string frame(1, static_cast<char>(flags));
    for (int shift = 24; shift >= 0; shift -= 8)
        frame += static_cast<char>(payload.size() >> shift & 0xFF);
    frame += payload;
    out += m_wire == GrpcWire::WebText ? toBase64(frame) : frame;
}

void GrpcWebBody::appendEnd(std::string &out, int code, std::string_view message) const
{
    if (m_wire != GrpcWire::Connect) {
        appendFrame(out, 0x80,
                    "grpc-status: " + std::to_string(code) +
                        "\r\ngrpc-message: " + std::string(message) + "\r\n");
        return;
    }
    const std::string_view name = code == kInvalidArgument ? "invalid_argument"
                                  : code == kUnimplemented ? "unimplemented"
                                                           : "internal";
    appendFrame(out, 0x02,
                code == 0 ? "{}"
                          : R"({"error":{"code":")" + std::string(name) + R"(","message":")" +
                                std::string(message) + R"("}})");
}

GrpcWebBody::Step GrpcWebBody::next(std::string &out)
{
    if (!m_users) {
        appendEnd(out, m_code, m_problem);
        return Step::Done;
    }
    while (out.size() < kPieceBytes) {
        switch (m_users->next(m_message)) {
        case UserStream::Step::Message:
            appendFrame(out, 0, m_message);
            break;
        case UserStream::Step::Half: {
            std::string frame;
            appendFrame(frame, 0, m_message);
            out += frame.substr(0, frame.size() / 2);
            return Step::Broken;
        }
        case UserStream::Step::Closed:
            return Step::Broken;
        case UserStream::Step::Stalled:
            return Step::Stalled;
        case UserStream::Step::Failed:
            appendEnd(out, kInternal, "internal server error");
            return Step::Done;
        case UserStream::Step::Done:
            appendEnd(out, 0, "");
            return Step::Done;
        }
    }
    return Step::More;
}

} // namespace freshet::demo
