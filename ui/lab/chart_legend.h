// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPen>
#include <QWidget>

namespace freshet::ui {

class Theme;

/// The names of a chart's lines, each behind a stroke that is drawn as its line is. A click chooses
/// the line. In the window it takes a few lines of text at most and says how many names are left
/// out; a picture has them all.
class ChartLegend : public QWidget
{
    Q_OBJECT
public:
    struct Entry
    {
        QString name;
        QPen pen;
        int line = -1; ///< of the chart; negative: of none
    };

    explicit ChartLegend(const Theme &theme, QWidget *parent = nullptr);

    void setEntries(QList<Entry> entries);
    /// The height of all entries where there is `width`.
    [[nodiscard]] int wholeHeight(int width) const;
    void paintWhole(QPainter &painter, int width) const;

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void lineClicked(int line);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    struct Placed
    {
        QList<QRect> rects; ///< of the first entries, as many as there is room for
        QRect rest;         ///< for "+ 3 more"; null: all are there
        int height = 0;
    };
    [[nodiscard]] Placed place(int width, int mostLines) const;
    void paint(QPainter &painter, const Placed &placed) const;
    [[nodiscard]] QString restText(qsizetype count) const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int strokeWidth() const;

    const Theme &m_theme;
    QList<Entry> m_entries;
};

} // namespace freshet::ui
