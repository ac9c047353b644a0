// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/arrival_looks.h"

#include "lab/series_colors.h"
#include "text/lab_text.h"
#include "theme/theme.h"

#include <algorithm>

namespace freshet::ui {

namespace {

constexpr int kNoColor = lab::ChartFocus::kNoColour;

QPen penOf(const QColor &color, qreal width)
{
    QPen pen(color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    pen.setCosmetic(true);
    return pen;
}

QColor withAlpha(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

} // namespace

void ArrivalLooks::setLines(const QList<ArrivalLine> &lines)
{
    m_lines = lines;
    m_ended.clear();
    m_colors = QList<int>(lines.size(), kNoColor);
    std::vector<lab::LineEnd> ends;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const ArrivalLine &line = lines[i];
        if (line.isLive)
            continue;
        const double median = line.median.isEmpty() ? 0 : line.median.back().x();
        ends.push_back({median, line.least.isEmpty() ? median : line.least.back().x()});
        m_ended += i;
    }
    m_focus = lab::focusOf(ends);
    for (qsizetype i = 0; i < m_ended.size(); ++i)
        m_colors[m_ended[i]] = m_focus.colours[static_cast<std::size_t>(i)];
}

bool ArrivalLooks::hasColor(qsizetype line) const
{
    return m_colors[line] != kNoColor;
}

ArrivalSeries::Look ArrivalLooks::of(qsizetype line) const
{
    if (m_lines[line].isLive)
        return {.pen = penOf(m_theme.tokens().text, m_theme.px(2)), .isInFront = true};
    const QColor color = seriesColor(m_colors[line], m_theme.scheme());
    return {.pen = penOf(color, m_theme.px(hasColor(line) ? 2 : 1)),
            .band = m_focus.isCrowded() ? QColor() : withAlpha(color, 0.10F),
            .isInFront = hasColor(line)};
}

ArrivalSeries::Look ArrivalLooks::inFront(qsizetype line) const
{
    const QColor color =
        hasColor(line) ? seriesColor(m_colors[line], m_theme.scheme()) : m_theme.tokens().text;
    return {.pen = penOf(color, m_theme.px(3)), .band = withAlpha(color, 0.18F)};
}

QList<ChartLegend::Entry> ArrivalLooks::legend(qsizetype current) const
{
    QList<ChartLegend::Entry> entries;
    const auto add = [&](qsizetype line, const ArrivalSeries::Look &look) {
        entries += {m_lines[line].name, look.pen, static_cast<int>(line)};
    };
    auto coloured = m_focus.inFront;
    if (!m_focus.isCrowded())
        std::ranges::sort(coloured);
    for (const std::size_t ended : coloured) {
        const qsizetype line = m_ended[static_cast<qsizetype>(ended)];
        add(line, of(line));
    }
    qsizetype others = m_ended.size() - std::ssize(coloured);
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (m_lines[i].isLive) {
            add(i, of(i));
        } else if (i == current && !hasColor(i)) {
            add(i, inFront(i));
            --others;
        }
    }
    if (others > 0)
        entries +=
            {othersText(others), penOf(seriesColor(kNoColor, m_theme.scheme()), m_theme.px(1)), -1};
    return entries;
}

} // namespace freshet::ui
