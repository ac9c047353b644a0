// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace freshet {

/// Append `bytes` in base64 with padding. Source: RFC 4648 §4.
void appendBase64(std::string &out, std::string_view bytes);
[[nodiscard]] std::string toBase64(std::string_view bytes);
/// Read a whole value, with or without padding, also in the URL alphabet (RFC 4648 §5).
/// Output: nothing if it is none.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);
/// The six bits that `c` stands for in either alphabet; nothing if it stands for none.
[[nodiscard]] std::optional<std::uint8_t> base64Digit(char c);

} // namespace freshet
