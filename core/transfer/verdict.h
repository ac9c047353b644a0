// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// How sure we are that everything arrived (design §6). Ordered from best to worst.
enum class VerdictKind { Verified, Ended, Incomplete };

struct Verdict
{
    VerdictKind kind = VerdictKind::Incomplete;
    /// Sentences with figures, the decisive one first.
    std::vector<std::string> evidence;
};

/// `verified`, `ended`, `incomplete`.
[[nodiscard]] std::string_view verdictName(VerdictKind kind);
[[nodiscard]] std::optional<VerdictKind> verdictByName(std::string_view name);

/// `1234567` → `1,234,567`, for sentences.
[[nodiscard]] std::string groupedDigits(std::int64_t value);
/// `1 row`, `2,000 rows`.
[[nodiscard]] std::string counted(std::int64_t count, std::string_view one, std::string_view many);

} // namespace freshet::transfer
