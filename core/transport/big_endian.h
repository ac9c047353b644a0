// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

namespace freshet::transport {

/// Numbers in network byte order, at any address.

namespace detail {
template <typename Number>
[[nodiscard]] Number loaded(const char *at)
{
    Number number = 0;
    std::memcpy(&number, at, sizeof number);
    return number;
}
} // namespace detail

static_assert(std::endian::native == std::endian::little, "other machines need no swap");

[[nodiscard]] inline std::uint16_t bigEndian16(const char *at)
{
    return __builtin_bswap16(detail::loaded<std::uint16_t>(at));
}
[[nodiscard]] inline std::uint32_t bigEndian32(const char *at)
{
    return __builtin_bswap32(detail::loaded<std::uint32_t>(at));
}
[[nodiscard]] inline std::uint64_t bigEndian64(const char *at)
{
    return __builtin_bswap64(detail::loaded<std::uint64_t>(at));
}

inline void appendBigEndian16(std::string &out, std::uint16_t number)
{
    out += static_cast<char>(number >> 8);
    out += static_cast<char>(number);
}
inline void appendBigEndian32(std::string &out, std::uint32_t number)
{
    appendBigEndian16(out, static_cast<std::uint16_t>(number >> 16));
    appendBigEndian16(out, static_cast<std::uint16_t>(number));
}

} // namespace freshet::transport
