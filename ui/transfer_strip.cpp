// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer_strip.h"

#include "details_popover.h"
#include "text/dataset_text.h"
#include "text/details_text.h"
#include "text/figures.h"
#include "text/resume_text.h"
#include "theme/theme.h"
#include "widgets/figure.h"
#include "widgets/flow_layout.h"
#include "widgets/notice_line.h"
#include "widgets/rate_curve.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

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
      m_theme(theme),
      m_rows(new Figure(theme)),
      m_bytes(new Figure(theme)),
      m_rate(new Figure(theme)),
      m_curve(new RateCurve(theme)),
      m_latency(new Figure(theme)),
      m_time(new Figure(theme)),
      m_details(new QPushButton(tr("Details"))),
      m_turn(new QPushButton(tr("Pause"))),
      m_cancel(new QPushButton(tr("Cancel"))),
      m_notice(new NoticeLine(theme))
{
    setProperty("surface", QStringLiteral("panel"));
    setProperty("edge", QStringLiteral("bottom"));
    setAttribute(Qt::WA_StyledBackground);
    m_details->setObjectName(QStringLiteral("transferDetails"));
    m_details->setProperty("flat", true);
    m_turn->setObjectName(QStringLiteral("pauseDownload"));
    m_cancel->setObjectName(QStringLiteral("cancelDownload"));
    m_cancel->setToolTip(tr("Stop the download; the rows so far are kept"));
    m_curve->setProperty("spare", true); // its figure stands beside it
    auto *figures = new FlowLayout(theme.px(18), theme.px(6));
    for (QWidget *part : {static_cast<QWidget *>(m_rows), static_cast<QWidget *>(m_bytes),
                          static_cast<QWidget *>(m_rate), static_cast<QWidget *>(m_curve),
                          static_cast<QWidget *>(m_latency), static_cast<QWidget *>(m_time)})
        figures->addWidget(part);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme.px(8));
    for (QPushButton *button : {m_details, m_turn, m_cancel})
        buttons->addWidget(button, 0, Qt::AlignTop);
    // As tall as the others, which have more room around their text.
    m_details->setMinimumHeight(m_cancel->sizeHint().height());
    auto *top = new QHBoxLayout;
    top->setContentsMargins(theme.px(14), theme.px(9), theme.px(14), theme.px(9));
    top->setSpacing(theme.px(14));
    top->addLayout(figures, 1);
    top->addLayout(buttons);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_notice);
    connect(m_cancel, &QPushButton::clicked, this, &TransferStrip::cancelRequested);
    connect(m_details, &QPushButton::clicked, this, &TransferStrip::detailsRequested);
    connect(m_turn, &QPushButton::clicked, this, &TransferStrip::takeTurn);
    connect(&theme, &Theme::changed, this, &TransferStrip::updateFonts);
    updateFonts();
}

void TransferStrip::updateFonts()
{
    // The words change; the button stays where it is.
    const QFontMetrics metrics(m_theme.textFont());
    int width = 0;
    for (const QString &word : {tr("Pause"), tr("Continue"), tr("Try now")})
        width = std::max(width, metrics.horizontalAdvance(word));
    m_turn->setMinimumWidth(width + m_theme.px(2 * 13));
    m_cancel->setMinimumWidth(metrics.horizontalAdvance(tr("Cancel")) + m_theme.px(2 * 13));
}

void TransferStrip::begin(const transfer::Progress &progress)
{
    m_samples.clear();
    m_curve->clear();
    for (Figure *figure : {m_rows, m_bytes, m_rate, m_latency, m_time})
        figure->shrink();
    m_heldRows = progress.rows;
    m_heldFraction = fractionOf(progress).value_or(0);
    setProgress(progress);
}

void TransferStrip::setProgress(const transfer::Progress &progress)
{
    m_progress = progress;
    // While the server prepares an export there is nothing that could be counted.
    const bool isErrand = !progress.errand.empty() && progress.rows == RowCount();
    const bool isFetching = isErrand && progress.errandFile.has_value();
    m_bytes->setVisible(!isErrand || isFetching);
    for (QWidget *figure : {static_cast<QWidget *>(m_rate), static_cast<QWidget *>(m_curve),
                            static_cast<QWidget *>(m_latency)})
        figure->setVisible(!isErrand);
    updateRows(progress);
    updateBytes(progress);
    updateRate(progress);
    updateLatency(progress);
    updateTimeLeft(progress);
    updateState(progress);
}

