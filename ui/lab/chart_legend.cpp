// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/chart_legend.h"

#include "theme/theme.h"

#include <QFontMetrics>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <limits>

namespace freshet::ui {

namespace {

constexpr int kMostLines = 3; ///< in the window
constexpr int kAllLines = std::numeric_limits<int>::max();
constexpr qreal kStroke = 18; ///< in pixels of the drawings
constexpr qreal kGap = 6;
constexpr qreal kApart = 16;

} // namespace

ChartLegend::ChartLegend(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend"));
}

void ChartLegend::setEntries(QList<Entry> entries)
{
    m_entries = std::move(entries);
    QStringList names;
    for (const Entry &entry : std::as_const(m_entries))
        names += entry.name;
    setAccessibleDescription(names.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

int ChartLegend::lineHeight() const
{
    return QFontMetrics(m_theme.textFont()).height() + m_theme.px(4);
}

int ChartLegend::strokeWidth() const
{
    return m_theme.px(kStroke);
}

QString ChartLegend::restText(qsizetype count) const
{
    return tr("+ %1 more").arg(count);
}

ChartLegend::Placed ChartLegend::place(int width, int mostLines) const
{
    const QFontMetrics metrics(m_theme.textFont());
    const int restWidth = metrics.horizontalAdvance(restText(m_entries.size()));
    Placed placed;
    int x = 0;
    int line = 0;
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const int wanted =
            strokeWidth() + m_theme.px(kGap) + metrics.horizontalAdvance(m_entries[i].name) + 1;
        const int taken = std::min(wanted, width);
        if (x > 0 && x + taken > width) {
            x = 0;
            ++line;
        }
        // The last line keeps room to say that there are more.
        const bool isLast = i + 1 == m_entries.size();
        const int needed = isLast ? taken : taken + m_theme.px(kApart) + restWidth;
        if (line + 1 >= mostLines && (line >= mostLines || (x > 0 && x + needed > width))) {
            const QRect &before = placed.rects.back();
            placed.rest =
                QRect(before.right() + m_theme.px(kApart), before.top(), restWidth, lineHeight());
            break;
        }
        placed.rects += QRect(x, line * lineHeight(), taken, lineHeight());
        x += taken + m_theme.px(kApart);
    }
    placed.height = m_entries.isEmpty() ? 0 : (std::min(line, mostLines - 1) + 1) * lineHeight();
    return placed;
}

void ChartLegend::paint(QPainter &painter, const Placed &placed) const
{
    painter.setFont(m_theme.textFont());
    const QFontMetrics metrics(painter.font());
    for (qsizetype i = 0; i < placed.rects.size(); ++i) {
        const QRect &rect = placed.rects[i];
        QPen pen = m_entries[i].pen;
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        painter.drawLine(QPointF(rect.left(), rect.center().y()),
                         QPointF(rect.left() + strokeWidth(), rect.center().y()));
        painter.setPen(m_theme.tokens().dimText);
        const QRect name = rect.adjusted(strokeWidth() + m_theme.px(kGap), 0, 0, 0);
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_entries[i].name, Qt::ElideRight, name.width()));
    }
    if (!placed.rest.isNull()) {
        painter.setPen(m_theme.tokens().dimText);
        painter.drawText(placed.rest, Qt::AlignLeft | Qt::AlignVCenter,
                         restText(m_entries.size() - placed.rects.size()));
    }
}

int ChartLegend::wholeHeight(int width) const
{
    return place(width, kAllLines).height;
}

void ChartLegend::paintWhole(QPainter &painter, int width) const
{
    paint(painter, place(width, kAllLines));
}

int ChartLegend::heightForWidth(int width) const
{
    return place(width, kMostLines).height;
}

QSize ChartLegend::sizeHint() const
{
    const int width = m_theme.px(560);
    return {width, heightForWidth(width)};
}

QSize ChartLegend::minimumSizeHint() const
{
    return {m_theme.px(120), m_entries.isEmpty() ? 0 : lineHeight()};
}

void ChartLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(painter, place(width(), kMostLines));
}

void ChartLegend::mouseReleaseEvent(QMouseEvent *event)
{
    const Placed placed = place(width(), kMostLines);
    for (qsizetype i = 0; i < placed.rects.size(); ++i) {
        if (placed.rects[i].contains(event->position().toPoint()) && m_entries[i].line >= 0)
            Q_EMIT lineClicked(m_entries[i].line);
    }
}

} // namespace freshet::ui
