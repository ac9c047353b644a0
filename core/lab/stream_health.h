// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/arrival_trace.h"
#include "transport/transport.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::lab {

/// How a stream came, worst first.
enum class StreamKind {
    Buffered,  ///< something on the way holds it back and lets it go in blocks
    Stalled,   ///< stood still once, long
    LateStart, ///< nothing for long, then all of it: made whole first, or held back whole
    Bursts,    ///< many rows at once with silence between
    Trickle,   ///< steadily, but slower than any link
    Steady,
    Unknown ///< over too fast to tell, or no stream at all
};

/// `buffered`, `stalled`, `late-start` …: stable, for files and scripts.
[[nodiscard]] std::string_view streamKindName(StreamKind kind);
[[nodiscard]] std::optional<StreamKind> streamKindByName(std::string_view name);

/// One thing that was found out about a stream. Sentences in English, with figures.
struct HealthFinding
{
    StreamKind kind = StreamKind::Unknown;
    std::string sentence;              ///< "nothing for 1.98 s, then everything at wire speed"
    std::vector<std::string> evidence; ///< the figures behind it
    std::vector<std::string> cures;    ///< usual ones: "proxy_buffering off in nginx"
};

struct StreamHealth
{
    /// The worst of the findings.
    StreamKind kind = StreamKind::Unknown;
    std::vector<HealthFinding> findings;
};

/// What the judgement rests on.
struct StreamFacts
{
    transfer::ArrivalFigures arrivals;
    transport::TransportTiming phases;
    std::vector<std::string> contentCodings;
    std::vector<transport::Header> headers; ///< of the answer, for signs of a proxy
    int requests = 1;                       ///< pages are no stream
    std::chrono::microseconds waitedForUs{0};
};

/// Judge how the bytes and rows of one answer came. Never fails: where the figures do not decide,
/// the kind is Unknown and the finding says why.
[[nodiscard]] StreamHealth judgeStream(const StreamFacts &facts);
/// The health of several runs of one variant: the kind that most of them had, in doubt the less
/// bad; with the findings of the first run of that kind.
[[nodiscard]] StreamHealth typicalHealth(const std::vector<StreamHealth> &runs);

} // namespace freshet::lab
