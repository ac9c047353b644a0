// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QWidget>

namespace freshet::ui {

class Theme;

/// One bar: how long a phase of a download took.
struct Phase
{
    enum class Tone { Calm, Wait, Receive, HeldBack };

    QString name;
    double seconds = 0;
    QString figure; ///< behind the bar: "7.4 ms"
    Tone tone = Tone::Calm;

    bool operator==(const Phase &) const = default;
};

/// The phases of a download as bars of one scale, each with its name before it and its figure
/// behind it. A phase that took any time at all has a bar that can be seen.
class PhaseBars : public QWidget
{
    Q_OBJECT
public:
    explicit PhaseBars(const Theme &theme, QWidget *parent = nullptr);

    void setPhases(QList<Phase> phases);
    [[nodiscard]] const QList<Phase> &phases() const { return m_phases; }
    [[nodiscard]] QSize sizeHint() const override;
    /// Room for the names and figures; bars make do with what is left.
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QColor colorOf(Phase::Tone tone) const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int nameWidth() const;

    const Theme &m_theme;
    QList<Phase> m_phases;
};

} // namespace freshet::ui
