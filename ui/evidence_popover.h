// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"

#include <QFrame>

class QVBoxLayout;

namespace freshet::ui {

class Theme;

/// Everything known of a dataset: all evidence, facts of its download, columns that changed their
/// type, notes of the decoder. Closes by itself; what it says can be selected and copied.
class EvidencePopover : public QFrame
{
    Q_OBJECT
public:
    EvidencePopover(const store::DatasetRecord &record, const Theme &theme, QWidget *parent);

    /// With its right edge under that of `button`; deletes itself when it closes.
    void showUnder(const QWidget *button);
    [[nodiscard]] const QString &plainText() const { return m_plainText; }

private:
    void addList(const QString &title, const QStringList &sentences);
    void addFacts(const store::DatasetRecord &record);
    void addTitle(const QString &title);
    void addText(const QString &text);

    const Theme &m_theme;
    QVBoxLayout *m_layout;
    QString m_plainText;
};

} // namespace freshet::ui
