// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/verdict.h"

#include "base/grouped_digits.h"

namespace freshet::transfer {

std::string_view verdictName(VerdictKind kind)
{
    switch (kind) {
    case VerdictKind::Verified:
        return "verified";
    case VerdictKind::Ended:
        return "ended";
    case VerdictKind::Incomplete:
        break;
    }
    return "incomplete";
}

std::optional<VerdictKind> verdictByName(std::string_view name)
{
    for (const auto kind : {VerdictKind::Verified, VerdictKind::Ended, VerdictKind::Incomplete}) {
        if (verdictName(kind) == name)
            return kind;
    }
    return std::nullopt;
}

std::string groupedDigits(std::int64_t value)
{
    return freshet::groupedDigits(value);
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many)
{
    return groupedDigits(count) + ' ' + std::string(count == 1 ? one : many);
}

} // namespace freshet::transfer
