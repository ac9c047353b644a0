// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <string>
#include <utility>
#include <vector>

class QCheckBox;
class QLabel;

namespace freshet::ui {

class FlowLayout;
class Theme;

/// One respect in which variants may differ: its name, a line that explains it, and what can be
/// chosen, side by side.
/// Threads: GUI thread only.
class ChoiceRow : public QWidget
{
    Q_OBJECT
public:
    struct Choice
    {
        QString text;
        std::string name; ///< what `chosen` says
        QString toolTip;
    };

    ChoiceRow(const QString &title, const QString &hint, const Theme &theme,
              QWidget *parent = nullptr);

    /// Boxes to tick, in place of those before, none of them ticked. Each is called KIND-NAME.
    void setChoices(const QString &kind, const QList<Choice> &choices);
    void addField(QWidget *field);
    void setHint(const QString &hint);
    /// Names of those that are ticked, in their order.
    [[nodiscard]] std::vector<std::string> chosen() const;

Q_SIGNALS:
    void changed();

private:
    void updateFonts();

    const Theme &m_theme;
    QLabel *m_title;
    QLabel *m_hint;
    FlowLayout *m_row;
    std::vector<std::pair<QCheckBox *, std::string>> m_boxes;
};

} // namespace freshet::ui
