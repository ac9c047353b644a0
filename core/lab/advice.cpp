// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/advice.h"

#include "lab/advice_facts.h"

#include <algorithm>
#include <functional>
#include <map>

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
    explicit Adviser(const LabSession &session) : m_facts(session) {}

    std::vector<AdviceSentence> sentences()
    {
        if (m_facts.measured().empty()) {
            add(AdviceTopic::Limits, AdviceWeight::Undecided,
                "No run counts, so nothing is decided.",
                groupedDigits(std::ssize(m_facts.session().runs)) + " runs were made");
            return std::move(m_sentences);
        }
        adviseWay();
        adviseFirstRow();
        adviseVolume();
        adviseCompression();
        advisePageSize();
        adviseMemory();
        adviseHealth();
        tellLimits();
        return std::move(m_sentences);
    }

private:
    void add(AdviceTopic topic, AdviceWeight weight, std::string text, std::string basis)
    {
        m_sentences.push_back({topic, weight, std::move(text), std::move(basis)});
    }

    /// One sentence on two variants by a metric where less is better. `tell` makes it from the
    /// names of the better and the worse and from the gap.
    template <typename Tell>
    void contrast(AdviceTopic topic, int first, int second, Metric metric, Tell tell)
    {
        const Contrast contrast = m_facts.contrast(first, second, metric);
        switch (contrast.comparison.outcome) {
        case Outcome::FirstSmaller:
        case Outcome::SecondSmaller:
            add(topic, AdviceWeight::Decided, tell(contrast), contrast.basis);
            break;
        case Outcome::NoDifference:
            add(topic, AdviceWeight::Undecided,
                contrast.better + " and " + contrast.worse + ": no difference in " +
                    std::string(metricInfo(metric).title) + ", choose by something else",
                contrast.basis);
            break;
        case Outcome::TooFewRuns:
            add(topic, AdviceWeight::Undecided,
                contrast.better + " against " + contrast.worse + ": too few runs to tell by " +
                    std::string(metricInfo(metric).title),
                contrast.basis);
            break;
        }
    }

    void adviseWay()
    {
        const auto order = m_facts.byMetric(Metric::LastRow);
        if (order.size() < 2) {
            add(AdviceTopic::Way, AdviceWeight::Undecided,
                "One variant alone says nothing about which is better.",
                "1 variant with runs that count");
            return;
        }
        contrast(AdviceTopic::Way, order[0], order[1], Metric::LastRow, [](const Contrast &c) {
            return c.better + " is through first: its last row is there " + c.gap +
                   " before that of " + c.worse + c.times;
        });
        const auto batch = m_facts.batch();
        if (batch && *batch != order[0] && *batch != order[1])
            contrast(AdviceTopic::Way, order[0], *batch, Metric::LastRow, [](const Contrast &c) {
                return c.better + " finishes " + c.gap + " before the batch answer " + c.worse +
                       c.times;
            });
    }

    void adviseFirstRow()
    {
        const auto order = m_facts.byMetric(Metric::FirstRow);
        if (order.size() < 2)
            return;
        const int other =
            m_facts.batch() && *m_facts.batch() != order[0] ? *m_facts.batch() : order.back();
        contrast(AdviceTopic::FirstRow, order[0], other, Metric::FirstRow, [](const Contrast &c) {
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
            add(AdviceTopic::Volume, AdviceWeight::Decided,
                "At this volume a batch answer is as good as any other.", basis);
        else if (bytes < kLarge)
            add(AdviceTopic::Volume, AdviceWeight::Undecided,
                "The volume decides nothing here: take a stream where the first row matters, a "
                "batch "
                "answer where it does not.",
                basis);
        else if (bytes < kHuge)
            add(AdviceTopic::Volume, AdviceWeight::Decided,
                "At this volume stream it or take it in pages: a batch answer cannot be gone on "
                "with "
                "half-way, and holds back its rows if its server makes it whole.",
                basis);
        else
            add(AdviceTopic::Volume, AdviceWeight::Decided,
                "At this volume ask for an export file (Parquet, or compressed CSV or NDJSON): it "
                "can be "
                "fetched by ranges and checked by its digest. Stream where rows are needed at "
                "once.",
                basis);
    }

    /// What was found of one encoding of a variant.
    struct Finding
    {
        std::string name;
        std::string text;
        std::string basis;
        double difference = 0; ///< in time, as a share
    };

    void adviseCompression()
    {
        std::map<Outcome, std::vector<Finding>> found;
        for (const EncodingPair &pair : m_facts.encodingPairs()) {
            const std::string &name = m_facts.name(pair.encoded);
            if (!m_facts.isCompressed(pair.encoded)) {
                add(AdviceTopic::Compression, AdviceWeight::Undecided,
                    name + ": the server does not compress",
                    "asked for " + pair.encoding + ", answered without");
                continue;
            }
            const auto wire = m_facts.contrast(pair.plain, pair.encoded, Metric::WireBytes);
            const auto time = m_facts.contrast(pair.plain, pair.encoded, Metric::LastRow);
            found[time.comparison.outcome].push_back(
                {.name = name,
                 .text = name + " saves " + wire.gap + " on the wire" + wire.times +
                         timeWords(time.comparison.outcome, time.gap),
                 .basis = time.basis,
                 .difference = time.comparison.ratio});
            adviseFlushing(pair);
        }
        for (auto &[outcome, findings] : found)
            addCompression(outcome, findings);
    }

    static std::string timeWords(Outcome outcome, const std::string &gap)
    {
        switch (outcome) {
        case Outcome::FirstSmaller:
            return " and takes " + gap + " longer";
        case Outcome::SecondSmaller:
            return " and is " + gap + " faster";
        case Outcome::NoDifference:
            return " and takes as long";
        case Outcome::TooFewRuns:
            break;
        }
        return {};
    }

    /// One sentence for all with that outcome: the largest differences with their figures, the
    /// others by their names.
    void addCompression(Outcome outcome, std::vector<Finding> &findings)
    {
        constexpr std::size_t kTold = 3;
        std::ranges::stable_sort(findings, std::greater(), &Finding::difference);
        std::vector<std::string> texts;
        std::vector<std::string> bases;
        std::vector<std::string> others;
        for (std::size_t i = 0; i < findings.size(); ++i) {
            if (i >= kTold) {
                others.push_back(findings[i].name);
                continue;
            }
            texts.push_back(findings[i].text);
            bases.push_back(findings[i].basis);
        }
        if (!others.empty())
            texts.push_back("likewise " + joined(others));
        const bool isDecided =
            outcome == Outcome::FirstSmaller || outcome == Outcome::SecondSmaller;
        add(AdviceTopic::Compression, isDecided ? AdviceWeight::Decided : AdviceWeight::Undecided,
            joined(texts) + compressionEnd(outcome, findings.size() == 1), joined(bases));
    }

    static std::string compressionEnd(Outcome outcome, bool isOne)
    {
        switch (outcome) {
        case Outcome::FirstSmaller:
            return isOne ? ": on this link it does not pay" : ": on this link they do not pay";
        case Outcome::SecondSmaller:
            return isOne ? ": on this link it pays" : ": on this link they pay";
        case Outcome::NoDifference:
            return isOne ? ": it pays where bytes cost something"
                         : ": they pay where bytes cost something";
        case Outcome::TooFewRuns:
            break;
        }
        return "; too few runs to tell whether that is faster";
    }

    static std::string joined(const std::vector<std::string> &texts)
    {
        std::string all;
        for (const std::string &text : texts)
            all += (all.empty() ? "" : "; ") + text;
        return all;
    }

    /// One answer alone does not show who holds it back; the same one without compression does.
    void adviseFlushing(const EncodingPair &pair)
    {
        constexpr double kHeld = 0.5;
        const auto first = m_facts.contrast(pair.plain, pair.encoded, Metric::FirstRow);
        if (first.comparison.outcome == Outcome::FirstSmaller &&
            first.comparison.difference > kHeld)
            add(AdviceTopic::FirstRow, AdviceWeight::Decided,
                m_facts.name(pair.encoded) + " shows its first row " + first.gap +
                    " later than without compression: its compressor is not flushed",
                first.basis);
    }

    void advisePageSize()
    {
        const auto pages = m_facts.pagesBySpeed();
        if (pages.size() < 2)
            return;
        contrast(AdviceTopic::PageSize, pages.front(), pages.back(), Metric::LastRow,
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
            add(AdviceTopic::Memory, AdviceWeight::Decided,
                memory.worse + " needs " + memory.gap + " more memory than " + memory.better,
                memory.basis);
        else
            add(AdviceTopic::Memory, AdviceWeight::Undecided,
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
                add(AdviceTopic::Health, AdviceWeight::Decided,
                    m_facts.name(summary->variant) + ": " + finding.sentence,
                    joined(finding.evidence));
            }
        }
    }

    void tellLimits()
    {
        tellFailures();
        for (const VariantSummary &summary : m_facts.summaries()) {
            if (const auto other = m_facts.otherFormat(summary.variant); !other.empty())
                add(AdviceTopic::Limits, AdviceWeight::Undecided,
                    m_facts.name(summary.variant) + ": the server answers in another format",
                    other);
            if (const auto other = m_facts.otherVersion(summary.variant); !other.empty())
                add(AdviceTopic::Limits, AdviceWeight::Undecided,
                    m_facts.name(summary.variant) + ": the server does not offer HTTP/2", other);
        }
        const LabPlan &plan = m_facts.session().plan;
        add(AdviceTopic::Limits, AdviceWeight::Undecided,
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
            add(AdviceTopic::Limits, AdviceWeight::Undecided,
                "Runs that failed count for nothing: " + names, "the last: " + reason);
    }

    AdviceFacts m_facts;
    std::vector<AdviceSentence> m_sentences;
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
