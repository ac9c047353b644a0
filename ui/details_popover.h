// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/details_text.h"

#include <QFrame>

class QVBoxLayout;

namespace freshet::ui {

class Theme;

/// Everything known of a dataset, part by part. Closes by itself; what it says can be selected and
/// copied.
class DetailsPopover : public QFrame
{
    Q_OBJECT
public:
    DetailsPopover(const std::vector<DetailSection> &sections, const Theme &theme, QWidget *parent);

    /// With its right edge under that of `button`; deletes itself when it closes.
    void showUnder(const QWidget *button);
    [[nodiscard]] const QString &plainText() const { return m_plainText; }

private:
    void addFacts(const std::vector<Fact> &facts);
    void addTitle(const QString &title);
    void addText(const QString &text);

    const Theme &m_theme;
    QVBoxLayout *m_layout;
    QString m_plainText;
};

} // namespace freshet::ui
