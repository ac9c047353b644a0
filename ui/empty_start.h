// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace freshet::ui {

class Theme;

/// What is there before anything is: one sentence, things to try, recent sources.
class EmptyStart : public QWidget
{
    Q_OBJECT
public:
    EmptyStart(const Theme &theme, bool hasDemo, QWidget *parent = nullptr);

    void setRecentSources(const QStringList &sources);

Q_SIGNALS:
    void demoRequested();
    void openFileRequested();
    void newSourceRequested();
    void curlRequested();
    void sourceRequested(const QString &source);

private:
    QPushButton *addCard(QVBoxLayout *cards, const QString &icon, const QString &title,
                         const QString &explanation);
    void updateLooks();

    const Theme &m_theme;
    QLabel *m_sentence;
    QLabel *m_recentTitle;
    QVBoxLayout *m_recent;
    QList<QPushButton *> m_cards;
};

} // namespace freshet::ui
