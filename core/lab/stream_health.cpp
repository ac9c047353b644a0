// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/stream_health.h"

#include "lab/metric.h"
#include "lab/stream_shape.h"
#include "transfer/verdict.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

namespace freshet::lab {

namespace {

using std::chrono::microseconds;
using transfer::groupedDigits;

constexpr std::array<std::pair<StreamKind, std::string_view>, 7> kNames = {{
    {StreamKind::Buffered, "buffered"},
    {StreamKind::Stalled, "stalled"},
    {StreamKind::LateStart, "late-start"},
    {StreamKind::Bursts, "bursts"},
    {StreamKind::Trickle, "trickle"},
    {StreamKind::Steady, "steady"},
    {StreamKind::Unknown, "unknown"},
}};

/// A wait for the first row that people feel.
constexpr microseconds kLate = std::chrono::milliseconds(500);
/// Shorter answers show no pace.
constexpr microseconds kTooShort = std::chrono::milliseconds(200);
/// At wire speed there is hardly any silence; in bursts there is mostly that.
constexpr double kWireSpeedSilence = 0.2;
constexpr double kBurstSilence = 0.5;
/// More rows than a server would hand to one write by chance.
constexpr double kRowsOfABurst = 4;
constexpr int kLeastBursts = 3;
/// Shorter pauses are the pace of a fast stream and of busy machines. Blocks of a buffer's size are
/// proof enough at less.
constexpr microseconds kFeltPause = std::chrono::milliseconds(100);
constexpr microseconds kBlockPause = std::chrono::milliseconds(20);
/// What compressors hold at most before they let go; larger bursts are the sender's.
constexpr double kCompressorHolds = 128 * 1024;

std::string text(microseconds time)
{
    return valueText(std::chrono::duration<double>(time).count(), Unit::Seconds);
}

std::string bytesText(std::int64_t bytes)
{
    return groupedDigits(bytes) + " bytes";
}

std::string percent(double share)
{
    return std::to_string(static_cast<int>(share * 100 + 0.5)) + " %";
}

std::vector<std::string> proxyCures()
{
    return {"nginx: proxy_buffering off, or X-Accel-Buffering: no from the server",
            "other proxies and CDNs: leave this address out of buffering, caching and transforming",
            "the server itself: flush after each row or few"};
}

std::vector<std::string> compressorCures()
{
    return {"flush the compressor after each row or few (Z_SYNC_FLUSH)",
            "ask without compression: Accept-Encoding: identity"};
}

bool isDeflate(const std::vector<std::string> &codings)
{
    return codings.size() == 1 &&
           (codings[0] == "gzip" || codings[0] == "x-gzip" || codings[0] == "deflate");
}

/// Finds out one thing after the other about one answer.
class Judgement
{
public:
    Judgement(const StreamFacts &facts, const StreamShape &shape)
        : m_facts(facts), m_shape(shape), m_blocks(bufferBlocksIn(facts.arrivals))
    {}

    StreamHealth result()
    {
        const bool isWhole = judgeStart();
        judgeStall();
        if (!isWhole)
            judgePace();
        if (m_health.findings.empty())
            add(StreamKind::Unknown, "nothing stands out, and nothing is proven", {}, {});
        const auto worst = std::ranges::min_element(m_health.findings, {}, &HealthFinding::kind);
        m_health.kind = worst->kind;
        return std::move(m_health);
    }

private:
    void add(StreamKind kind, std::string sentence, std::vector<std::string> evidence,
             std::vector<std::string> cures)
    {
        m_health.findings.push_back(
            {kind, std::move(sentence), std::move(evidence), std::move(cures)});
    }

