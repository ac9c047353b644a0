// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/json_lexer.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::decode {

/// The fault of a row at `at` that passes `Limits::rowBytes`.
[[nodiscard]] JsonFault rowTooLarge(const char *at);
/// Line ends in `text`: LF, CR, CRLF. A CR that ends `text` counts, also if an LF follows it.
[[nodiscard]] std::int64_t countLineEnds(std::string_view text);
/// An excerpt of `text` that shows the byte `place` with a little before it.
[[nodiscard]] std::string excerptAround(std::string_view text, std::int64_t place);

/// `error` of a bad row whose end is not found within `bytes`.
[[nodiscard]] Error endless(Error error, std::int64_t bytes);

} // namespace freshet::decode
