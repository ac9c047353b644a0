// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/grpc_decoder.h"

#include "decode/grpc_details.h"
#include "decode/text_encoding.h"
#include "transport/content_coding.h"
#include "transport/grpc_status.h"

#include <algorithm>

namespace freshet::decode {

namespace {

using transport::grpcError;

/// The name of the message coding that the response's header fields announce.
std::string codingOf(const DecodeOptions &options)
{
    const std::string_view grpc = grpcHeader(options.headers, "grpc-encoding");
    return std::string(!grpc.empty() ? grpc
                                     : grpcHeader(options.headers, "connect-content-encoding"));
}

bool isConnect(GrpcFraming framing)
{
    return framing == GrpcFraming::Connect || framing == GrpcFraming::ConnectJson;
}

} // namespace

GrpcDecoder::GrpcDecoder(const DecodeOptions &options, GrpcFraming framing,
                         std::unique_ptr<ProtoRows> rows, DecodeOutputs outputs)
    : WindowedDecoder(outputs),
      m_options(options),
      m_framing(framing),
      m_rows(std::move(rows)),
      m_coding(codingOf(options)),
      m_json(outputs.builder, options.flatten, options.limits)
{}

DecodeFindings GrpcDecoder::findings() const
{
    DecodeFindings findings;
    findings.format = Format::GrpcWeb;
    if (m_end && m_end->code == transport::kGrpcOk)
        findings.endStated = isConnect(m_framing) ? "Connect's end of the stream" : "grpc-status 0";
    if (m_rows) {
        const SchemaFit &fit = m_rows->fit();
        findings.unknownFields = fit.unknownFields();
        findings.schemaProblem = fit.problem();
        findings.remarks = fit.remarks();
        findings.notes = findings.remarks;
        if (m_rows->hasRowsField())
            findings.notes.push_back("rows taken from the field \"" + m_options.messages.rowsField +
                                     "\" of " + std::to_string(m_messages) + " messages");
    }
    return findings;
}

void GrpcDecoder::restart()
{
    m_messages = 0;
    m_next = 0;
    m_end.reset();
    m_json.reset();
    if (m_rows)
        m_rows->reset();
}

Status GrpcDecoder::decode(bool atEnd)
{
    if (m_framing == GrpcFraming::Bare)
        return takeBare(atEnd);
    FRESHET_TRY(takeFrames(heldBytes(), 0)); // the window has its own padding
    return atEnd ? finishStream() : Status();
}

/// Messages need not be copied into the window to be read; it is for those that a block's end cuts.
Status GrpcDecoder::decodeInPlace(std::string_view bytes)
{
    return m_framing == GrpcFraming::Bare ? Status() : takeFrames(bytes, WireReader::kPadding);
}

std::size_t GrpcDecoder::wantedBytes() const
{
    if (m_framing == GrpcFraming::Bare)
        return InputWindow::kSlice;
    return std::min(missingGrpcBytes(heldBytes()), InputWindow::kSlice);
}

std::string_view GrpcDecoder::heldBytes() const
{
    return {m_window.at(m_at), static_cast<std::size_t>(m_window.endOffset() - m_at)};
}

/// The frames in `bytes`, which go on at `m_at`; behind the last one taken, `padding` bytes follow.
Status GrpcDecoder::takeFrames(std::string_view bytes, std::size_t padding)
{
    while (bytes.size() > padding) {
        if (m_end)
            return fail(placed({.code = ErrorCode::ProtocolViolation,
                                .detail = "something follows the end that the stream stated"}));
        const auto frame =
            readGrpcFrame(bytes.substr(0, bytes.size() - padding), m_framing, m_options.limits);
        if (!frame)
            return fail(placed(frame.error()));
        if (!*frame)
            return {};
        const std::size_t size = (*frame)->size();
        m_next = m_at + static_cast<std::int64_t>(size);
        FRESHET_TRY(takeFrame(**frame));
        m_at = m_next;
        bytes.remove_prefix(size);
    }
    return {};
}

/// Connect unary: all of the body is one message.
Status GrpcDecoder::takeBare(bool atEnd)
{
    const std::int64_t size = m_window.endOffset() - m_at;
    if (size > m_options.limits.rowBytes.value())
        return fail(
            placed({.code = ErrorCode::RowTooLarge,
                    .detail = "a message of more than " +
                              std::to_string(m_options.limits.rowBytes.value()) + " bytes"}));
    if (!atEnd)
        return {};
    m_next = m_window.endOffset();
    FRESHET_TRY(takeMessage({m_window.at(m_at), static_cast<std::size_t>(size)}));
    m_at = m_next;
    return {};
}

Status GrpcDecoder::takeFrame(const GrpcFrame &frame)
{
    std::string_view payload = frame.payload;
    m_isInflated = frame.isCompressed;
    if (frame.isCompressed) {
        const auto whole = inflated(frame);
        if (!whole)
            return fail(placed(whole.error()));
        payload = *whole;
    }
    return frame.isLast ? takeEnd(payload) : takeMessage(payload);
}

Result<std::string_view> GrpcDecoder::inflated(const GrpcFrame &frame)
{
    if (m_coding.empty() || m_coding == "identity")
        return fail(grpcError(transport::kGrpcInternal,
                              "a message is compressed, but the response names no coding"));
    auto decoder = transport::makeContentDecoder({m_coding}, m_options.limits);
    if (!decoder)
        return fail(grpcError(transport::kGrpcInternal, decoder.error().detail));
    m_buffer.clear();
    const auto gather = [this](std::string_view bytes) -> Status {
        if (std::ssize(m_buffer) + std::ssize(bytes) > m_options.limits.rowBytes.value())
            return fail(ErrorCode::RowTooLarge,
                        "a message of more than " +
                            std::to_string(m_options.limits.rowBytes.value()) +
                            " bytes when decompressed");
        m_buffer += bytes;
        return {};
    };
    if (!frame.payload.empty()) {
        FRESHET_TRY((*decoder)->feed(frame.payload, gather));
        FRESHET_TRY((*decoder)->finish(gather));
    }
    const std::size_t size = m_buffer.size();
    m_buffer.append(InputWindow::kPadding, '\0');
    return std::string_view(m_buffer.data(), size);
}

/// Where a stream may be entered again. Messages of many rows may be cut by a batch's end, so they
/// have no such place.
std::int64_t GrpcDecoder::border() const
{
    return m_rows && m_rows->hasRowsField() ? 0 : m_next;
}

Status GrpcDecoder::takeMessage(std::string_view message)
{
    ++m_messages;
    if (!m_rows)
        return takeJson(message);
    if (!m_rows->hasRowsField())
        return takeRow(message, message);
    WireReader reader(message);
    while (true) {
        std::string_view row;
        bool isThere = false;
        if (!m_rows->nextRow(reader, row, isThere)) {
            const WireFault &fault = m_rows->fault();
            return reject(fault.code, faultText(fault), fault.at - message.data(), message);
        }
        if (!isThere)
            return {};
        FRESHET_TRY(takeRow(row, message));
    }
}

Status GrpcDecoder::takeRow(std::string_view row, std::string_view message)
{
    if (m_rows->readRow(row)) [[likely]]
        return m_output.endRow(border());
    const WireFault &fault = m_rows->fault();
    return reject(fault.code, faultText(fault), fault.at - message.data(), message);
}

Status GrpcDecoder::takeJson(std::string_view message)
{
    if (!m_isInflated) { // what follows the message is no zeros
        m_buffer.assign(message);
        m_buffer.append(InputWindow::kPadding, '\0');
        message = {m_buffer.data(), message.size()};
    }
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = std::min(message.find_first_not_of(kBlanks), message.size());
    const char *const end = message.data() + message.size();
    const char *const next = m_json.read(message.data() + first, end, 0, false);
    if (next == nullptr) {
        const JsonFault &fault = m_json.fault();
        return reject(fault.code, fault.reason, fault.at - message.data(), message);
    }
    if (message.find_first_not_of(kBlanks, static_cast<std::size_t>(next - message.data())) !=
        std::string_view::npos) {
        m_json.drop();
        return reject(ErrorCode::SyntaxError, "something follows the value", next - message.data(),
                      message);
    }
    return m_output.endRow(border());
}

Status GrpcDecoder::takeEnd(std::string_view payload)
{
    if (isConnect(m_framing)) {
        const auto end = connectEndIn(payload);
        if (!end)
            return fail(placed(end.error()));
        m_end = *end;
    } else {
        const auto end = grpcEndIn(parseGrpcTrailers(payload));
        if (!end)
            return fail(placed(end.error()));
        if (!*end)
            return fail(placed(grpcError(transport::kGrpcUnknown,
                                         "the trailers say nothing of the call's status")));
        m_end = **end;
    }
    return endOf(*m_end);
}

Status GrpcDecoder::finishStream()
{
    if (m_at < m_window.endOffset())
        return fail(
            placed({.code = ErrorCode::Truncated,
                    .detail = "the stream ends inside message " + std::to_string(m_messages + 1)}));
    if (m_end)
        return {};
    // Without a body the status may stand in the header fields. With one, such a status was made
    // before the messages and proves nothing about them.
    if (!isConnect(m_framing) && m_messages == 0) {
        const auto end = grpcEndIn(m_options.headers);
        if (!end)
            return fail(end.error());
        if (*end) {
            m_end = **end;
            return endOf(*m_end);
        }
    }
    return fail(placed(grpcError(transport::kGrpcUnknown,
                                 "the stream ends without a status: it was cut, or something on "
                                 "the way removed its trailers")));
}

Status GrpcDecoder::endOf(const GrpcEnd &end) const
{
    if (end.code == transport::kGrpcOk)
        return {};
    Error error = grpcError(end.code, end.message);
    if (!end.details.empty())
        error.excerpt = Error::excerptOf(
            isConnect(m_framing)
                ? end.details
                : grpcDetailsText(end.details, m_rows ? &m_rows->schema() : nullptr));
    return fail(std::move(error));
}

Status GrpcDecoder::reject(ErrorCode code, std::string reason, std::ptrdiff_t place,
                           std::string_view message)
{
    Error error{.code = code, .detail = std::move(reason)};
    error.detail += ", in message " + std::to_string(m_messages);
    const std::int64_t start = m_next - static_cast<std::int64_t>(message.size());
    // A message out of a coding has no places in the stream but its frame.
    const bool hasPlace = !m_isInflated && place >= 0 && place <= std::ssize(message);
    error.byteOffset = ByteOffset(hasPlace ? start + place : m_at);
    const auto from = hasPlace ? static_cast<std::size_t>(place) : 0;
    error.excerpt = Error::excerptOf(repairedUtf8(message.substr(from, 64)));
    return m_output.reject(std::move(error), message);
}

Error GrpcDecoder::placed(Error error) const
{
    error.byteOffset = ByteOffset(m_at);
    error.row = m_output.nextRow();
    return error;
}

namespace {

/// gRPC-web in base64: undoes that and hands the frames on. Its bytes have no borders to go on
/// from: a group of four may belong to two messages.
class GrpcTextDecoder final : public RowDecoder
{
public:
    GrpcTextDecoder(std::unique_ptr<RowDecoder> frames, std::unique_ptr<BatchSink> border)
        : m_border(std::move(border)), m_frames(std::move(frames))
    {}

