// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace freshet::lab {

/// When a line of the arrival chart has all its rows, in seconds.
struct LineEnd
{
    double median = 0;
    double slowest = 0; ///< where its band ends; at least `median`
};

/// What a chart of arrivals puts forward, so that many lines can still be read: which have a colour
/// and a band, and how much time the chart covers at first.
struct ChartFocus
{
    /// More colours than that are not told apart, and more bands cover each other. With more lines,
    /// the quickest get the colours and none has a band.
    static constexpr std::size_t kMostColours = 8;
    static constexpr int kNoColour = -1;

    std::vector<int> colours;         ///< by line: 0 to 7, in the lines' order, or kNoColour
    std::vector<std::size_t> inFront; ///< the lines with a colour, quickest first
    double seconds = 0;    ///< the lines' bulk: where the time axis ends unless all is asked for
    double whole = 0;      ///< where it ends then
    std::size_t runOn = 0; ///< lines whose last row lies behind `seconds`
    double lastRow = 0;    ///< of the slowest line; of the slowest run if none runs on

    [[nodiscard]] bool isCrowded() const { return colours.size() > kMostColours; }
    [[nodiscard]] bool isCut() const { return seconds < whole; }
};

/// The bulk is nine lines of ten, and no more than six times as long as the line in the middle; it
/// stands for the whole unless that gives the lines half as much room again.
[[nodiscard]] ChartFocus focusOf(std::span<const LineEnd> lines);

} // namespace freshet::lab
