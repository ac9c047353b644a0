// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/stream_health.h"

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::lab {

namespace {

constexpr std::array<std::pair<StreamKind, std::string_view>, 7> kNames = {{
    {StreamKind::Buffered, "buffered"},
    {StreamKind::Stalled, "stalled"},
    {StreamKind::LateStart, "late-start"},
    {StreamKind::Bursts, "bursts"},
    {StreamKind::Trickle, "trickle"},
    {StreamKind::Steady, "steady"},
    {StreamKind::Unknown, "unknown"},
}};

} // namespace

std::string_view streamKindName(StreamKind kind)
{
    return kNames[static_cast<std::size_t>(kind)].second;
}

std::optional<StreamKind> streamKindByName(std::string_view name)
{
    const auto found =
        std::ranges::find_if(kNames, [name](const auto &known) { return known.second == name; });
    return found == kNames.end() ? std::nullopt : std::optional(found->first);
}

StreamHealth judgeStream(const StreamFacts &facts)
{
    (void)facts;
    return {};
}

StreamHealth typicalHealth(const std::vector<StreamHealth> &runs)
{
    std::array<int, kNames.size()> counts{};
    for (const StreamHealth &run : runs)
        ++counts[static_cast<std::size_t>(run.kind)];
    StreamHealth typical;
    int most = 0;
    for (const StreamHealth &run : runs) {
        const int count = counts[static_cast<std::size_t>(run.kind)];
        if (count < most || (count == most && run.kind <= typical.kind))
            continue;
        most = count;
        typical = run;
    }
    return typical;
}

} // namespace freshet::lab
