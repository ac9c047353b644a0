// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/advice.h"
#include "lab/advice_facts.h"

#include <functional>
#include <string>
#include <vector>

namespace freshet::lab {

/// Collects the sentences about one session. Lifetime: within that of the facts.
class AdviceSheet
{
public:
    explicit AdviceSheet(const AdviceFacts &facts) : m_facts(facts) {}

    void add(AdviceTopic topic, AdviceWeight weight, std::string text, std::string basis);
    /// One sentence on two variants by a metric where less is better. `tell` makes it from the
    /// names of the better and the worse and from the gap.
    void contrast(AdviceTopic topic, int first, int second, Metric metric,
                  const std::function<std::string(const Contrast &)> &tell);
    [[nodiscard]] std::vector<AdviceSentence> sentences() && { return std::move(m_sentences); }

private:
    const AdviceFacts &m_facts;
    std::vector<AdviceSentence> m_sentences;
};

/// One text behind the other, with semicolons.
[[nodiscard]] std::string joinedSentences(const std::vector<std::string> &texts);

} // namespace freshet::lab
