// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/arrival_chart.h"

#include "lab/arrival_chart_view.h"
#include "lab/chart_legend.h"
#include "lab/series_colors.h"
#include "text/figures.h"
#include "theme/theme.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QImage>
#include <QLegend>
#include <QLineSeries>
#include <QLocale>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace freshet::ui {

namespace {

/// How near the pointer has to be to a line, in pixels of the drawings.
constexpr qreal kNear = 24;
constexpr int kPictureScale = 2;
/// With more lines than that bands would cover each other: only the current line keeps its own.
constexpr qsizetype kFewLines = 6;

/// The seconds at which a line reaches `rows`, between two of its points.
double secondsAt(const QList<QPointF> &points, double rows)
{
    const auto after = std::ranges::lower_bound(points, rows, {}, &QPointF::y);
    if (after == points.end())
        return points.back().x();
    if (after == points.begin() || after->y() == rows)
        return after->x();
    const QPointF before = *(after - 1);
    const double share = (rows - before.y()) / (after->y() - before.y());
    return before.x() + share * (after->x() - before.x());
}

QString secondsText(double seconds)
{
    return durationText(std::chrono::microseconds(std::llround(seconds * 1e6)));
}

/// Range and ticks together: a range with the interval of another one could have millions of ticks,
/// each of them an item of the scene.
void setAxis(QValueAxis &axis, double from, double to, double step)
{
    axis.setTickType(QValueAxis::TicksFixed);
    axis.setRange(from, to);
    axis.setTickInterval(step);
    axis.setTickType(QValueAxis::TicksDynamic);
}

/// A step of 1, 2 or 5 times a power of ten that divides `span` into about `pieces`.
double niceStep(double span, int pieces)
{
    const double raw = std::max(span, 1e-6) / pieces;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (raw <= factor * power)
            return factor * power;
    }
    return 10 * power;
}

} // namespace

ArrivalChart::ArrivalChart(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_chart(new QChart),
      m_view(new ArrivalChartView(*this, m_chart)),
      m_legend(new ChartLegend(theme)),
      m_seconds(new QValueAxis(m_chart)),
      m_rows(new QValueAxis(m_chart))
{
    m_chart->setBackgroundRoundness(0);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->setMargins({});
    m_chart->addAxis(m_seconds, Qt::AlignBottom);
    m_chart->addAxis(m_rows, Qt::AlignLeft);
    m_chart->legend()->hide(); // it would cut names, and knows no dashes
    m_seconds->setLabelFormat(QStringLiteral("%.4g s"));
    m_rows->setLabelFormat(QStringLiteral("%.0f"));
    // Digits are grouped as everywhere else in the window.
    m_chart->setLocale(QLocale(QLocale::English, QLocale::UnitedStates));
    m_chart->setLocalizeNumbers(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(8));
    layout->addWidget(m_legend);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    connect(m_legend, &ChartLegend::entryClicked, this, &ArrivalChart::lineClicked);
    setAccessibleName(tr("Rows that had arrived against time, a line for each variant"));
    connect(&theme, &Theme::changed, this, &ArrivalChart::updateLooks);
    updateLooks();
}

ArrivalChart::~ArrivalChart() = default;

void ArrivalChart::setLines(QList<ArrivalLine> lines)
{
    if (lines == m_lines)
        return;
    const bool hasSameShape =
        std::ranges::equal(lines, m_lines, [](const ArrivalLine &one, const ArrivalLine &other) {
            return one.name == other.name && one.color == other.color &&
                   one.most.isEmpty() == other.most.isEmpty();
        });
    m_lines = std::move(lines);
    if (!hasSameShape) {
        rebuild();
        return;
    }
    // A run under way changes points thirty times a second, and nothing else.
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        m_medians[i]->replace(m_lines[i].median);
        if (m_bands[i] != nullptr) {
            m_bands[i]->upperSeries()->replace(m_lines[i].most);
            m_bands[i]->lowerSeries()->replace(m_lines[i].least);
        }
    }
    updateAxes();
}

void ArrivalChart::rebuild()
{
    m_chart->removeAllSeries();
    m_medians.clear();
    m_bands.clear();
    const auto attach = [this](QAbstractSeries *series) {
        m_chart->addSeries(series);
        series->attachAxis(m_seconds);
        series->attachAxis(m_rows);
    };
    // Bands first, so that no line lies under one.
    for (const ArrivalLine &line : m_lines) {
        if (line.most.isEmpty()) {
            m_bands += nullptr;
            continue;
        }
        auto *upper = new QLineSeries;
        upper->replace(line.most);
        auto *lower = new QLineSeries;
        lower->replace(line.least);
        auto *band = new QAreaSeries(upper, lower);
        upper->setParent(band);
        lower->setParent(band);
        attach(band);
        m_bands += band;
    }
    for (const ArrivalLine &line : m_lines) {
        auto *median = new QLineSeries;
        median->replace(line.median);
        attach(median);
        m_medians += median;
    }
    updateLooks();
    updateAxes();
}

