// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/advice_sheet.h"

namespace freshet::lab {

void AdviceSheet::add(AdviceTopic topic, AdviceWeight weight, std::string text, std::string basis)
{
    m_sentences.push_back({topic, weight, std::move(text), std::move(basis)});
}

void AdviceSheet::contrast(AdviceTopic topic, int first, int second, Metric metric,
                           const std::function<std::string(const Contrast &)> &tell)
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

std::string joinedSentences(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts)
        all += (all.empty() ? "" : "; ") + text;
    return all;
}

} // namespace freshet::lab
