// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace freshet::decode {

/// Decodes a stream of base64 in which padding may end any group of four and another value then
/// follows, as grpc-web-text has it.
/// Threads: one thread at a time.
class Base64Stream
{
public:
    /// Append what `text` gives, group by group, to `out`. Line ends and blanks are passed over.
    /// Errors: SyntaxError with the offset in the text.
    [[nodiscard]] Status feed(std::string_view text, std::string &out);
    /// Errors: Truncated if a group is not whole.
    [[nodiscard]] Status finish() const;
    void reset() { *this = {}; }

private:
    std::int64_t m_offset = 0;
    std::uint32_t m_bits = 0;
    int m_count = 0;   ///< characters of the group so far
    int m_padding = 0; ///< of those, `=`
};

} // namespace freshet::decode
