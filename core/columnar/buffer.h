// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace freshet::columnar {

/// A read-only range of bytes that keeps its memory alive. Copying is cheap; slices share.
/// An empty Buffer (no data) means "absent", as in Arrow.
/// Threads: thread-safe, immutable.
class Buffer
{
public:
    Buffer() = default;
    Buffer(std::shared_ptr<const void> owner, const std::byte *data, std::size_t size)
        : m_owner(std::move(owner)), m_data(data), m_size(size)
    {}

    [[nodiscard]] static Buffer copyOf(std::span<const std::byte> bytes);

    [[nodiscard]] const std::byte *data() const { return m_data; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] explicit operator bool() const { return m_data != nullptr; }
    template <typename T>
    [[nodiscard]] const T *as() const
    {
        return reinterpret_cast<const T *>(m_data);
    }
    [[nodiscard]] std::string_view text() const { return {as<char>(), m_size}; }
    [[nodiscard]] Buffer slice(std::size_t offset, std::size_t size) const
    {
        return {m_owner, m_data + offset, size};
    }

private:
    std::shared_ptr<const void> m_owner;
    const std::byte *m_data = nullptr;
    std::size_t m_size = 0;
};

/// Growing memory that becomes a Buffer: 64-byte aligned, not zeroed, at least 64 readable and
/// writable bytes beyond `size()` so that whole vectors may be stored at the end.
/// Threads: one thread at a time.
class MutableBuffer
{
public:
    static constexpr std::size_t kSlack = 64;

    MutableBuffer() = default;
    MutableBuffer(MutableBuffer &&other) noexcept;
    MutableBuffer &operator=(MutableBuffer &&other) noexcept;
    MutableBuffer(const MutableBuffer &) = delete;
    MutableBuffer &operator=(const MutableBuffer &) = delete;
    ~MutableBuffer();

    [[nodiscard]] std::byte *data() { return m_data; }
    [[nodiscard]] const std::byte *data() const { return m_data; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }
    template <typename T>
    [[nodiscard]] T *as()
    {
        return reinterpret_cast<T *>(m_data);
    }
    template <typename T>
    [[nodiscard]] const T *as() const
    {
        return reinterpret_cast<const T *>(m_data);
    }

    /// Make room for `size` bytes in all (plus slack), growing by at least half.
    void reserve(std::size_t size)
    {
        if (size > m_capacity)
            grow(size);
    }
    /// The bytes between the old and the new size are undefined.
    void resize(std::size_t size)
    {
        reserve(size);
        m_size = size;
    }
    /// Within the capacity reserved before.
    void setSize(std::size_t size) { m_size = size; }
    void append(const void *bytes, std::size_t size)
    {
        reserve(m_size + size);
        if (size != 0)
            std::memcpy(m_data + m_size, bytes, size);
        m_size += size;
    }

    /// Hand the memory over; this buffer is empty afterwards.
    [[nodiscard]] Buffer finish();

private:
    void grow(std::size_t atLeast);

    std::byte *m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

[[nodiscard]] inline bool bitAt(const std::byte *bits, std::int64_t index)
{
    return ((static_cast<unsigned>(bits[index >> 3]) >> (index & 7)) & 1u) != 0;
}
inline void setBit(std::byte *bits, std::int64_t index)
{
    bits[index >> 3] |= static_cast<std::byte>(1u << (index & 7));
}
inline void clearBit(std::byte *bits, std::int64_t index)
{
    bits[index >> 3] &= static_cast<std::byte>(~(1u << (index & 7)));
}
[[nodiscard]] constexpr std::size_t bitmapBytes(std::int64_t bits)
{
    return static_cast<std::size_t>((bits + 7) / 8);
}

} // namespace freshet::columnar