void ArrivalChart::updateLooks()
{
    const Tokens &tokens = m_theme.tokens();
    m_chart->setBackgroundBrush(tokens.panel);
    m_chart->setPlotAreaBackgroundVisible(false);
    for (QValueAxis *axis : {m_seconds, m_rows}) {
        axis->setLabelsFont(m_theme.smallFont());
        axis->setLabelsColor(tokens.dimText);
        axis->setGridLineColor(tokens.line);
        axis->setLinePen(QPen(tokens.line));
        axis->setMinorGridLineVisible(false);
    }
    m_seconds->setGridLineVisible(false);
    const bool isCrowded = m_lines.size() > kFewLines;
    QList<ChartLegend::Entry> legend;
    for (qsizetype i = 0; i < m_medians.size(); ++i) {
        m_medians[i]->setPen(penOf(i));
        legend += {m_lines[i].name, penOf(i)};
        if (m_bands[i] == nullptr)
            continue;
        const bool isCurrent = i == m_current;
        QColor color = seriesColor(m_lines[i].color, m_theme.scheme());
        color.setAlphaF(isCurrent ? 0.26F : 0.08F);
        m_bands[i]->setBrush(color);
        m_bands[i]->setPen(Qt::NoPen);
        m_bands[i]->setVisible(isCurrent || !isCrowded);
    }
    m_legend->setEntries(std::move(legend));
    m_view->setBackgroundBrush(tokens.panel);
}

QPen ArrivalChart::penOf(qsizetype line) const
{
    return seriesPen(m_lines[line].color, m_theme.scheme(), m_theme.px(line == m_current ? 3 : 2));
}

double ArrivalChart::lastSecond() const
{
    double last = 0;
    for (const ArrivalLine &line : m_lines) {
        for (const auto *points : {&line.median, &line.least}) {
            if (!points->isEmpty())
                last = std::max(last, points->back().x());
        }
    }
    return last;
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
    const double from = m_isZoomed ? m_seconds->min() : 0;
    const double to = m_isZoomed ? m_seconds->max() : std::max(1e-3, lastSecond() * 1.02);
    setAxis(*m_seconds, from, to, niceStep(to - from, 6));
}

void ArrivalChart::setCurrent(int line)
{
    if (line == m_current)
        return;
    m_current = line;
    updateLooks();
}

void ArrivalChart::resetZoom()
{
    m_isZoomed = false;
    updateAxes();
}

void ArrivalChart::zoom(double factor, double atSeconds)
{
    const double whole = std::max(1e-3, lastSecond() * 1.02);
    const double span = std::clamp((m_seconds->max() - m_seconds->min()) / factor, 1e-4, whole);
    const double share = (atSeconds - m_seconds->min()) / (m_seconds->max() - m_seconds->min());
    const double from = std::clamp(atSeconds - share * span, 0.0, whole - span);
    m_isZoomed = span < whole;
    setAxis(*m_seconds, from, from + span, niceStep(span, 6));
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
        const qreal x = m_chart->mapToPosition({secondsAt(median, rows), rows}, m_medians[i]).x();
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

QSize ArrivalChart::pictureSize() const
{
    const int width = m_view->width();
    return {width, m_legend->wholeHeight(width) + m_theme.px(8) + m_view->height()};
}

void ArrivalChart::paintPicture(QPainter &painter) const
{
    const QSize size = pictureSize();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRect(QPoint(), size), m_theme.tokens().panel);
    m_legend->paintWhole(painter, size.width());
    const int top = size.height() - m_view->height();
    m_view->scene()->render(&painter, QRectF(QPointF(0, top), m_view->size()), m_view->sceneRect());
}

bool ArrivalChart::saveSvg(const QString &file) const
{
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly))
        return false;
    QSvgGenerator svg;
    svg.setOutputDevice(&out);
    svg.setSize(pictureSize());
    svg.setViewBox(QRect(QPoint(), pictureSize()));
    svg.setTitle(accessibleName());
    QPainter painter;
    if (!painter.begin(&svg))
        return false;
    paintPicture(painter);
    return painter.end() && out.commit();
}

bool ArrivalChart::savePng(const QString &file) const
{
    QImage image(pictureSize() * kPictureScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kPictureScale);
    QPainter painter(&image);
    paintPicture(painter);
    painter.end();
    QSaveFile out(file);
    return out.open(QIODevice::WriteOnly) && image.save(&out, "PNG") && out.commit();
}

} // namespace freshet::ui
