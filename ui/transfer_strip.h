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
class RateCurve;
class Theme;

/// What a download is doing: rows of the total and who declared it, bytes on the wire and decoded,
/// rate with a curve, first byte and first row, time left where a total is known, retries; Cancel.
class TransferStrip : public QWidget
{
    Q_OBJECT
public:
    explicit TransferStrip(const Theme &theme, QWidget *parent = nullptr);

    /// Show this moment; call it once a frame.
    void setProgress(const transfer::Progress &progress);

Q_SIGNALS:
    void cancelRequested();

private:
    /// A moment that the rate is measured against.
    struct Sample
    {
        std::chrono::microseconds elapsed;
        RowCount rows;
    };

    void updateRows(const transfer::Progress &progress);
    void updateBytes(const transfer::Progress &progress);
    void updateRate(const transfer::Progress &progress);
    void updateLatency(const transfer::Progress &progress);
    void updateTimeLeft(const transfer::Progress &progress);

    Figure *m_rows;
    Figure *m_bytes;
    Figure *m_rate;
    RateCurve *m_curve;
    Figure *m_latency;
    Figure *m_time;
    QPushButton *m_cancel;
    std::deque<Sample> m_samples;
};

} // namespace freshet::ui
