// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/base64_stream.h"
#include "decode/grpc_frames.h"
#include "decode/json_row.h"
#include "decode/proto_rows.h"
#include "decode/windowed_decoder.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// The answer to a gRPC-web or Connect call, or to a gRPC one as our transport hands it out.
///
/// Shape: each message is a row, or holds rows (`MessageSchema::rowsField`); of `+json` each is a
/// row as in NDJSON, without a schema. Messages before an
/// error status are delivered, then the status is the error. A stream is whole only with a status:
/// in its trailers, or in the header fields if there is no body at all.
/// A message that cannot be read goes to the RejectSink and decoding goes on with the next frame;
/// frames that are wrong themselves end the stream.
///
/// Place: offsets count frames and messages as they are before compression; of grpc-web-text, the
/// decoded bytes.
/// Source: see grpc_frames.h. Errors: GrpcStatus with the code in `nativeCode`, Truncated,
/// ProtocolViolation, RowTooLarge, those of the message coding.
class GrpcDecoder final : public WindowedDecoder
{
public:
    /// `rows` is null for messages in JSON.
    GrpcDecoder(const DecodeOptions &options, GrpcFraming framing, std::unique_ptr<ProtoRows> rows,
                DecodeOutputs outputs);

    [[nodiscard]] DecodeFindings findings() const override;
    [[nodiscard]] bool hasEnded() const override { return m_end.has_value(); }

private:
    [[nodiscard]] Status decode(bool atEnd) override;
    void restart() override;
    [[nodiscard]] Status decodeInPlace(std::string_view bytes) override;
    [[nodiscard]] std::size_t wantedBytes() const override;

    [[nodiscard]] Status takeFrames(std::string_view bytes, std::size_t padding);
    [[nodiscard]] std::string_view heldBytes() const;
    [[nodiscard]] Status takeBare(bool atEnd);
    [[nodiscard]] Status takeFrame(const GrpcFrame &frame);
    [[nodiscard]] Status takeMessage(std::string_view message);
    [[nodiscard]] Status takeRow(std::string_view row, std::string_view message);
    [[nodiscard]] Status takeJson(std::string_view message);
    [[nodiscard]] Status takeEnd(std::string_view payload);
    [[nodiscard]] Status finishStream();
    [[nodiscard]] Status endOf(const GrpcEnd &end) const;
    [[nodiscard]] Result<std::string_view> inflated(const GrpcFrame &frame);
    [[nodiscard]] Status reject(ErrorCode code, std::string reason, std::ptrdiff_t place,
                                std::string_view message);
    [[nodiscard]] Error placed(Error error) const;
    [[nodiscard]] std::int64_t border() const;

    const DecodeOptions m_options;
    const GrpcFraming m_framing;
    const std::unique_ptr<ProtoRows> m_rows;
    const std::string m_coding; ///< of compressed messages
    JsonRow m_json;
    std::int64_t m_messages = 0;
    std::int64_t m_next = 0;   ///< stream offset behind the message at hand
    bool m_isInflated = false; ///< the message at hand lies in `m_buffer`
    std::optional<GrpcEnd> m_end;
    std::string m_buffer; ///< a message out of its coding, or followed by zeros
};

/// Errors: those of `grpcFramingOf` and `ProtoRows::create`.
[[nodiscard]] Result<std::unique_ptr<RowDecoder>> makeGrpcDecoder(const DecodeOptions &options,
                                                                  DecodeOutputs outputs);

} // namespace freshet::decode
