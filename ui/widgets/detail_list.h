// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/details_text.h"

#include <QWidget>

class QVBoxLayout;

namespace freshet::ui {

class Theme;

/// Parts of sentences and facts under their titles; all of it can be selected.
class DetailList : public QWidget
{
    Q_OBJECT
public:
    explicit DetailList(const Theme &theme, QWidget *parent = nullptr);

    void setSections(const std::vector<DetailSection> &sections);
    [[nodiscard]] const QString &plainText() const { return m_plainText; }

private:
    void addFacts(const std::vector<Fact> &facts);
    void addTitle(const QString &title);
    void addText(const QString &text);

    const Theme &m_theme;
    QVBoxLayout *m_outer;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_layout = nullptr; ///< of the content
    QString m_plainText;
};

} // namespace freshet::ui
