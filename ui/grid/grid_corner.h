// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_style.h"

#include <QWidget>

namespace freshet::ui {

/// The field between row numbers and column header; a click selects everything.
class GridCorner final : public QWidget
{
    Q_OBJECT

public:
    explicit GridCorner(QWidget *parent);
    void setStyle(const GridStyle &style);
    using QWidget::setStyle;

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    GridStyle m_style;
};

} // namespace freshet::ui
