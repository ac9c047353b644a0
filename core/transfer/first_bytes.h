// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <chrono>
#include <string>
#include <string_view>

namespace freshet::transfer {

/// Collects the start of a body until its format can be told, and not a moment longer: a slow
/// stream does not wait for `kFormatSniffBytes` that come a minute later.
///
/// Threads: one thread at a time.
class FirstBytes
{
public:
    using Clock = std::chrono::steady_clock;

    void append(std::string_view bytes);
    [[nodiscard]] std::string_view text() const { return m_text; }
    /// Enough for any format.
    [[nodiscard]] bool isEnough() const { return m_text.size() >= decode::kFormatSniffBytes; }
    /// When to decide with what is there. A single object with nothing behind it may be a whole
    /// document or the first of many lines, so it gets more patience.
    [[nodiscard]] std::optional<Clock::time_point>
    decideAt(std::chrono::milliseconds visibleWithin) const;

private:
    [[nodiscard]] bool isOneObject() const;

    std::string m_text;
    Clock::time_point m_firstAt;
};

} // namespace freshet::transfer
