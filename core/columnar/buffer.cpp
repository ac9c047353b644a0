// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/buffer.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace freshet::columnar {

namespace {

constexpr std::size_t kAlignment = 64;

std::size_t roundedUp(std::size_t size)
{
    return (size + kAlignment - 1) / kAlignment * kAlignment;
}

} // namespace

Buffer Buffer::copyOf(std::span<const std::byte> bytes)
{
    MutableBuffer copy;
    copy.reserve(std::max<std::size_t>(bytes.size(), 1)); // an empty copy is still present
    copy.append(bytes.data(), bytes.size());
    return copy.finish();
}

MutableBuffer::MutableBuffer(MutableBuffer &&other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0)),
      m_capacity(std::exchange(other.m_capacity, 0))
{}

MutableBuffer &MutableBuffer::operator=(MutableBuffer &&other) noexcept
{
    if (this != &other) {
        std::free(m_data);
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
        m_capacity = std::exchange(other.m_capacity, 0);
    }
    return *this;
}

MutableBuffer::~MutableBuffer()
{
    std::free(m_data);
}

void MutableBuffer::grow(std::size_t atLeast)
{
    const std::size_t capacity = std::max(atLeast, m_capacity + m_capacity / 2);
    const std::size_t allocated = roundedUp(capacity + kSlack);
    auto *memory = static_cast<std::byte *>(std::aligned_alloc(kAlignment, allocated));
    if (!memory)
        throw std::bad_alloc(); // as every standard container would
    if (m_size != 0)
        std::memcpy(memory, m_data, m_size);
    std::free(m_data);
    m_data = memory;
    m_capacity = allocated - kSlack;
}

Buffer MutableBuffer::finish()
{
    if (!m_data)
        return {};
    std::shared_ptr<const void> owner(m_data, [](void *memory) { std::free(memory); });
    Buffer finished(std::move(owner), m_data, m_size);
    m_data = nullptr;
    m_size = 0;
    m_capacity = 0;
    return finished;
}

} // namespace freshet::columnar