    /// Output: everything came at once after the wait, so that there is no pace to speak of.
    bool judgeStart()
    {
        if (m_shape.wait() < kLate)
            return false;
        const bool atWireSpeed =
            m_shape.silentShare < kWireSpeedSilence || m_shape.rest() < m_shape.wait() / 10;
        std::vector<std::string> evidence = {
            "first byte " + text(m_shape.firstByte - m_shape.sent) + " and first row " +
            text(m_shape.wait()) + " after the request"};
        if (!atWireSpeed) {
            add(StreamKind::LateStart, "nothing for " + text(m_shape.wait()) + ", then it begins",
                std::move(evidence), {"look for what the server does before its first row"});
            return false;
        }
        evidence.push_back(bytesText(m_shape.bytes) + " within " + text(m_shape.rest()));
        const std::string sentence =
            "nothing for " + text(m_shape.wait()) + ", then everything at wire speed";
        if (isHeldByCompressor()) {
            evidence.push_back("the first bytes of a " + m_facts.contentCodings.front() +
                               " body came early, its first row did not");
            add(StreamKind::Buffered, sentence + ": the compressor held it", std::move(evidence),
                compressorCures());
        } else if (m_blocks) {
            tellBlocks(evidence);
            add(StreamKind::Buffered, sentence + ": held by a buffer on the way",
                std::move(evidence), proxyCures());
        } else {
            tellSigns(evidence);
            tellHeldWhole(sentence, std::move(evidence));
        }
        return true;
    }

    /// One answer alone does not show who held it.
    void tellHeldWhole(const std::string &sentence, std::vector<std::string> evidence)
    {
        std::vector<std::string> cures = {"if it is made in whole before it is sent: stream it"};
        std::string who = ": made in whole first, or held in whole on the way";
        if (!m_facts.contentCodings.empty()) {
            who += " or by the compressor";
            std::ranges::copy(compressorCures(), std::back_inserter(cures));
        }
        std::ranges::copy(proxyCures(), std::back_inserter(cures));
        add(StreamKind::LateStart, sentence + who, std::move(evidence), std::move(cures));
    }

    [[nodiscard]] bool isHeldByCompressor() const
    {
        return !m_facts.contentCodings.empty() && m_facts.arrivals.flushedBursts == 0 &&
               m_shape.firstRow - m_shape.firstByte >= kLate;
    }

    void judgeStall()
    {
        const auto stall = stallIn(m_shape);
        if (!stall)
            return;
        const std::int64_t before = rowsBy(m_facts.arrivals, stall->began + stall->length);
        const double share =
            m_shape.rows > 0 ? static_cast<double>(before) / static_cast<double>(m_shape.rows) : 0;
        add(StreamKind::Stalled,
            "stood still for " + text(stall->length) + " after " + groupedDigits(before) + " rows",
            {"that is " + percent(share) + " of the rows, " + text(stall->began) +
             " after the start"},
            {"look for what the server does there: a slow query, a lock, a backend that waits"});
    }

    void judgePace()
    {
        if (m_shape.end - m_shape.sent < kTooShort) {
            add(StreamKind::Unknown,
                "over within " + text(m_shape.end - m_shape.sent) + ", too fast to see a pace", {},
                {});
            return;
        }
        const bool isSilent =
            m_shape.bursts >= kLeastBursts && m_shape.silentShare >= kBurstSilence;
        const bool isRowByRow = m_shape.rowsPerBurst < kRowsOfABurst;
        const microseconds least = m_blocks ? kBlockPause : kFeltPause;
        if (isSilent && (isRowByRow || m_shape.typicalPause >= least))
            judgeBursts();
        else
            tellSteady();
    }

    void judgeBursts()
    {
        std::vector<std::string> evidence = {
            groupedDigits(m_shape.bursts) + " bursts with silence between them for " +
            percent(m_shape.silentShare) + " of the time, typically " + text(m_shape.typicalPause)};
        char perBurst[32];
        std::snprintf(perBurst, sizeof perBurst, "%.1f", m_shape.rowsPerBurst);
        evidence.push_back(std::string(perBurst) + " rows in a burst");
        if (m_shape.rowsPerBurst < kRowsOfABurst) {
            add(StreamKind::Trickle,
                "trickles: " + valueText(rowRate(), Unit::RowsPerSecond) +
                    ", row by row, and the wire is idle most of the time",
                std::move(evidence), {"the server sets the pace: look at what makes its rows"});
        } else if (isUnflushed()) {
            evidence.push_back(groupedDigits(m_facts.arrivals.flushedBursts) +
                               " of the bursts end as flushed " + m_facts.contentCodings.front() +
                               " does");
            auto cures = compressorCures();
            std::ranges::copy(proxyCures(), std::back_inserter(cures));
            add(StreamKind::Buffered, "comes in bursts: the compressor holds rows back",
                std::move(evidence), std::move(cures));
        } else if (m_blocks) {
            tellBlocks(evidence);
            add(StreamKind::Buffered,
                "comes in blocks of " + groupedDigits(m_blocks->size) +
                    " bytes: a buffer on the way fills before it lets go",
                std::move(evidence), proxyCures());
        } else {
            auto cures =
                m_facts.contentCodings.empty() ? std::vector<std::string>() : compressorCures();
            cures.emplace_back("flush more often, if rows are to be seen earlier");
            add(StreamKind::Bursts, "comes in bursts", std::move(evidence), std::move(cures));
        }
    }

