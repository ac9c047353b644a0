// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/arrival_series.h"
#include "lab/chart_focus.h"
#include "lab/chart_legend.h"

namespace freshet::ui {

class Theme;

/// How the lines of an ArrivalChart look, and what its legend says of them: a run under way has the
/// colour of text, the quickest lines have colours of their own, all others are grey until they are
/// chosen or pointed at.
/// Threads: GUI thread only.
class ArrivalLooks
{
public:
    explicit ArrivalLooks(const Theme &theme) : m_theme(theme) {}

    void setLines(const QList<ArrivalLine> &lines);
    /// Of the lines that are not live.
    [[nodiscard]] const lab::ChartFocus &focus() const { return m_focus; }
    [[nodiscard]] bool hasColor(qsizetype line) const;
    [[nodiscard]] ArrivalSeries::Look of(qsizetype line) const;
    /// Of a line that is chosen or pointed at.
    [[nodiscard]] ArrivalSeries::Look inFront(qsizetype line) const;
    /// A few lines stand in the order of the plan. Of many there are the quickest, as they are
    /// drawn from left to right, then what is under way or chosen, and a word of the others.
    [[nodiscard]] QList<ChartLegend::Entry> legend(qsizetype current) const;

private:
    const Theme &m_theme;
    QList<ArrivalLine> m_lines;
    lab::ChartFocus m_focus;
    QList<qsizetype> m_ended; ///< the lines that are not live: those that `m_focus` counts
    QList<int> m_colors;      ///< by line
};

} // namespace freshet::ui
