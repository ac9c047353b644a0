// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace freshet::decode {

/// The part of a stream that a decoder still needs, in one piece, followed by zeros.
///
/// The zeros are what makes parsing fast: no JSON token may hold a NUL, so a parser need not look
/// at the end before each byte; it stops at the NUL and then asks whether this is the end. Vector
/// loads may run past the end by up to `kPadding` bytes.
///
/// Positions are offsets in the stream, which stay valid; pointers stay valid until `append`.
/// Threads: one thread at a time.
class InputWindow
{
public:
    static constexpr std::size_t kPadding = 64;
    /// Decoders append a long piece of input in slices of this size, which keeps the window small
    /// and in the cache.
    static constexpr std::size_t kSlice = 128 * 1024;

    /// Add bytes at the end; bytes before the release mark may go.
    void append(std::string_view bytes);
    /// Bytes before `offset` are not needed any more. Never moves back.
    void release(std::int64_t offset);
    /// Go on `bytes` further, which were read elsewhere; nothing held is needed any more.
    void skip(std::int64_t bytes);
    void clear();

    [[nodiscard]] std::int64_t firstOffset() const { return m_base; }
    [[nodiscard]] std::int64_t endOffset() const
    {
        return m_base + static_cast<std::int64_t>(m_size);
    }
    [[nodiscard]] const char *end() const { return m_bytes.get() + m_size; }
    /// `offset` in [firstOffset(), endOffset()].
    [[nodiscard]] const char *at(std::int64_t offset) const
    {
        return m_bytes.get() + (offset - m_base);
    }
    [[nodiscard]] std::int64_t offsetOf(const char *place) const
    {
        return m_base + (place - m_bytes.get());
    }

private:
    std::unique_ptr<char[]> m_bytes;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
    std::int64_t m_base = 0;
    std::int64_t m_released = 0;
};

} // namespace freshet::decode
