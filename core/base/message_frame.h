// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace freshet {

/// How the messages of a WebSocket stand in a stream of bytes: a flag, the length of the payload
/// (u32, big-endian), the payload. What a transport hands out, a decoder reads, and a file may
/// keep.
enum class MessageFlag : std::uint8_t {
    Text = 0x00,
    Binary = 0x01,
    Close = 0x80, ///< the last one: u16 close code (big-endian), then the reason in UTF-8
};

inline constexpr std::size_t kMessageHeaderBytes = 5;

inline void appendMessageHeader(std::string &out, MessageFlag flag, std::uint32_t payloadBytes)
{
    out.push_back(static_cast<char>(flag));
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((payloadBytes >> shift) & 0xFF));
}

} // namespace freshet
