// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace freshet::lab {

/// What repeats of one measurement say.
struct Spread
{
    int n = 0;
    double median = 0;
    double least = 0;
    double most = 0;
    /// By nearest rank: the most, while there are fewer than twenty.
    double p95 = 0;

    [[nodiscard]] double width() const { return most - least; }
};

/// Nothing of no values.
[[nodiscard]] std::optional<Spread> spreadOf(std::span<const double> values);

enum class Outcome {
    NoDifference, ///< the medians lie closer together than the repeats of one of them
    FirstSmaller,
    SecondSmaller,
    TooFewRuns ///< fewer than kLeastRuns of either: a spread is not known
};

/// Two measurements held against each other.
struct Comparison
{
    Outcome outcome = Outcome::TooFewRuns;
    double difference = 0; ///< median of the second less that of the first
    double spread = 0;     ///< the wider of the two, from least to most
    double ratio = 0;      ///< larger median by the smaller; 0 if that is 0
    /// Of the Mann-Whitney U test, two-sided, exact; where there are kRunsForTest of both.
    std::optional<double> p;
    int n = 0; ///< runs of the one with fewer

    static constexpr int kLeastRuns = 3;
    static constexpr int kRunsForTest = 5;
    static constexpr double kSignificance = 0.05;
};

/// The rule: a difference is one if the medians lie further apart than the wider of the two spreads
/// (least to most), and, with five runs of both or more, if the Mann-Whitney U test gives p < 0.05
/// as well. Everything else is "no difference".
[[nodiscard]] Comparison compare(std::span<const double> first, std::span<const double> second);

/// Two-sided p of the Mann-Whitney U test: exact, ties counted half, for up to 20 values on each
/// side, by the normal approximation beyond.
/// Source: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947), 50–60.
[[nodiscard]] double mannWhitney(std::span<const double> first, std::span<const double> second);

} // namespace freshet::lab
