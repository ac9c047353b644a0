// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/fault.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace freshet::demo {

Result<Fault> Fault::parse(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, Kind>, 6> kKinds = {{
        {"cut", Kind::Cut},
        {"cut-row", Kind::CutRow},
        {"stall", Kind::Stall},
        {"error", Kind::Error},
        {"bad", Kind::Bad},
        {"length", Kind::Length},
    }};
    if (text.empty())
        return Fault{};
    const std::size_t colon = text.find(':');
    for (const auto &[name, kind] : kKinds) {
        if (colon == text.npos || text.substr(0, colon) != name)
            continue;
        const std::string_view digits = text.substr(colon + 1);
        Fault fault{.kind = kind};
        const auto [end, problem] =
            std::from_chars(digits.data(), digits.data() + digits.size(), fault.n);
        if (problem == std::errc() && end == digits.data() + digits.size() && fault.n >= 1)
            return fault;
    }
    return fail(
        ErrorCode::InvalidArgument,
        "fault= takes cut:N, cut-row:N, stall:N, error:N, bad:N or length:N with N ≥ 1, not \"" +
            std::string(text) + '"');
}

} // namespace freshet::demo
