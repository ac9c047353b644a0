// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/compression_advice.h"

#include <algorithm>
#include <functional>
#include <map>

namespace freshet::lab {

namespace {

class CompressionAdviser
{
public:
    CompressionAdviser(const AdviceFacts &facts, AdviceSheet &sheet)
        : m_facts(facts), m_sheet(sheet)
    {}

    void advise()
    {
        std::map<Outcome, std::vector<Finding>> found;
        for (const EncodingPair &pair : m_facts.encodingPairs()) {
            const std::string &name = m_facts.name(pair.encoded);
            if (!m_facts.isCompressed(pair.encoded)) {
                m_sheet.add(AdviceTopic::Compression, AdviceWeight::Undecided,
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

private:
    /// What was found of one encoding of a variant.
    struct Finding
    {
        std::string name;
        std::string text;
        std::string basis;
        double difference = 0; ///< in time, as a share
    };

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
    /// others by their names or, where they are many, by their number.
    void addCompression(Outcome outcome, std::vector<Finding> &findings)
    {
        constexpr std::size_t kTold = 3;
        constexpr std::size_t kNamed = 3;
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
        if (others.size() > kNamed)
            texts.push_back("likewise " + std::to_string(others.size()) + " others");
        else if (!others.empty())
            texts.push_back("likewise " + joinedSentences(others));
        const bool isDecided =
            outcome == Outcome::FirstSmaller || outcome == Outcome::SecondSmaller;
        m_sheet.add(AdviceTopic::Compression,
                    isDecided ? AdviceWeight::Decided : AdviceWeight::Undecided,
                    joinedSentences(texts) + compressionEnd(outcome, findings.size() == 1),
                    joinedSentences(bases));
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

    /// One answer alone does not show who holds it back; the same one without compression does.
    void adviseFlushing(const EncodingPair &pair)
    {
        constexpr double kHeld = 0.5;
        const auto first = m_facts.contrast(pair.plain, pair.encoded, Metric::FirstRow);
        if (first.comparison.outcome == Outcome::FirstSmaller &&
            first.comparison.difference > kHeld)
            m_sheet.add(AdviceTopic::FirstRow, AdviceWeight::Decided,
                        m_facts.name(pair.encoded) + " shows its first row " + first.gap +
                            " later than without compression: its compressor is not flushed",
                        first.basis);
    }

    const AdviceFacts &m_facts;
    AdviceSheet &m_sheet;
};

} // namespace

void adviseCompression(const AdviceFacts &facts, AdviceSheet &sheet)
{
    CompressionAdviser(facts, sheet).advise();
}

} // namespace freshet::lab
