// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/arrival_chart.h"

#include "lab/arrival_chart_view.h"
#include "lab/chart_axis.h"
#include "lab/chart_legend.h"
#include "lab/chart_picture.h"
#include "lab/run_on_marks.h"
#include "text/figures.h"
#include "text/lab_text.h"
#include "theme/theme.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLegend>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace freshet::ui {

namespace {

/// How near the pointer has to be to a line, in pixels of the drawings.
constexpr qreal kNear = 24;
constexpr qreal kArrow = 8;

QString secondsText(double seconds)
{
    return durationText(std::chrono::microseconds(std::llround(seconds * 1e6)));
}

} // namespace

ArrivalChart::ArrivalChart(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_chart(new QChart),
      m_view(new ArrivalChartView(*this, m_chart)),
      m_legend(new ChartLegend(theme)),
      m_note(new QLabel),
      m_span(new QPushButton),
      m_seconds(new QValueAxis(m_chart)),
      m_rows(new QValueAxis(m_chart)),
      m_looks(theme),
      m_marks(new RunOnMarks(*m_chart)),
      m_series((m_chart->addAxis(m_seconds, Qt::AlignBottom),
                m_chart->addAxis(m_rows, Qt::AlignLeft), *m_chart),
               *m_seconds, *m_rows)
{
    m_chart->setBackgroundRoundness(0);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->legend()->hide(); // it would cut names, and knows no order
    m_seconds->setLabelFormat(QStringLiteral("%.4g s"));
    m_rows->setLabelFormat(QStringLiteral("%.0f"));
    // Digits are grouped as everywhere else in the window.
    m_chart->setLocale(QLocale(QLocale::English, QLocale::UnitedStates));
    m_chart->setLocalizeNumbers(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(4));
    layout->addWidget(m_legend);
    layout->addWidget(buildNote());
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    setTabOrder(m_view, m_span);
    connect(m_legend, &ChartLegend::lineClicked, this, &ArrivalChart::lineClicked);
    setAccessibleName(tr("Rows that had arrived against time, a line for each variant"));
    connect(&theme, &Theme::changed, this, &ArrivalChart::updateLooks);
    updateLooks();
    updateAxes();
}

ArrivalChart::~ArrivalChart() = default;

QWidget *ArrivalChart::buildNote()
{
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.px(4));
    layout->addStretch();
    layout->addWidget(m_note);
    layout->addWidget(m_span);
    m_note->setObjectName(QStringLiteral("labRunOn"));
    m_note->setProperty("role", QStringLiteral("small"));
    m_span->setObjectName(QStringLiteral("labSpan"));
    m_span->setProperty("link", true);
    connect(m_span, &QPushButton::clicked, this, [this] {
        if (m_shown == Shown::Bulk)
            showWhole();
        else
            resetZoom();
    });
    return line;
}

void ArrivalChart::setLines(QList<ArrivalLine> lines)
{
    if (lines == m_lines)
        return;
    m_lines = std::move(lines);
    m_hovered = -1;
    m_looks.setLines(m_lines);
    updateLooks();
    updateAxes();
}

void ArrivalChart::updateLooks()
{
    const Tokens &tokens = m_theme.tokens();
    m_chart->setBackgroundBrush(tokens.panel);
    m_chart->setPlotAreaBackgroundVisible(false);
    m_chart->setMargins(QMargins(0, 0, m_theme.px(kArrow), 0)); // of the arrows out of it
    for (QValueAxis *axis : {m_seconds, m_rows})
        setAxisLooks(*axis, m_theme);
    m_seconds->setGridLineVisible(false);
    m_view->setBackgroundBrush(tokens.panel);
    m_note->setFont(m_theme.smallFont());
    m_span->setFont(m_theme.smallFont());
    QList<ArrivalSeries::Look> looks;
    for (qsizetype i = 0; i < m_lines.size(); ++i)
        looks += m_looks.of(i);
    m_series.set(m_lines, looks);
    updateFront();
    updateNote();
}

void ArrivalChart::updateFront()
{
    const auto raise = [this](ArrivalSeries::Front front, int line) {
        const bool isLine = line >= 0 && line < m_lines.size();
        m_series.raise(front, isLine ? &m_lines[line] : nullptr,
                       isLine ? m_looks.inFront(line) : ArrivalSeries::Look());
    };
    raise(ArrivalSeries::Front::Current, m_current);
    raise(ArrivalSeries::Front::Hovered, m_hovered == m_current ? -1 : m_hovered);

    m_legend->setEntries(m_looks.legend(m_current));
}

double ArrivalChart::bulkSeconds() const
{
    double seconds = std::max(1e-3, focus().seconds);
    for (const ArrivalLine &line : m_lines) {
        if (line.isLive && !line.median.isEmpty()) // which is to be seen wherever it is
            seconds = std::max(seconds, line.median.back().x() * 1.02);
    }
    return seconds;
}

