// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/logical_type.h"
#include "grid/display_cell.h"
#include "grid/glyph_text.h"
#include "grid/grid_style.h"

#include <QRect>

#include <cstdint>

class QPainter;

namespace freshet::ui {

/// Draws cells and row numbers, and knows how large they are.
/// Units: logical pixels. Threads: GUI thread only.
class CellPainter
{
public:
    CellPainter();

    void setStyle(const GridStyle &style) { m_style = style; }
    void setFont(const QFont &font);
    [[nodiscard]] const GridStyle &style() const { return m_style; }

    [[nodiscard]] int rowHeight() const { return m_rowHeight; }
    /// `designPixels` of the drawings, which are made for 13-pixel text, at this font.
    [[nodiscard]] int px(qreal designPixels) const;
    /// Width of a cell that shows all of `cell`.
    [[nodiscard]] int widthOf(const DisplayCell &cell) const;
    /// Width of the row number column when `lastNumber` is the largest.
    [[nodiscard]] int numberColumnWidth(std::int64_t lastNumber) const;

    /// Draw the content of a cell; background and lines are the caller's. `cell` may be null: not
    /// read yet.
    void paint(QPainter &painter, const QRect &rect, const DisplayCell *cell,
               const columnar::LogicalType &type) const;
    void paintRowNumber(QPainter &painter, const QRect &rect, std::int64_t number,
                        bool isHighlighted) const;

private:
    void paintWord(QPainter &painter, const QRect &rect, const QString &word, const QFont &font,
                   bool atRight) const;
    void paintNumber(QPainter &painter, const QRect &rect, const DisplayCell &cell,
                     bool atRight) const;
    void paintText(QPainter &painter, const QRect &rect, const DisplayCell &cell) const;
    void paintControls(QPainter &painter, const QRect &rect, const DisplayCell &cell) const;
    void paintMark(QPainter &painter, const QRect &rect, bool atRight) const;
    void paintPending(QPainter &painter, const QRect &rect, bool atRight) const;
    [[nodiscard]] qreal baseline(const QRect &rect) const;

    GridStyle m_style;
    GlyphText m_text;
    QFont m_italic;
    qreal m_scale = 1;
    int m_rowHeight = 26;
    int m_padding = 10;
};

} // namespace freshet::ui
