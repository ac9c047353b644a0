// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/glyph_text.h"

#include <QWidget>

namespace freshet::ui {

class Theme;

/// A figure over a line that says what it is. Digits have one width and the widget only ever grows,
/// so that nothing jumps while the figure changes thirty times a second.
class Figure : public QWidget
{
    Q_OBJECT
public:
    explicit Figure(const Theme &theme, QWidget *parent = nullptr);

    void setTexts(const QString &figure, const QString &meaning);
    /// Forget the widest text so far.
    void shrink();
    [[nodiscard]] const QString &figure() const { return m_figure; }
    [[nodiscard]] const QString &meaning() const { return m_meaning; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void updateFonts();
    [[nodiscard]] int neededWidth() const;

    const Theme &m_theme;
    QString m_figure;
    QString m_meaning;
    GlyphText m_large;
    GlyphText m_small;
    int m_width = 0;
};

} // namespace freshet::ui
