// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/glyph_text.h"
#include "grid/grid_style.h"

#include <QHeaderView>

#include <functional>

namespace freshet::ui {

class HeaderModel;

/// The grid's column header: name above type; columns are resized, moved and picked with the mouse.
/// Threads: GUI thread only.
class GridHeader final : public QHeaderView
{
    Q_OBJECT

public:
    explicit GridHeader(HeaderModel *model, QWidget *parent);

    void setStyle(const GridStyle &style);
    using QHeaderView::setStyle;
    void setSortMark(int column, Qt::SortOrder order);
    void setHighlighted(std::function<bool(int column)> isHighlighted);

    /// Width at which the name and type of `column` show in full.
    [[nodiscard]] int widthOf(int column) const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void menuRequested(int column, QPoint globalPosition);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void updateFonts();
    [[nodiscard]] int px(qreal designPixels) const;
    [[nodiscard]] QString sortSign(int column) const;

    HeaderModel *m_model;
    GridStyle m_style;
    GlyphText m_name;
    GlyphText m_type;
    qreal m_scale = 1;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    std::function<bool(int)> m_isHighlighted;
};

} // namespace freshet::ui
