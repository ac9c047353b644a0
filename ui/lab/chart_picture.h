// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

QT_BEGIN_NAMESPACE
class QGraphicsView;
class QPainter;
QT_END_NAMESPACE

namespace freshet::ui {

class ChartLegend;
class Theme;

/// A chart as a file: its whole legend, what is said of it, and below them the chart as it is
/// shown, so wide as in the window.
/// Threads: GUI thread only. Lifetime: within that of the widgets.
class ChartPicture
{
public:
    ChartPicture(const Theme &theme, const ChartLegend &legend, QString note, QGraphicsView &view);

    /// Output: whether it could be written whole.
    [[nodiscard]] bool saveSvg(const QString &file, const QString &title) const;
    [[nodiscard]] bool savePng(const QString &file) const;

private:
    void paint(QPainter &painter) const;
    [[nodiscard]] QSize size() const;
    [[nodiscard]] int noteHeight() const;

    const Theme &m_theme;
    const ChartLegend &m_legend;
    const QString m_note;
    QGraphicsView &m_view;
};

} // namespace freshet::ui
