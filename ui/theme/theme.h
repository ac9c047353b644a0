// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>

#include <memory>

class QApplication;

namespace freshet::ui {

enum class Scheme { Light, Dark };
enum class SchemeChoice { FollowSystem, Light, Dark };

/// The colours everything is drawn with. `text` and `dimText` have a contrast of at least 4.5:1 on
/// every surface, also on `selection` and `accentTint`; `faint`, `link` and the verdict colours on
/// `window`, `panel` and `raised`, and each verdict colour on its tint. Where the drawings fall
/// short of that, the colour is the nearest one that does not.
struct Tokens
{
    QColor window;  ///< behind bars and panels
    QColor panel;   ///< grid, panels, fields
    QColor raised;  ///< grid header, row numbers, tabs that are not in front
    QColor line;    ///< one-pixel lines
    QColor control; ///< borders of buttons and fields
    QColor text;
    QColor dimText;
    QColor faint;      ///< null, row numbers
    QColor accent;     ///< the primary button, the cursor, progress
    QColor accentText; ///< on `accent`
    QColor link;       ///< text that can be clicked
    QColor accentTint; ///< chips, hovered rows
    QColor verified;
    QColor verifiedTint;
    QColor warning; ///< incomplete
    QColor warningTint;
    QColor failed;
    QColor failedTint;
    QColor selection;
};

[[nodiscard]] const Tokens &tokensOf(Scheme scheme);

class SystemScheme;

/// Owns how the program looks: palette, style sheet and fonts, made from the tokens, for light and
/// dark. Follows the system's scheme until the user chooses one.
///
/// Lengths: `px` scales the design's pixels with the font, so that everything grows together.
/// Threads: GUI thread only. Lifetime: outlives the windows; one for each QApplication.
class Theme : public QObject
{
    Q_OBJECT
public:
    explicit Theme(QApplication &application);
    ~Theme() override;

    void choose(SchemeChoice choice);
    [[nodiscard]] SchemeChoice choice() const { return m_choice; }
    [[nodiscard]] Scheme scheme() const;
    [[nodiscard]] const Tokens &tokens() const { return tokensOf(scheme()); }

    /// Make all text so many times as large as the system's; 1.0 is the default.
    void setFontScale(qreal scale);
    /// A length of the drawings (made for 13 px text) at the current font size.
    [[nodiscard]] int px(qreal designPixels) const;
    /// The text of the window, a smaller one for second lines, a larger one for figures.
    [[nodiscard]] const QFont &textFont() const { return m_text; }
    [[nodiscard]] QFont smallFont() const;
    [[nodiscard]] QFont figureFont() const;
    [[nodiscard]] QFont monospaceFont() const;

Q_SIGNALS:
    /// Colours or fonts are different now; widgets that paint by hand repaint.
    void changed();

private:
    void apply();

    QApplication &m_application;
    std::unique_ptr<SystemScheme> m_system;
    SchemeChoice m_choice = SchemeChoice::FollowSystem;
    QFont m_base;
    QFont m_text;
};

} // namespace freshet::ui