    Status feed(std::string_view text) override
    {
        while (!text.empty()) {
            m_bytes.clear();
            const Status decoded = m_base64.feed(text.substr(0, InputWindow::kSlice), m_bytes);
            FRESHET_TRY(m_frames->feed(m_bytes));
            if (!decoded) {
                FRESHET_TRY(m_frames->flush());
                return decoded;
            }
            text.remove_prefix(std::min(text.size(), InputWindow::kSlice));
        }
        return {};
    }
    Status finish() override
    {
        const Status whole = m_base64.finish();
        if (!whole) {
            FRESHET_TRY(m_frames->flush());
            return whole;
        }
        return m_frames->finish();
    }
    Status flush() override { return m_frames->flush(); }
    void reset() override
    {
        m_base64.reset();
        m_frames->reset();
    }
    ByteOffset position() const override { return {}; }
    DecodeFindings findings() const override { return m_frames->findings(); }
    bool hasEnded() const override { return m_frames->hasEnded(); }

    /// Hands batches on without a place.
    class Placeless final : public BatchSink
    {
    public:
        explicit Placeless(BatchSink &sink) : m_sink(sink) {}
        Status accept(columnar::RecordBatch batch, ByteOffset) override
        {
            return m_sink.accept(std::move(batch), ByteOffset());
        }

