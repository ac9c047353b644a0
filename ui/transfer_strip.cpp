// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_strip.h"

#include "text/dataset_text.h"
#include "text/figures.h"
#include "theme/theme.h"
#include "widgets/figure.h"
#include "widgets/flow_layout.h"
#include "widgets/rate_curve.h"

#include <QHBoxLayout>
#include <QPushButton>

#include <algorithm>

namespace freshet::ui {

namespace {

using namespace std::chrono_literals;

/// The rate shown is that of the last second; a point of the curve is taken ten times a second.
constexpr auto kRateWindow = 1s;
constexpr auto kSampleEvery = 100ms;

double perSecond(RowCount rows, std::chrono::microseconds time)
{
    return time.count() <= 0
               ? 0
               : static_cast<double>(rows.value()) * 1e6 / static_cast<double>(time.count());
}

} // namespace

TransferStrip::TransferStrip(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_rows(new Figure(theme)),
      m_bytes(new Figure(theme)),
      m_rate(new Figure(theme)),
      m_curve(new RateCurve(theme)),
      m_latency(new Figure(theme)),
      m_time(new Figure(theme)),
      m_cancel(new QPushButton(tr("Cancel")))
{
    setProperty("surface", QStringLiteral("panel"));
    setProperty("edge", QStringLiteral("bottom"));
    setAttribute(Qt::WA_StyledBackground);
    m_cancel->setObjectName(QStringLiteral("cancelDownload"));
    m_cancel->setToolTip(tr("Stop the download; the rows so far are kept"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(9), theme.px(14), theme.px(9));
    layout->setSpacing(theme.px(26));
    auto *figures = new FlowLayout(theme.px(26), theme.px(6));
    for (QWidget *part : {static_cast<QWidget *>(m_rows), static_cast<QWidget *>(m_bytes),
                          static_cast<QWidget *>(m_rate), static_cast<QWidget *>(m_curve),
                          static_cast<QWidget *>(m_latency), static_cast<QWidget *>(m_time)})
        figures->addWidget(part);
    layout->addLayout(figures, 1);
    layout->addWidget(m_cancel, 0, Qt::AlignTop);
    connect(m_cancel, &QPushButton::clicked, this, &TransferStrip::cancelRequested);
}

void TransferStrip::setProgress(const transfer::Progress &progress)
{
    updateRows(progress);
    updateBytes(progress);
    updateRate(progress);
    updateLatency(progress);
    updateTimeLeft(progress);
    const bool isStopping = progress.state >= transfer::TransferState::Stopping;
    m_cancel->setEnabled(!isStopping);
    m_cancel->setText(isStopping ? tr("Stopping…") : tr("Cancel"));
}

void TransferStrip::updateRows(const transfer::Progress &progress)
{
    const QString have = groupedText(progress.rows.value());
    if (progress.state == transfer::TransferState::WaitingToRetry) {
        m_rows->setTexts(tr("Waiting to retry"),
                         progress.rows.value() == 0 ? tr("the server does not answer")
                                                    : tr("%1 so far").arg(rowsText(progress.rows)));
        return;
    }
    if (progress.totalRows)
        m_rows->setTexts(tr("%1 of %2 rows").arg(have, groupedText(progress.totalRows->value())),
                         tr("total from %1").arg(QString::fromStdString(progress.totalRowsFrom)));
    else if (progress.rows.value() > 0)
        m_rows->setTexts(rowsText(progress.rows), tr("no total declared"));
    else
        m_rows->setTexts(tr("Connecting"), progress.state == transfer::TransferState::Receiving
                                               ? tr("waiting for the first row")
                                               : tr("waiting for the server"));
}

void TransferStrip::updateBytes(const transfer::Progress &progress)
{
    if (progress.contentCodings.empty()) {
        m_bytes->setTexts(bytesText(progress.wireBytes),
                          progress.totalWireBytes
                              ? tr("of %1").arg(bytesText(*progress.totalWireBytes))
                              : tr("not compressed"));
        return;
    }
    QStringList codings;
    for (const auto &coding : progress.contentCodings)
        codings += QString::fromStdString(coding);
    QString meaning = codings.join(QStringLiteral(", "));
    if (progress.wireBytes.value() > 0)
        meaning += tr(", %1 ×").arg(static_cast<double>(progress.decodedBytes.value()) /
                                        static_cast<double>(progress.wireBytes.value()),
                                    0, 'f', 1);
    m_bytes->setTexts(
        tr("%1 → %2").arg(bytesText(progress.wireBytes), bytesText(progress.decodedBytes)),
        meaning);
}

void TransferStrip::updateRate(const transfer::Progress &progress)
{
    const bool isDue =
        m_samples.empty() || progress.elapsed - m_samples.back().elapsed >= kSampleEvery;
    while (m_samples.size() > 1 && progress.elapsed - m_samples[1].elapsed >= kRateWindow)
        m_samples.pop_front();
    const Sample since = m_samples.empty() ? Sample{} : m_samples.front();
    const double rate = perSecond(progress.rows - since.rows, progress.elapsed - since.elapsed);
    if (isDue) {
        m_samples.push_back({progress.elapsed, progress.rows});
        if (progress.rows.value() > 0)
            m_curve->addSample(rate);
    }
    const double average =
        perSecond(progress.rows, progress.elapsed - progress.timeline.firstRow.value_or(0us));
    m_rate->setTexts(rateText(rate), tr("average %1").arg(rateText(average)));
}

void TransferStrip::updateLatency(const transfer::Progress &progress)
{
    const auto words = [](std::optional<std::chrono::microseconds> time) {
        return time ? durationText(*time) : QStringLiteral("–");
    };
    m_latency->setTexts(tr("%1 / %2").arg(words(progress.timeline.transport.firstByte),
                                          words(progress.timeline.firstRow)),
                        tr("first byte / first row"));
}

void TransferStrip::updateTimeLeft(const transfer::Progress &progress)
{
    const QString retries = progress.retries == 0   ? tr("no retries")
                            : progress.retries == 1 ? tr("1 retry")
                                                    : tr("%1 retries").arg(progress.retries);
    const QString elapsed = durationText(progress.elapsed);
    const auto fraction = fractionOf(progress);
    const auto began = progress.timeline.transport.firstByte.value_or(0us);
    if (!fraction || *fraction <= 0) {
        m_time->setTexts(elapsed, tr("elapsed, %1").arg(retries));
        return;
    }
    const auto receiving = static_cast<double>((progress.elapsed - began).count());
    const auto left = std::chrono::microseconds(
        static_cast<std::int64_t>(std::max(0.0, receiving * (1 - *fraction) / *fraction)));
    m_time->setTexts(tr("%1 left").arg(durationText(left)),
                     tr("after %1, %2").arg(elapsed, retries));
}

} // namespace freshet::ui
