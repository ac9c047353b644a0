// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/lab_text.h"

#include "text/dataset_text.h"
#include "text/figures.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace freshet::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Lab", text);
}

QString valueText(lab::Metric metric, double value)
{
    return QString::fromStdString(lab::valueText(value, lab::metricInfo(metric).unit));
}

/// Half of the spread, without its unit where that is the median's.
QString halfWidthText(lab::Metric metric, const lab::Spread &spread)
{
    const double half = spread.width() / 2;
    QString text = valueText(metric, half);
    const QString median = valueText(metric, spread.median);
    const QString unit = median.mid(median.lastIndexOf(QLatin1Char(' ')));
    if (text.endsWith(unit))
        text.chop(unit.size());
    else if (unit == QLatin1String(" s") && half >= 0.01)
        text = QString::number(half, 'f', 2);
    return text;
}

} // namespace

QString runsText(int runs)
{
    return runs == 1 ? tr("1 run") : tr("%1 runs").arg(groupedText(runs));
}

QString sessionText(const QString &name, std::chrono::system_clock::time_point began)
{
    return tr("%1, %2").arg(name,
                            QLocale().toString(toDateTime(began), QStringLiteral("d MMM hh:mm")));
}

QString labFact(const lab::SessionEntry &session)
{
    const QDateTime began = toDateTime(session.began);
    const bool isToday = began.date() == QDate::currentDate();
    QStringList words{session.variants == 1 ? tr("1 variant")
                                            : tr("%1 variants").arg(groupedText(session.variants)),
                      runsText(session.runs)};
    if (session.isCancelled)
        words += tr("stopped");
    words += isToday ? began.time().toString(QStringLiteral("hh:mm"))
                     : QLocale().toString(began.date(), QStringLiteral("d MMM"));
    return words.join(QStringLiteral(" · "));
}

QString runOnText(const lab::ChartFocus &focus)
{
    if (!focus.isCut())
        return {};
    const QString end = QString::fromStdString(lab::valueText(focus.lastRow, lab::Unit::Seconds));
    if (focus.runOn == 0)
        return tr("single runs go on, to %1").arg(end);
    return focus.runOn == 1 ? tr("1 variant runs on, to %1").arg(end)
                            : tr("%1 variants run on, the slowest to %2").arg(focus.runOn).arg(end);
}

QString othersText(qsizetype lines)
{
    return lines == 1 ? tr("1 other") : tr("%1 others").arg(lines);
}

QString metricTitle(lab::Metric metric)
{
    const auto title = lab::metricInfo(metric).title;
    return QCoreApplication::translate(
        "Lab", QByteArray(title.data(), static_cast<qsizetype>(title.size())).constData());
}

QString spreadText(lab::Metric metric, const lab::Spread &spread)
{
    const QString median = valueText(metric, spread.median);
    const bool isWithSpread = metric == lab::Metric::LastRow || metric == lab::Metric::Total;
    if (!isWithSpread || spread.n < 2)
        return median;
    return tr("%1 ± %2").arg(median, halfWidthText(metric, spread));
}

QString spreadSentence(lab::Metric metric, const lab::Spread &spread)
{
    if (spread.n == 1)
        return tr("%1: %2, one run").arg(metricTitle(metric), valueText(metric, spread.median));
    return tr("%1: median %2 of %3, from %4 to %5, p95 %6")
        .arg(metricTitle(metric), valueText(metric, spread.median), runsText(spread.n),
             valueText(metric, spread.least), valueText(metric, spread.most),
             valueText(metric, spread.p95));
}

QString changeText(const lab::Comparison &change)
{
    switch (change.outcome) {
    case lab::Outcome::NoDifference:
        return QStringLiteral("=");
    case lab::Outcome::TooFewRuns:
        return QStringLiteral("?");
    case lab::Outcome::FirstSmaller:
    case lab::Outcome::SecondSmaller:
        break;
    }
    // The ratio is that of the larger median by the smaller.
    if (change.ratio <= 0)
        return change.difference > 0 ? QStringLiteral("+") : QStringLiteral("−");
    const bool hasGrown = change.outcome == lab::Outcome::FirstSmaller;
    const double percent = hasGrown ? (change.ratio - 1) * 100 : (1 - 1 / change.ratio) * 100;
    return (hasGrown ? QStringLiteral("+") : QStringLiteral("−")) +
           QString::number(percent, 'f', percent < 9.95 ? 1 : 0) + QStringLiteral(" %");
}