    private:
        BatchSink &m_sink;
    };

private:
    std::unique_ptr<BatchSink> m_border;
    std::unique_ptr<RowDecoder> m_frames;
    Base64Stream m_base64;
    std::string m_bytes;
};

/// Says what is wrong with the answer when its first bytes are there to be shown.
class WrongAnswer final : public RowDecoder
{
public:
    explicit WrongAnswer(Error error) : m_error(std::move(error)) {}

    Status feed(std::string_view bytes) override
    {
        m_start +=
            bytes.substr(0, Error::kMaxExcerpt - std::min(m_start.size(), Error::kMaxExcerpt));
        return m_start.size() < Error::kMaxExcerpt ? Status() : finish();
    }
    Status finish() override
    {
        Error error = m_error;
        if (isUtf8(Error::excerptOf(m_start)) && m_start.find('\0') == std::string::npos)
            error.excerpt = Error::excerptOf(m_start);
        return fail(std::move(error));
    }
    Status flush() override { return {}; }
    void reset() override { m_start.clear(); }
    ByteOffset position() const override { return {}; }
    DecodeFindings findings() const override { return {.format = Format::GrpcWeb}; }

private:
    Error m_error;
    std::string m_start;
};

} // namespace

Result<std::unique_ptr<RowDecoder>> makeGrpcDecoder(const DecodeOptions &options,
                                                    DecodeOutputs outputs)
{
    const auto framing = grpcFramingOf(options.contentType);
    if (!framing)
        return std::make_unique<WrongAnswer>(framing.error());
    std::unique_ptr<ProtoRows> rows;
    if (*framing != GrpcFraming::ConnectJson) {
        auto made = ProtoRows::create(options, outputs.builder);
        if (!made)
            return fail(std::move(made).error());
        rows = *std::move(made);
    } else if (!options.messages.rowsField.empty()) {
        return fail(ErrorCode::Unsupported,
                    "rows inside of messages are possible with protobuf only, not with JSON");
    }
    if (*framing != GrpcFraming::GrpcWebText)
        return std::make_unique<GrpcDecoder>(options, *framing, std::move(rows), outputs);
    auto border = std::make_unique<GrpcTextDecoder::Placeless>(outputs.batches);
    auto frames =
        std::make_unique<GrpcDecoder>(options, *framing, std::move(rows),
                                      DecodeOutputs{outputs.builder, *border, outputs.rejects});
    return std::make_unique<GrpcTextDecoder>(std::move(frames), std::move(border));
}

} // namespace freshet::decode
