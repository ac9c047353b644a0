// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/advice.h"

#include "lab/advice_facts.h"
#include "lab/advice_sheet.h"
#include "lab/compression_advice.h"

namespace freshet::lab {

namespace {

using transfer::groupedDigits;

constexpr double kSmall = 1e6;  ///< bytes: a batch answer is as good as anything
constexpr double kLarge = 50e6; ///< from here on streams or pages
constexpr double kHuge = 500e6; ///< from here on files
constexpr double kFelt = 0.1;   ///< seconds: a wait that people notice

/// Collects the sentences about one session.
class Adviser
{
public:
    explicit Adviser(const LabSession &session) : m_facts(session), m_sheet(m_facts) {}

    std::vector<AdviceSentence> sentences()
    {
        if (m_facts.measured().empty()) {
            m_sheet.add(AdviceTopic::Limits, AdviceWeight::Undecided,
                        "No run counts, so nothing is decided.",
                        "runs made: " + groupedDigits(std::ssize(m_facts.session().runs)));
            return std::move(m_sheet).sentences();
        }
        adviseWay();
        adviseFirstRow();
        adviseVolume();
        adviseCompression(m_facts, m_sheet);
        advisePageSize();
        adviseMemory();
        adviseHealth();
        tellLimits();
        return std::move(m_sheet).sentences();
    }

private:
    void adviseWay()
    {
        const auto order = m_facts.byMetric(Metric::LastRow);
        if (order.size() < 2) {
            m_sheet.add(AdviceTopic::Way, AdviceWeight::Undecided,
                        "One variant alone says nothing about which is better.",
                        "1 variant with runs that count");
            return;
        }
        m_sheet.contrast(AdviceTopic::Way, order[0], order[1], Metric::LastRow,
                         [](const Contrast &c) {
                             return c.better + " is through first: its last row is there " + c.gap +
                                    " before that of " + c.worse + c.times;
                         });
        const auto batch = m_facts.batch();
        if (batch && *batch != order[0] && *batch != order[1])
            m_sheet.contrast(AdviceTopic::Way, order[0], *batch, Metric::LastRow,
                             [](const Contrast &c) {
                                 return c.better + " finishes " + c.gap +
                                        " before the batch answer " + c.worse + c.times;
                             });
    }

    void adviseFirstRow()
    {
        const auto order = m_facts.byMetric(Metric::FirstRow);
        if (order.size() < 2)
            return;
        const int other =
            m_facts.batch() && *m_facts.batch() != order[0] ? *m_facts.batch() : order.back();
        m_sheet.contrast(
            AdviceTopic::FirstRow, order[0], other, Metric::FirstRow, [](const Contrast &c) {
                return c.better + " shows its first row " + c.gap + " earlier than " + c.worse +
                       (c.comparison.difference > -kFelt && c.comparison.difference < kFelt
                            ? ", too little to be felt"
                            : ": take it where the first row matters");
            });
    }

    void adviseVolume()
    {
        const double bytes = m_facts.volume();
        const std::string basis =
            valueText(bytes, Unit::Bytes) + " decoded, " + groupedDigits(m_facts.rows()) + " rows";
        if (bytes < kSmall)
            m_sheet.add(AdviceTopic::Volume, AdviceWeight::Decided,
                        "At this volume a batch answer is as good as any other.", basis);
        else if (bytes < kLarge)
            m_sheet.add(
                AdviceTopic::Volume, AdviceWeight::Undecided,
                "The volume decides nothing here: take a stream where the first row matters, a "
                "batch "
                "answer where it does not.",
                basis);
        else if (bytes < kHuge)
            m_sheet.add(
                AdviceTopic::Volume, AdviceWeight::Decided,
                "At this volume stream it or take it in pages: a batch answer cannot be gone on "
                "with "
                "half-way, and holds back its rows if its server makes it whole.",
                basis);
        else
            m_sheet.add(
                AdviceTopic::Volume, AdviceWeight::Decided,
                "At this volume ask for an export file (Parquet, or compressed CSV or NDJSON): it "
                "can be "
                "fetched by ranges and checked by its digest. Stream where rows are needed at "
                "once.",
                basis);
    }

