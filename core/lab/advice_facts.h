// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::lab {

/// Two variants held against each other by one metric, in words.
struct Contrast
{
    Comparison comparison; ///< of the variants in the order they were given
    std::string better;
    std::string worse;
    std::string gap;   ///< between the medians: "1.36 s"
    std::string times; ///< " (1.6 ×)", or empty where that says nothing
    std::string basis; ///< "last row: 0.82 s against 1.23 s, medians of 5 and 5 runs, spread 50 ms"
};

/// The same request with and without compression.
struct EncodingPair
{
    int plain = 0;
    int encoded = 0;
    std::string encoding;
};

/// What advice looks up about a session. Variants are named by their index.
class AdviceFacts
{
public:
    explicit AdviceFacts(const LabSession &session);

    [[nodiscard]] const LabSession &session() const { return m_session; }
    [[nodiscard]] const std::vector<VariantSummary> &summaries() const { return m_summaries; }
    /// Those with runs that count.
    [[nodiscard]] std::vector<const VariantSummary *> measured() const;
    [[nodiscard]] const std::string &name(int variant) const;
    /// Variants that have the metric, best first.
    [[nodiscard]] std::vector<int> byMetric(Metric metric) const;
    [[nodiscard]] Contrast contrast(int first, int second, Metric metric) const;
    /// The fastest JSON document in one answer.
    [[nodiscard]] std::optional<int> batch() const;
    /// Variants in pages, fastest first.
    [[nodiscard]] std::vector<int> pagesBySpeed() const;
    [[nodiscard]] std::vector<EncodingPair> encodingPairs() const;
    [[nodiscard]] bool isCompressed(int variant) const;
    /// Decoded bytes and rows of the variant with most of them.
    [[nodiscard]] double volume() const;
    [[nodiscard]] std::int64_t rows() const;
    /// "asked for CSV, answered ndjson"; empty if the format is what was asked for, or nothing was.
    [[nodiscard]] std::string otherFormat(int variant) const;
    /// "asked for HTTP/2, answered over HTTP/1.1"; empty as above.
    [[nodiscard]] std::string otherVersion(int variant) const;

private:
    [[nodiscard]] const RunRecord *lastRun(int variant) const;

    const LabSession &m_session;
    const std::vector<VariantSummary> m_summaries;
};

} // namespace freshet::lab
