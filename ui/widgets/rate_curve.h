// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <deque>

namespace freshet::ui {

class Theme;

/// The rate of the last while as a small curve without axes; its top is the highest rate in view.
class RateCurve : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kMaxSamples = 120;

    explicit RateCurve(const Theme &theme, QWidget *parent = nullptr);

    void addSample(double rate);
    void clear();
    [[nodiscard]] int sampleCount() const { return static_cast<int>(m_samples.size()); }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    std::deque<double> m_samples;
};

} // namespace freshet::ui