    void advisePageSize()
    {
        const auto pages = m_facts.pagesBySpeed();
        if (pages.size() < 2)
            return;
        m_sheet.contrast(AdviceTopic::PageSize, pages.front(), pages.back(), Metric::LastRow,
                         [](const Contrast &c) {
                             return "Among the page sizes " + c.better + " is fastest, " + c.gap +
                                    " before " + c.worse + c.times;
                         });
    }

    void adviseMemory()
    {
        constexpr double kMatters = 1.5;
        const auto order = m_facts.byMetric(Metric::PeakMemory);
        if (order.size() < 2)
            return;
        const auto memory = m_facts.contrast(order.front(), order.back(), Metric::PeakMemory);
        const bool isDecided = memory.comparison.outcome == Outcome::FirstSmaller ||
                               memory.comparison.outcome == Outcome::SecondSmaller;
        if (isDecided && memory.comparison.ratio >= kMatters)
            m_sheet.add(AdviceTopic::Memory, AdviceWeight::Decided,
                        memory.worse + " needs " + memory.gap + " more memory than " +
                            memory.better,
                        memory.basis);
        else
            m_sheet.add(
                AdviceTopic::Memory, AdviceWeight::Undecided,
                "Memory does not decide: the variants are within a factor of 1.5 or within their "
                "spread.",
                memory.basis);
    }

    void adviseHealth()
    {
        for (const VariantSummary *summary : m_facts.measured()) {
            if (summary->health.kind > StreamKind::Bursts)
                continue;
            for (const HealthFinding &finding : summary->health.findings) {
                if (finding.kind != summary->health.kind)
                    continue;
                m_sheet.add(AdviceTopic::Health, AdviceWeight::Decided,
                            m_facts.name(summary->variant) + ": " + finding.sentence,
                            joinedSentences(finding.evidence));
            }
        }
    }

    void tellLimits()
    {
        tellFailures();
        for (const VariantSummary &summary : m_facts.summaries()) {
            if (const auto other = m_facts.otherFormat(summary.variant); !other.empty())
                m_sheet.add(AdviceTopic::Limits, AdviceWeight::Undecided,
                            m_facts.name(summary.variant) +
                                ": the server answers in another format",
                            other);
            if (const auto other = m_facts.otherVersion(summary.variant); !other.empty())
                m_sheet.add(AdviceTopic::Limits, AdviceWeight::Undecided,
                            m_facts.name(summary.variant) + ": the server does not offer HTTP/2",
                            other);
        }
        const LabPlan &plan = m_facts.session().plan;
        m_sheet.add(
            AdviceTopic::Limits, AdviceWeight::Undecided,
            "All of this holds for this machine, this link and this hour; another day may differ.",
            std::to_string(plan.runs) + " runs each in rotated order, " +
                (plan.connections == Connections::Warm ? "warm" : "cold") + " connections, rows " +
                (plan.rows == RowsGo::IntoStore ? "stored" : "discarded"));
    }

    void tellFailures()
    {
        std::string names;
        std::string reason;
        for (const VariantSummary &summary : m_facts.summaries()) {
            if (summary.failed == 0)
                continue;
            names += (names.empty() ? "" : ", ") + m_facts.name(summary.variant) + " (" +
                     std::to_string(summary.failed) + " of " +
                     std::to_string(summary.failed + summary.runs) + ')';
            reason = summary.lastError;
        }
        if (!names.empty())
            m_sheet.add(AdviceTopic::Limits, AdviceWeight::Undecided,
                        "Runs that failed count for nothing: " + names, "the last: " + reason);
    }

    const AdviceFacts m_facts;
    AdviceSheet m_sheet;
};

} // namespace

std::vector<AdviceSentence> adviceFor(const LabSession &session)
{
    return Adviser(session).sentences();
}

std::string_view adviceTopicName(AdviceTopic topic)
{
    switch (topic) {
    case AdviceTopic::Way:
        return "way";
    case AdviceTopic::FirstRow:
        return "first-row";
    case AdviceTopic::Compression:
        return "compression";
    case AdviceTopic::PageSize:
        return "page-size";
    case AdviceTopic::Memory:
        return "memory";
    case AdviceTopic::Volume:
        return "volume";
    case AdviceTopic::Health:
        return "health";
    case AdviceTopic::Limits:
        break;
    }
    return "limits";
}

} // namespace freshet::lab
