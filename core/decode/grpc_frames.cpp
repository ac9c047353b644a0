// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/grpc_frames.h"

#include "base/base64.h"
#include "base/grouped_digits.h"
#include "decode/text_encoding.h"
#include "transport/ascii.h"
#include "transport/grpc_status.h"

#include <simdjson.h>

#include <charconv>

namespace freshet::decode {

namespace {

using transport::equalsIgnoringCase;

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

/// What the header at the start of `bytes` says.
std::size_t payloadSize(std::string_view bytes)
{
    std::size_t size = 0;
    for (std::size_t i = 1; i < GrpcFrame::kHeaderBytes; ++i)
        size = size << 8 | static_cast<unsigned char>(bytes[i]);
    return size;
}

std::string grouped(std::size_t number)
{
    return groupedDigits(static_cast<std::int64_t>(number));
}

} // namespace

Result<GrpcFraming> grpcFramingOf(std::string_view contentType)
{
    const std::string type =
        transport::lowered(trimmed(contentType.substr(0, contentType.find(';'))));
    if (type.empty() || type == "application/octet-stream" || type == "application/grpc-web" ||
        type == "application/grpc-web+proto" || type == "application/grpc" ||
        type == "application/grpc+proto")
        return GrpcFraming::GrpcWeb;
    if (type == "application/grpc-web-text" || type == "application/grpc-web-text+proto")
        return GrpcFraming::GrpcWebText;
    if (type == "application/connect+proto")
        return GrpcFraming::Connect;
    if (type == "application/connect+json")
        return GrpcFraming::ConnectJson;
    if (type == "application/proto")
        return GrpcFraming::Bare;
    if (type.starts_with("application/grpc") || type.starts_with("application/connect+"))
        return fail(
            transport::grpcError(transport::kGrpcInternal,
                                 "the server answers in " + type + ", which was not asked for"));
    Error error = transport::grpcError(transport::kGrpcUnknown,
                                       "the answer is " + type + ", not a gRPC stream");
    error.code = ErrorCode::WrongContentType;
    return fail(std::move(error));
}

std::size_t missingGrpcBytes(std::string_view bytes)
{
    if (bytes.size() < GrpcFrame::kHeaderBytes)
        return GrpcFrame::kHeaderBytes - bytes.size();
    const std::size_t whole = GrpcFrame::kHeaderBytes + payloadSize(bytes);
    return whole > bytes.size() ? whole - bytes.size() : 1;
}

Result<std::optional<GrpcFrame>> readGrpcFrame(std::string_view bytes, GrpcFraming framing,
                                               const Limits &limits)
{
    if (bytes.empty())
        return std::nullopt;
    const bool isConnect = framing == GrpcFraming::Connect || framing == GrpcFraming::ConnectJson;
    const unsigned lastFlag = isConnect ? 0x02 : 0x80;
    const unsigned flags = static_cast<unsigned char>(bytes[0]);
    if ((flags & ~(lastFlag | 1u)) != 0)
        return fail(ErrorCode::ProtocolViolation,
                    "a frame starts with " + shownByte(bytes[0]) + ", which no frame does");
    if (bytes.size() < GrpcFrame::kHeaderBytes)
        return std::nullopt;
    const std::size_t size = payloadSize(bytes);
    GrpcFrame frame{.isCompressed = (flags & 1u) != 0, .isLast = (flags & lastFlag) != 0};
    if (frame.isLast && size > limits.headerBytes.asSize())
        return fail(ErrorCode::SizeLimitExceeded, "trailers of " + grouped(size) +
                                                      " bytes; the limit is " +
                                                      grouped(limits.headerBytes.asSize()));
    if (size > limits.rowBytes.asSize())
        return fail(ErrorCode::RowTooLarge, "a message of " + grouped(size) +
                                                " bytes; the limit is " +
                                                grouped(limits.rowBytes.asSize()));
    if (bytes.size() - GrpcFrame::kHeaderBytes < size)
        return std::nullopt;
    frame.payload = bytes.substr(GrpcFrame::kHeaderBytes, size);
    return frame;
}

GrpcHeaders parseGrpcTrailers(std::string_view text)
{
    GrpcHeaders headers;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return headers;
}

std::string_view grpcHeader(const GrpcHeaders &headers, std::string_view name)
{
    for (const auto &[key, value] : headers) {
        if (equalsIgnoringCase(key, name))
            return value;
    }
    return {};
}

Result<std::optional<GrpcEnd>> grpcEndIn(const GrpcHeaders &headers)
{
    const std::string_view status = grpcHeader(headers, "grpc-status");
    if (status.empty())
        return std::nullopt;
    GrpcEnd end;
    for (const auto &[key, value] : headers) {
        if (equalsIgnoringCase(key, "grpc-status") && value != status)
            return fail(ErrorCode::ProtocolViolation,
                        "there are two kinds of grpc-status, \"" +
                            Error::excerptOf(repairedUtf8(status)) + "\" and \"" +
                            Error::excerptOf(repairedUtf8(value)) + '"');
    }
    const auto [stop, problem] =
        std::from_chars(status.data(), status.data() + status.size(), end.code);
    if (problem != std::errc() || stop != status.data() + status.size() || end.code < 0)
        return fail(ErrorCode::ProtocolViolation, "the grpc-status is no number: \"" +
                                                      Error::excerptOf(repairedUtf8(status)) + '"');
    end.message = repairedUtf8(transport::decodedGrpcMessage(grpcHeader(headers, "grpc-message")));
    end.details = fromBase64(grpcHeader(headers, "grpc-status-details-bin")).value_or("");
    return end;
}

Result<GrpcEnd> connectEndIn(std::string_view json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS)
        return fail(Error{.code = ErrorCode::SyntaxError,
                          .detail = "the stream's last envelope is no JSON object",
                          .excerpt = Error::excerptOf(repairedUtf8(json.substr(0, 160)))});
    GrpcEnd end;
    simdjson::dom::element error;
    if (object["error"].get(error) != simdjson::SUCCESS || error.is_null())
        return end;
    std::string_view text;
    end.code = transport::kGrpcUnknown;
    if (!error.is_object())
        end.message = simdjson::minify(error);
    if (error["code"].get(text) == simdjson::SUCCESS)
        end.code = transport::grpcCodeByName(text).value_or(transport::kGrpcUnknown);
    if (error["message"].get(text) == simdjson::SUCCESS)
        end.message = text;
    simdjson::dom::array details;
    if (error["details"].get(details) == simdjson::SUCCESS)
        end.details = simdjson::minify(details);
    return end;
}

} // namespace freshet::decode
