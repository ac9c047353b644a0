// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace freshet::ui {

class Theme;

/// A framed note at the right of the lab: a title, sentences, and under them what they rest on in
/// small print; other widgets may follow. Its tone is a property that the style sheet knows.
class LabCard : public QFrame
{
    Q_OBJECT
public:
    enum class Tone { Plain, Good, Warning };

    LabCard(Tone tone, const QString &title, const Theme &theme, QWidget *parent = nullptr);

    void addSentence(const QString &text);
    void addSmallPrint(const QString &text);
    void add(QWidget *widget);
    void add(QLayout *layout);
    void setTitle(const QString &title);
    /// Title and sentences as text, for copying and for tests.
    [[nodiscard]] QString text() const;

private:
    QLabel *addLabel(const QString &text);
    void updateFonts();

    const Theme &m_theme;
    QLabel *m_title;
    QList<QLabel *> m_smallPrint;
    QVBoxLayout *m_layout;
};

} // namespace freshet::ui
