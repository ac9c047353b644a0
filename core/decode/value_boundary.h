// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/input_window.h"

#include <cstdint>
#include <vector>

namespace freshet::decode {

/// Finds where a JSON value ends, looking at each byte once however often it is asked, and without
/// minding whether the value is valid inside. Two uses: not parsing a half arrived row again and
/// again, and stepping over a broken row to the next one.
///
/// Threads: one thread at a time.
class ValueBoundary
{
public:
    enum class State {
        Open,  ///< the value goes on past the bytes seen
        Whole, ///< it ends at `offset()`
        Lost   ///< brackets do not match or a control character stands in a string: no telling
    };

    /// A value starts at stream offset `offset`.
    void start(std::int64_t offset);
    /// No value is looked at.
    void stop() { m_active = false; }
    [[nodiscard]] bool isActive() const { return m_active; }

    /// Look at [offset(), end); `at` is where the byte at `offset()` lies.
    State scan(const char *at, const char *end);
    /// The first byte not looked at; just after the value once it is Whole.
    [[nodiscard]] std::int64_t offset() const { return m_offset; }
    [[nodiscard]] std::int64_t first() const { return m_first; }

private:
    State step(char c);

    std::int64_t m_first = 0;
    std::int64_t m_offset = 0;
    State m_state = State::Open;
    std::vector<bool> m_open; ///< true = object
    bool m_active = false;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_inScalar = false;
};

/// Says when a value that has only half arrived is worth reading again: when its end is there, or
/// (a broken value may have no end) when there is twice as much of it. Reading it for each few
/// bytes that come would cost the square of its size. Threads: one thread at a time.
class PartialValue
{
public:
    /// The value at `offset` may be read. Always so unless `wait` was called for it.
    [[nodiscard]] bool isWorthReading(const InputWindow &window, std::int64_t offset);
    /// It was read and its end is missing.
    void wait(const InputWindow &window, std::int64_t offset);
    void stop() { m_boundary.stop(); }

private:
    ValueBoundary m_boundary;
    std::int64_t m_triedSize = 0;
};

} // namespace freshet::decode
