// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace freshet::decode {

/// The figures in the data of an event that tells how far a stream is.
struct EventFigures
{
    std::optional<std::int64_t> done;
    std::optional<std::int64_t> total;
};

/// Look for them in a JSON object under the usual names (`done`, `count`, `processed` …; `total`,
/// `totalRows` …). A bare whole number is a total. Output: nothing where there is none, or in data
/// longer than 64 KiB.
[[nodiscard]] EventFigures figuresIn(std::string_view data);

} // namespace freshet::decode
