// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace freshet::store {

/// The checksum of bytes that a part file holds, taken in piece by piece: it tells a bit that has
/// changed on the disk, and is no proof against somebody who changes bytes on purpose.
/// Source: XXH3, 64 bits. Threads: one thread at a time.
class Checksum
{
public:
    Checksum();
    ~Checksum();
    void append(std::string_view bytes);
    /// Of everything so far.
    [[nodiscard]] std::uint64_t value() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace freshet::store
