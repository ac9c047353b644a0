// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/arrival_series.h"

#include <QAreaSeries>
#include <QChart>
#include <QLineSeries>
#include <QValueAxis>

namespace freshet::ui {

void ArrivalSeries::Band::set(const ArrivalLine &line) const
{
    upper->replace(line.most);
    lower->replace(line.least);
}

ArrivalSeries::ArrivalSeries(QChart &chart, QValueAxis &seconds, QValueAxis &rows)
    : m_chart(chart), m_seconds(seconds), m_rows(rows)
{
    rebuild();
}

bool ArrivalSeries::hasShapeOf(const QList<ArrivalLine> &lines, const QList<Look> &looks) const
{
    if (lines.size() != m_lines.size())
        return false;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const bool hasBand = looks[i].band.isValid() && !lines[i].most.isEmpty();
        if (hasBand != (m_bands[i].area != nullptr) || looks[i].isInFront != m_looks[i].isInFront)
            return false;
    }
    return true;
}

void ArrivalSeries::set(const QList<ArrivalLine> &lines, const QList<Look> &looks)
{
    const bool isSameShape = hasShapeOf(lines, looks);
    const QList<ArrivalLine> before = std::exchange(m_lines, lines);
    m_looks = looks;
    if (!isSameShape) {
        rebuild();
        return;
    }
    // A run under way changes its own points thirty times a second, and nothing else.
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (m_lines[i] == before[i])
            continue;
        m_medians[i]->replace(m_lines[i].median);
        if (m_bands[i].area != nullptr)
            m_bands[i].set(m_lines[i]);
    }
    setLooks();
}

QLineSeries *ArrivalSeries::addLine()
{
    auto *series = new QLineSeries;
    m_chart.addSeries(series);
    series->attachAxis(&m_seconds);
    series->attachAxis(&m_rows);
    return series;
}

ArrivalSeries::Band ArrivalSeries::addBand()
{
    Band band{.upper = new QLineSeries, .lower = new QLineSeries};
    band.area = new QAreaSeries(band.upper, band.lower);
    band.upper->setParent(band.area);
    band.lower->setParent(band.area);
    band.area->setPen(Qt::NoPen);
    m_chart.addSeries(band.area);
    band.area->attachAxis(&m_seconds);
    band.area->attachAxis(&m_rows);
    return band;
}

void ArrivalSeries::rebuild()
{
    m_chart.removeAllSeries();
    m_bands = QList<Band>(m_lines.size());
    m_medians = QList<QLineSeries *>(m_lines.size());
    // Bands first, so that no line lies under one.
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        if (m_lines[i].most.isEmpty() || !m_looks[i].band.isValid())
            continue;
        m_bands[i] = addBand();
        m_bands[i].set(m_lines[i]);
    }
    for (const bool isInFront : {false, true}) {
        for (qsizetype i = 0; i < m_lines.size(); ++i) {
            if (m_looks[i].isInFront != isInFront)
                continue;
            m_medians[i] = addLine();
            m_medians[i]->replace(m_lines[i].median);
        }
    }
    for (Band &band : m_frontBands)
        band = addBand();
    for (QLineSeries *&line : m_frontLines)
        line = addLine();
    setLooks();
}

void ArrivalSeries::setLooks() const
{
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        m_medians[i]->setPen(m_looks[i].pen);
        if (m_bands[i].area != nullptr)
            m_bands[i].area->setBrush(m_looks[i].band);
    }
}

void ArrivalSeries::raise(Front front, const ArrivalLine *line, const Look &look)
{
    const auto which = static_cast<std::size_t>(front);
    const bool hasBand = line != nullptr && look.band.isValid() && !line->most.isEmpty();
    m_frontBands[which].area->setVisible(hasBand);
    m_frontLines[which]->setVisible(line != nullptr);
    if (line == nullptr)
        return;
    m_frontLines[which]->replace(line->median);
    m_frontLines[which]->setPen(look.pen);
    if (!hasBand)
        return;
    m_frontBands[which].set(*line);
    m_frontBands[which].area->setBrush(look.band);
}

QPointF ArrivalSeries::placeOf(const QPointF &point) const
{
    return m_chart.mapToPosition(point, m_frontLines.front());
}

} // namespace freshet::ui