QString changeSentence(lab::Metric metric, const lab::Comparison &change)
{
    const QString apart = valueText(metric, std::abs(change.difference));
    const QString spread = valueText(metric, change.spread);
    switch (change.outcome) {
    case lab::Outcome::NoDifference:
        return tr("%1: no difference; the medians lie %2 apart, single runs up to %3")
            .arg(metricTitle(metric), apart, spread);
    case lab::Outcome::TooFewRuns:
        return tr("%1: too few runs to tell; the medians lie %2 apart")
            .arg(metricTitle(metric), apart);
    case lab::Outcome::FirstSmaller:
        return tr("%1: %2 more than before; single runs lie up to %3 apart")
            .arg(metricTitle(metric), apart, spread);
    case lab::Outcome::SecondSmaller:
        return tr("%1: %2 less than before; single runs lie up to %3 apart")
            .arg(metricTitle(metric), apart, spread);
    }
    return {};
}

std::optional<bool> isBetter(lab::Metric metric, const lab::Comparison &change)
{
    const bool isSmaller = change.outcome == lab::Outcome::SecondSmaller;
    if (!isSmaller && change.outcome != lab::Outcome::FirstSmaller)
        return std::nullopt;
    return isSmaller == (lab::metricInfo(metric).better == lab::Better::Smaller);
}

Mark markOf(const lab::VariantSummary &summary)
{
    if (summary.runs == 0)
        return summary.failed > 0 ? Mark::Failed : Mark::Queued;
    if (summary.failed > 0 || isUnhealthy(summary.health.kind))
        return Mark::Incomplete;
    switch (summary.verdict) {
    case transfer::VerdictKind::Verified:
        return Mark::Verified;
    case transfer::VerdictKind::Ended:
        return Mark::Ended;
    case transfer::VerdictKind::Incomplete:
        break;
    }
    return Mark::Incomplete;
}

bool isUnhealthy(lab::StreamKind kind)
{
    return kind == lab::StreamKind::Buffered || kind == lab::StreamKind::Stalled ||
           kind == lab::StreamKind::Trickle;
}

QString healthWord(lab::StreamKind kind)
{
    switch (kind) {
    case lab::StreamKind::Buffered:
        return tr("buffered on the way");
    case lab::StreamKind::Stalled:
        return tr("stalled");
    case lab::StreamKind::Trickle:
        return tr("trickles");
    case lab::StreamKind::Bursts:
        return tr("comes in bursts");
    case lab::StreamKind::LateStart:
        return tr("late, then all at once");
    case lab::StreamKind::Steady:
        return tr("steady stream");
    case lab::StreamKind::Unknown:
        break;
    }
    return {};
}

QString healthTitle(lab::StreamKind kind)
{
    return asSentence(healthWord(kind)).chopped(1);
}

QString planHeadline(const lab::LabPlan &plan)
{
    return plan.runs == 1 ? tr("1 run each, order rotated")
                          : tr("%1 runs each, order rotated").arg(plan.runs);
}

QString planDetails(const lab::LabPlan &plan)
{
    const QStringList words{plan.warmUp ? tr("1 warm-up") : tr("no warm-up"),
                            plan.connections == lab::Connections::Warm ? tr("warm connections")
                                                                       : tr("cold connections"),
                            plan.rows == lab::RowsGo::IntoStore ? tr("rows stored")
                                                                : tr("rows discarded")};
    return words.join(QStringLiteral(" · "));
}

QString progressText(const lab::LabProgress &progress, const lab::LabPlan &plan)
{
    QStringList words{
        tr("Run %1 of %2").arg(std::min(progress.done + 1, progress.total)).arg(progress.total)};
    if (progress.current) {
        const auto &variant = plan.variants[static_cast<std::size_t>(progress.current->variant)];
        words += QString::fromStdString(variant.name);
        words += progress.current->isWarmUp ? tr("warm-up")
                                            : tr("repeat %1").arg(progress.current->repeat + 1);
        words += rowsText(progress.transfer.rows);
    }
    return words.join(QStringLiteral(" · "));
}

} // namespace freshet::ui
