// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace freshet::lab {

namespace {

double medianOf(const std::vector<double> &sorted)
{
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/// Twice the U of the first: 2 for each value of the second that is larger, 1 for each tie.
int doubleU(std::span<const double> first, std::span<const double> second)
{
    int u = 0;
    for (const double a : first) {
        for (const double b : second)
            u += a < b ? 2 : (a == b ? 1 : 0);
    }
    return u;
}

/// How many of all orders of m and n values give each U, as shares of one.
std::vector<double> distributionOfU(std::size_t m, std::size_t n)
{
    // ways[i][u]: orders of i values of the first and the j of the second so far; the last value
    // of an order belongs to the first, which adds j to U, or to the second, which adds nothing.
    const std::size_t most = m * n;
    std::vector<std::vector<double>> ways(m + 1, std::vector<double>(most + 1, 0));
    for (std::size_t i = 0; i <= m; ++i)
        ways[i][0] = 1;
    for (std::size_t j = 1; j <= n; ++j) {
        for (std::size_t i = 1; i <= m; ++i) {
            // With probability i/(i+j) the last is of the first.
            const double share = static_cast<double>(i) / static_cast<double>(i + j);
            std::vector<double> next(most + 1, 0);
            for (std::size_t u = 0; u <= i * j; ++u) {
                next[u] = (1 - share) * ways[i][u];
                if (u >= j)
                    next[u] += share * ways[i - 1][u - j];
            }
            ways[i] = std::move(next);
        }
    }
    return ways[m];
}

double exactP(std::size_t m, std::size_t n, int twiceU)
{
    const auto shares = distributionOfU(m, n);
    const int mean = static_cast<int>(m * n); // twice the mean of U
    const int far = std::abs(twiceU - mean);
    double p = 0;
    for (std::size_t u = 0; u < shares.size(); ++u) {
        if (std::abs(2 * static_cast<int>(u) - mean) >= far)
            p += shares[u];
    }
    return std::min(p, 1.0);
}

double approximateP(std::size_t m, std::size_t n, int twiceU)
{
    const double mean = static_cast<double>(m * n) / 2;
    const double deviation = std::sqrt(mean * static_cast<double>(m + n + 1) / 6);
    const double z = std::max(std::abs(twiceU / 2.0 - mean) - 0.5, 0.0) / deviation;
    return std::erfc(z / std::sqrt(2.0));
}

} // namespace

std::optional<Spread> spreadOf(std::span<const double> values)
{
    if (values.empty())
        return std::nullopt;
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const auto rank =
        static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(sorted.size())));
    return Spread{.n = static_cast<int>(sorted.size()),
                  .median = medianOf(sorted),
                  .least = sorted.front(),
                  .most = sorted.back(),
                  .p95 = sorted[rank - 1]};
}

double mannWhitney(std::span<const double> first, std::span<const double> second)
{
    constexpr std::size_t kMostExact = 20;
    const std::size_t m = first.size();
    const std::size_t n = second.size();
    if (m == 0 || n == 0)
        return 1;
    const int u = doubleU(first, second);
    return std::max(m, n) <= kMostExact ? exactP(m, n, u) : approximateP(m, n, u);
}

Comparison compare(std::span<const double> first, std::span<const double> second)
{
    Comparison comparison;
    comparison.n = static_cast<int>(std::min(first.size(), second.size()));
    const auto a = spreadOf(first);
    const auto b = spreadOf(second);
    if (!a || !b)
        return comparison;
    comparison.difference = b->median - a->median;
    comparison.spread = std::max(a->width(), b->width());
    const double smaller = std::min(a->median, b->median);
    if (smaller > 0)
        comparison.ratio = std::max(a->median, b->median) / smaller;
    if (comparison.n < Comparison::kLeastRuns)
        return comparison;
    if (comparison.n >= Comparison::kRunsForTest)
        comparison.p = mannWhitney(first, second);
    const bool isWide = std::abs(comparison.difference) > comparison.spread;
    const bool isSure = !comparison.p || *comparison.p < Comparison::kSignificance;
    if (!isWide || !isSure)
        comparison.outcome = Outcome::NoDifference;
    else
        comparison.outcome =
            comparison.difference > 0 ? Outcome::FirstSmaller : Outcome::SecondSmaller;
    return comparison;
}

} // namespace freshet::lab
