// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message_frame.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::test {

/// A frame as a server sends it: opcode and FIN as told, the length written in `lengthBytes` (0:
/// as short as it may be; else 2 or 8, right or wrong).
inline std::string serverFrame(std::string_view payload, unsigned opcode = 1, bool isFinal = true,
                               int lengthBytes = 0)
{
    std::string frame(1, static_cast<char>((isFinal ? 0x80U : 0U) | opcode));
    if (lengthBytes == 0 && payload.size() > 125)
        lengthBytes = payload.size() > 0xFFFF ? 8 : 2;
    if (lengthBytes == 0)
        frame.push_back(static_cast<char>(payload.size()));
    else
        frame.push_back(static_cast<char>(lengthBytes == 2 ? 126 : 127));
    for (int shift = (lengthBytes - 1) * 8; shift >= 0; shift -= 8)
        frame.push_back(
            static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift & 0xFF));
    return frame.append(payload);
}

inline std::string closePayload(int code, std::string_view reason = {})
{
    std::string payload{static_cast<char>(code >> 8 & 0xFF), static_cast<char>(code & 0xFF)};
    return payload.append(reason);
}

inline std::string closeFrame(int code, std::string_view reason = {})
{
    return serverFrame(closePayload(code, reason), 8);
}

/// A message as a transport hands it on.
inline std::string message(std::string_view payload, MessageFlag flag = MessageFlag::Text)
{
    std::string bytes;
    appendMessageHeader(bytes, flag, static_cast<std::uint32_t>(payload.size()));
    return bytes.append(payload);
}

} // namespace freshet::test
