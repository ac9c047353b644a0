// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/transfer.h"

#include <QElapsedTimer>
#include <QWidget>

#include <deque>

class QPushButton;

namespace freshet::ui {

class Figure;
class NoticeLine;
class RateCurve;
class Theme;

/// What a download is doing: rows of the total and who declared it, bytes on the wire and decoded,
/// rate with a curve, first byte and first row, time left where a total is known, retries; Details,
/// Pause, Cancel. While it is paused or waits to try again, a line under the figures says so.
class TransferStrip : public QWidget
{
    Q_OBJECT
public:
    explicit TransferStrip(const Theme &theme, QWidget *parent = nullptr);

    /// A transfer begins or goes on; what it holds already is not counted into its rate.
    void begin(const transfer::Progress &progress);
    /// Show this moment; call it once a frame.
    void setProgress(const transfer::Progress &progress);
    /// Everything that is known by now, as a popover under the strip.
    void showDetails(const QString &source);

Q_SIGNALS:
    void cancelRequested();
    void pauseRequested();
    void continueRequested();
    void retryNowRequested();
    void detailsRequested();

private:
    /// A moment that the rate is measured against.
    struct Sample
    {
        std::chrono::microseconds elapsed;
        RowCount rows;
    };

    [[nodiscard]] static QString receivingText(const transfer::FileUnderWay &file);
    void updateRows(const transfer::Progress &progress);
    void updateBytes(const transfer::Progress &progress);
    void updateRate(const transfer::Progress &progress);
    void updateLatency(const transfer::Progress &progress);
    void updateTimeLeft(const transfer::Progress &progress);
    void updateState(const transfer::Progress &progress);
    void updateFonts();
    void takeTurn();

    const Theme &m_theme;
    transfer::Progress m_progress;

    Figure *m_rows;
    Figure *m_bytes;
    Figure *m_rate;
    RateCurve *m_curve;
    Figure *m_latency;
    Figure *m_time;
    QPushButton *m_details;
    QPushButton *m_turn; ///< Pause, Continue or Try now
    QPushButton *m_cancel;
    NoticeLine *m_notice;
    std::deque<Sample> m_samples;
    RowCount m_heldRows;
    double m_heldFraction = 0;
};

} // namespace freshet::ui
