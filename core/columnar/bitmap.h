// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/buffer.h"

#include <cstdint>

namespace freshet::columnar {

/// Set or clear the bits [first, first + count).
void fillBits(std::byte *bits, std::int64_t first, std::int64_t count, bool value);

/// Copy the bits [first, first + count) of `from` to `to`, starting at its bit `at`. The bits of
/// `to` behind them, up to the next multiple of 8, become undefined.
void copyBits(std::byte *to, std::int64_t at, const std::byte *from, std::int64_t first,
              std::int64_t count);

/// How many of the bits [first, first + count) are set.
[[nodiscard]] std::int64_t countBits(const std::byte *bits, std::int64_t first, std::int64_t count);

/// A bitmap of `count` bits, all of them `value`; the spare bits at the end are 0.
[[nodiscard]] MutableBuffer filledBitmap(std::int64_t count, bool value);

} // namespace freshet::columnar