double ArrivalChart::wholeSeconds() const
{
    return std::max(bulkSeconds(), focus().whole);
}

double ArrivalChart::mostRows() const
{
    double most = 0;
    for (const ArrivalLine &line : m_lines) {
        if (!line.median.isEmpty())
            most = std::max(most, line.median.back().y());
    }
    return most;
}

void ArrivalChart::updateAxes()
{
    const double rowStep = std::max(1.0, niceStep(mostRows(), 4));
    setAxis(*m_rows, 0, std::max(1.0, std::ceil(mostRows() / rowStep) * rowStep), rowStep);
    if (m_shown != Shown::Span) {
        const double to = m_shown == Shown::Bulk ? bulkSeconds() : wholeSeconds();
        setAxis(*m_seconds, 0, to, niceStep(to, 6));
    }
    updateNote();
}

void ArrivalChart::updateNote()
{
    m_note->setText(note());
    m_span->setText(m_shown == Shown::Bulk ? tr("Show all") : tr("Show most of them closer"));
    // The line keeps its room while there is something to switch, so that the chart stays put.
    m_note->parentWidget()->setVisible(focus().isCut());
    QList<RunOnMarks::Mark> marks;
    const double edge = m_seconds->max();
    for (const bool isColored : {false, true}) {
        for (qsizetype i = 0; i < m_lines.size(); ++i) {
            const auto &median = m_lines[i].median;
            if (m_looks.hasColor(i) != isColored || median.isEmpty() || median.back().x() <= edge)
                continue;
            const auto look = i == m_current ? m_looks.inFront(i) : m_looks.of(i);
            marks += {rowsAt(median, edge), look.pen.color()};
        }
    }
    m_marks->setMarks(std::move(marks), m_theme.px(kArrow));
}

QString ArrivalChart::note() const
{
    return m_shown == Shown::Bulk ? runOnText(focus()) : QString();
}

void ArrivalChart::setCurrent(int line)
{
    if (line == m_current)
        return;
    m_current = line;
    updateFront();
    updateNote();
}

void ArrivalChart::setHovered(int line)
{
    if (line == m_hovered)
        return;
    m_hovered = line;
    updateFront();
}

void ArrivalChart::resetZoom()
{
    m_shown = Shown::Bulk;
    updateAxes();
}

void ArrivalChart::showWhole()
{
    m_shown = Shown::Whole;
    updateAxes();
}

void ArrivalChart::stepBack()
{
    if (m_shown == Shown::Bulk)
        showWhole();
    else
        resetZoom();
}

void ArrivalChart::zoom(double factor, double atSeconds)
{
    const double whole = wholeSeconds();
    const double span = std::clamp((m_seconds->max() - m_seconds->min()) / factor, 1e-4, whole);
    const double share = (atSeconds - m_seconds->min()) / (m_seconds->max() - m_seconds->min());
    const double from = std::clamp(atSeconds - share * span, 0.0, whole - span);
    m_shown = span < whole ? Shown::Span : Shown::Whole;
    setAxis(*m_seconds, from, from + span, niceStep(span, 6));
    updateNote();
}

std::pair<double, double> ArrivalChart::shownSeconds() const
{
    return {m_seconds->min(), m_seconds->max()};
}

QString ArrivalChart::factsAt(const QPointF &position, int *line) const
{
    const double rows = m_chart->mapToValue(position).y();
    qreal nearest = m_theme.px(kNear);
    qsizetype found = -1;
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const auto &median = m_lines[i].median;
        if (median.isEmpty() || rows < 0 || rows > median.back().y() * 1.02)
            continue;
        const qreal x = m_series.placeOf({secondsAt(median, rows), rows}).x();
        if (std::abs(x - position.x()) >= nearest)
            continue;
        nearest = std::abs(x - position.x());
        found = i;
    }
    if (line != nullptr)
        *line = static_cast<int>(found);
    if (found < 0)
        return {};
    const ArrivalLine &facts = m_lines[found];
    const double shown = std::min(rows, facts.median.back().y());
    const QString text = tr("%1: %2 after %3")
                             .arg(facts.name, rowsText(RowCount(std::llround(shown))),
                                  secondsText(secondsAt(facts.median, shown)));
    if (facts.most.isEmpty())
        return text;
    return text + QLatin1Char('\n') +
           tr("fastest %1, slowest %2")
               .arg(secondsText(secondsAt(facts.most, shown)),
                    secondsText(secondsAt(facts.least, shown)));
}

bool ArrivalChart::saveSvg(const QString &file) const
{
    return ChartPicture(m_theme, *m_legend, note(), *m_view).saveSvg(file, accessibleName());
}

bool ArrivalChart::savePng(const QString &file) const
{
    return ChartPicture(m_theme, *m_legend, note(), *m_view).savePng(file);
}

} // namespace freshet::ui
