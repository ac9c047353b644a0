// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QFontMetricsF>
#include <QGlyphRun>
#include <QRawFont>
#include <QStringView>

#include <array>

class QPainter;

namespace freshet::ui {

/// Measures and draws one line of text in one font, without shaping where the text is plain ASCII.
///
/// Digits drawn by `drawTabular` all take the width of the widest one, so that numbers stand in
/// columns in any font; Qt 6.4 cannot ask a font for its own tabular digits.
/// Units: logical pixels. Threads: GUI thread only.
class GlyphText
{
public:
    explicit GlyphText(const QFont &font = {});

    [[nodiscard]] const QFont &font() const { return m_font; }
    [[nodiscard]] qreal ascent() const { return m_metrics.ascent(); }
    [[nodiscard]] qreal height() const { return m_metrics.height(); }

    [[nodiscard]] static bool isPlain(QStringView text);
    /// Width of text as `QPainter::drawText` sets it; for plain text at most too large by its
    /// kerning.
    [[nodiscard]] qreal width(QStringView text) const;
    [[nodiscard]] qreal tabularWidth(QStringView plain) const;
    /// `text` cut to `width` with an ellipsis at its end; the cost does not grow with the text.
    [[nodiscard]] QString elided(const QString &text, qreal width) const;
    [[nodiscard]] QString elidedTabular(const QString &plain, qreal width) const;

    /// Draw plain text, or what `elidedTabular` made of it, with tabular digits; `x` is its left
    /// edge.
    void drawTabular(QPainter &painter, qreal x, qreal baseline, QStringView plain) const;

private:
    static constexpr char16_t kFirst = 0x20;
    static constexpr char16_t kLast = 0x7e;
    using Advances = std::array<qreal, kLast - kFirst + 1>;

    [[nodiscard]] static qreal sum(const Advances &advances, QStringView plain);
    [[nodiscard]] QString cut(const QString &plain, qreal width, const Advances &advances) const;

    QFont m_font;
    QFontMetricsF m_metrics;
    QRawFont m_rawFont;
    Advances m_advances{};
    Advances m_tabular{};
    /// Where a glyph starts in its tabular place.
    Advances m_shifts{};
    std::array<quint32, kLast - kFirst + 1> m_glyphs{};
    quint32 m_ellipsisGlyph = 0;
    qreal m_ellipsis = 0;
    qreal m_narrowest = 1;
};

} // namespace freshet::ui