    [[nodiscard]] bool isUnflushed() const
    {
        return isDeflate(m_facts.contentCodings) && m_shape.bytesPerBurst <= kCompressorHolds &&
               2 * m_facts.arrivals.flushedBursts < m_shape.bursts;
    }

    void tellSteady()
    {
        std::vector<std::string> evidence = {"silence for " + percent(m_shape.silentShare) +
                                             " of the time, " +
                                             valueText(rowRate(), Unit::RowsPerSecond)};
        if (m_blocks) {
            tellBlocks(evidence);
            evidence.emplace_back("whatever buffer is on the way does not delay it visibly");
        }
        if (m_facts.waitedForUs > m_shape.rest() / 3)
            evidence.push_back("we held it back for " + text(m_facts.waitedForUs));
        add(StreamKind::Steady, "steady", std::move(evidence), {});
    }

    [[nodiscard]] double rowRate() const
    {
        const double seconds = std::chrono::duration<double>(m_shape.rest()).count();
        return seconds > 0 ? static_cast<double>(m_shape.rows) / seconds : 0;
    }

    void tellBlocks(std::vector<std::string> &evidence) const
    {
        evidence.push_back(std::to_string(m_blocks->count) + " of " + std::to_string(m_blocks->of) +
                           (m_blocks->areChunks ? " chunks" : " blocks") +
                           " are whole multiples of 4,096 bytes, the first and the last aside");
        tellSigns(evidence);
    }

    /// Header fields that tell of something between the server and us.
    void tellSigns(std::vector<std::string> &evidence) const
    {
        constexpr auto kSigns = std::to_array<std::string_view>(
            {"Via", "X-Cache", "CF-Cache-Status", "X-Served-By", "X-Varnish", "Age", "Server"});
        for (const auto name : kSigns) {
            if (const auto value = findHeader(m_facts.headers, name))
                evidence.push_back("the answer says " + std::string(name) + ": " +
                                   Error::excerptOf(*value));
        }
    }

    const StreamFacts &m_facts;
    const StreamShape &m_shape;
    const std::optional<BufferBlocks> m_blocks;
    StreamHealth m_health;
};

StreamHealth unknown(std::string why)
{
    return {.kind = StreamKind::Unknown, .findings = {{.sentence = std::move(why)}}};
}

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
    if (facts.requests > 1)
        return unknown(std::to_string(facts.requests) +
                       " requests: pages come one after the other and are no stream");
    const auto shape = shapeOf(facts.arrivals, facts.phases);
    if (!shape)
        return unknown("no byte of a body came");
    return Judgement(facts, *shape).result();
}

StreamHealth typicalHealth(const std::vector<StreamHealth> &runs)
{
    std::array<int, kNames.size()> counts{};
    for (const StreamHealth &run : runs)
        ++counts[static_cast<std::size_t>(run.kind)];
    const StreamHealth *typical = nullptr;
    int most = 0;
    for (const StreamHealth &run : runs) {
        const int count = counts[static_cast<std::size_t>(run.kind)];
        if (count < most || (count == most && typical != nullptr && run.kind <= typical->kind))
            continue;
        most = count;
        typical = &run;
    }
    return typical != nullptr ? *typical : StreamHealth();
}

} // namespace freshet::lab
