// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace freshet {

/// A 64-bit quantity that cannot be mixed with another kind: a row number is no byte count.
/// Explicit to make, explicit to unwrap (`value()`), ordered, zero by default.
template <typename Tag>
class Quantity
{
public:
    constexpr Quantity() = default;
    constexpr explicit Quantity(std::int64_t value) : m_value(value) {}

    [[nodiscard]] constexpr std::int64_t value() const { return m_value; }
    [[nodiscard]] constexpr std::size_t asSize() const { return static_cast<std::size_t>(m_value); }

    constexpr auto operator<=>(const Quantity &) const = default;
    constexpr Quantity &operator+=(Quantity other)
    {
        m_value += other.m_value;
        return *this;
    }
    constexpr Quantity &operator-=(Quantity other)
    {
        m_value -= other.m_value;
        return *this;
    }
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }

private:
    std::int64_t m_value = 0;
};

using RowCount = Quantity<struct RowCountTag>;
using ByteCount = Quantity<struct ByteCountTag>;

/// A position, as opposed to an amount: positions differ by an amount and cannot be added up.
template <typename Tag, typename Distance>
class Position
{
public:
    constexpr Position() = default;
    constexpr explicit Position(std::int64_t value) : m_value(value) {}

    [[nodiscard]] constexpr std::int64_t value() const { return m_value; }
    [[nodiscard]] constexpr std::size_t asSize() const { return static_cast<std::size_t>(m_value); }

    constexpr auto operator<=>(const Position &) const = default;
    constexpr Position &operator+=(Distance d)
    {
        m_value += d.value();
        return *this;
    }
    friend constexpr Position operator+(Position p, Distance d) { return p += d; }
    friend constexpr Position operator-(Position p, Distance d)
    {
        return Position(p.m_value - d.value());
    }
    friend constexpr Distance operator-(Position a, Position b)
    {
        return Distance(a.m_value - b.m_value);
    }

private:
    std::int64_t m_value = 0;
};

/// The number of a row in a dataset, from 0.
using RowIndex = Position<struct RowIndexTag, RowCount>;
/// The number of a byte in a stream or file, from 0.
using ByteOffset = Position<struct ByteOffsetTag, ByteCount>;

constexpr ByteCount operator""_KiB(unsigned long long n)
{
    return ByteCount(static_cast<std::int64_t>(n) << 10);
}
constexpr ByteCount operator""_MiB(unsigned long long n)
{
    return ByteCount(static_cast<std::int64_t>(n) << 20);
}

} // namespace freshet
