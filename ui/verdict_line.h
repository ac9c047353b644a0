// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"

#include <QWidget>

class QPushButton;

namespace freshet::ui {

class Badge;
class ElidedLabel;
class Theme;

/// What became of a download, in one line: badge, one sentence of evidence, Details, Export.
class VerdictLine : public QWidget
{
    Q_OBJECT
public:
    explicit VerdictLine(const Theme &theme, QWidget *parent = nullptr);

    void setRecord(const store::DatasetRecord &record);
    /// Open everything that is known of the dataset as a popover under the line.
    void showDetails();

Q_SIGNALS:
    void exportRequested();

private:
    const Theme &m_theme;
    store::DatasetRecord m_record;
    Badge *m_badge;
    ElidedLabel *m_sentence;
    QPushButton *m_details;
    QPushButton *m_export;
};

} // namespace freshet::ui