void TransferStrip::updateState(const transfer::Progress &progress)
{
    using transfer::TransferState;
    const bool isStopping = progress.state >= TransferState::Stopping;
    const bool isPaused = progress.state == TransferState::Paused;
    const bool isWaiting = progress.state == TransferState::WaitingToRetry;
    m_cancel->setEnabled(!isStopping);
    m_cancel->setText(isStopping ? tr("Stopping…") : isWaiting ? tr("Stop") : tr("Cancel"));
    m_turn->setEnabled(isPaused || isWaiting || progress.state == TransferState::Receiving);
    m_turn->setText(isWaiting ? tr("Try now") : isPaused ? tr("Continue") : tr("Pause"));
    m_turn->setToolTip(isWaiting  ? tr("End the wait and ask the server again")
                       : isPaused ? tr("Read on")
                                  : tr("Stop reading, which holds the server back"));
    if (isWaiting)
        m_notice->say(Mark::Waiting, retrySentence(progress));
    else if (isPaused)
        m_notice->say(Mark::Paused, tr("Paused. Nothing is read from the server; what has arrived "
                                       "is kept."));
    else if (!progress.errand.empty())
        m_notice->say(Mark::Running, asSentence(QString::fromStdString(progress.errand)));
    m_notice->setVisible(isWaiting || isPaused || !progress.errand.empty());
}

void TransferStrip::takeTurn()
{
    switch (m_progress.state) {
    case transfer::TransferState::Paused:
        Q_EMIT continueRequested();
        break;
    case transfer::TransferState::WaitingToRetry:
        Q_EMIT retryNowRequested();
        break;
    default:
        Q_EMIT pauseRequested();
        break;
    }
}

void TransferStrip::showDetails(const QString &source)
{
    auto *popover = new DetailsPopover(detailsOf(m_progress, source), m_theme, this);
    popover->showUnder(m_details);
}

QString TransferStrip::receivingText(const transfer::FileUnderWay &file)
{
    return file.count > 1 ? tr("file %1 of %2").arg(file.number).arg(file.count) : tr("one file");
}

void TransferStrip::updateRows(const transfer::Progress &progress)
{
    const QString have = groupedText(progress.rows.value());
    if (progress.errandFile && progress.rows == RowCount())
        m_rows->setTexts(tr("Receiving"),
                         tr("%1, no rows yet").arg(receivingText(*progress.errandFile)));
    else if (progress.totalRows)
        m_rows->setTexts(tr("%1 of %2 rows").arg(have, groupedText(progress.totalRows->value())),
                         tr("total from %1").arg(QString::fromStdString(progress.totalRowsFrom)));
    else if (progress.rows.value() > 0)
        m_rows->setTexts(rowsText(progress.rows), progress.errandFile
                                                      ? receivingText(*progress.errandFile)
                                                      : tr("no total declared"));
    else if (!progress.errand.empty())
        m_rows->setTexts(tr("Preparing"), tr("no rows yet"));
    else
        m_rows->setTexts(tr("Connecting"), progress.state == transfer::TransferState::Receiving
                                               ? tr("waiting for the first row")
                                               : tr("waiting for the server"));
}

void TransferStrip::updateBytes(const transfer::Progress &progress)
{
    if (const auto &file = progress.errandFile) {
        m_bytes->setTexts(bytesText(file->held), file->total
                                                     ? tr("of %1").arg(bytesText(*file->total))
                                                     : tr("nobody says of how many"));
        return;
    }
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
    const Sample since = m_samples.empty() ? Sample{0us, m_heldRows} : m_samples.front();
    const double rate = perSecond(progress.rows - since.rows, progress.elapsed - since.elapsed);
    if (isDue) {
        m_samples.push_back({progress.elapsed, progress.rows});
        if (progress.rows > m_heldRows)
            m_curve->addSample(rate);
    }
    const double average = perSecond(progress.rows - m_heldRows,
                                     progress.elapsed - progress.timeline.firstRow.value_or(0us));
    m_rate->setTexts(rateText(rate), tr("average %1").arg(shortRateText(average)));
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
    const QString retries = progress.retries == 0   ? QString()
                            : progress.retries == 1 ? tr(", 1 retry")
                                                    : tr(", %1 retries").arg(progress.retries);
    const QString elapsed = durationText(progress.elapsed);
    const auto fraction = fractionOf(progress);
    const auto began = progress.timeline.transport.firstByte.value_or(0us);
    const bool isMoving = progress.state == transfer::TransferState::Receiving;
    // How far an errand is says nothing of the rows that follow it.
    if (!isMoving || !progress.errand.empty() || !fraction || *fraction <= m_heldFraction) {
        m_time->setTexts(elapsed, tr("elapsed") + retries);
        return;
    }
    const auto receiving = static_cast<double>((progress.elapsed - began).count());
    const auto left = std::chrono::microseconds(static_cast<std::int64_t>(
        std::max(0.0, receiving * (1 - *fraction) / (*fraction - m_heldFraction))));
    m_time->setTexts(tr("%1 left").arg(durationText(left)), tr("after %1").arg(elapsed) + retries);
}

} // namespace freshet::ui
