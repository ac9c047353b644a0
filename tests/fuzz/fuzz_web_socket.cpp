// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a server sends on a WebSocket, from frames to rows: the same however it is split, and no
// crash. The first bytes of an input choose the options and the split, the rest is frames.
#include "split_run.h"

#include "base/message_frame.h"
#include "transport/web_socket_frames.h"

namespace {

using namespace freshet;

/// The messages in `frames`, fed in pieces of `longest` bytes, as a transport hands them on.
std::string messagesIn(std::string_view frames, std::size_t longest, const Limits &limits)
{
    transport::WebSocketParser parser(limits);
    std::string out;
    const auto sink = [&out](transport::WebSocketOpcode kind, std::string_view payload) -> Status {
        if (kind != transport::WebSocketOpcode::Text && kind != transport::WebSocketOpcode::Binary)
            return {};
        const bool isText = kind == transport::WebSocketOpcode::Text;
        appendMessageHeader(out, isText ? MessageFlag::Text : MessageFlag::Binary,
                            static_cast<std::uint32_t>(payload.size()));
        out += payload;
        return {};
    };
    while (!frames.empty()) {
        const std::string piece(frames.substr(0, longest));
        if (!parser.feed(piece, sink))
            return out + " broken";
        frames.remove_prefix(piece.size());
    }
    return out + (parser.isInsideMessage() ? " inside" : "");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    constexpr std::size_t kHeaderBytes = 2;
    if (size < kHeaderBytes)
        return 0;
    decode::DecodeOptions options;
    options.format = decode::Format::WebSocket;
    options.flatten = (data[0] & 1) == 0;
    if ((data[0] & 2) != 0)
        options.rowsAt = (data[0] & 4) != 0 ? "$.data[*].a" : "$.a.data";
    if ((data[0] & 8) != 0)
        options.limits.rowBytes = ByteCount(64);
    if ((data[0] & 16) != 0)
        options.limits.columns = 4;
    if ((data[0] & 32) != 0)
        options.limits.nestingDepth = 5;
    const std::size_t longest = 1u + data[1] % 40;
    const std::string frames(data + kHeaderBytes, data + size);
    const std::string messages = messagesIn(frames, frames.size(), options.limits);
    if (messages != messagesIn(frames, longest, options.limits))
        std::abort();
    (void)freshet::fuzz::decodeBothWays(messages, options, longest);
    (void)freshet::fuzz::decodeBothWays(frames, options, longest);
    return 0;
}
