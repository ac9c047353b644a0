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

/// What became of a download: badge, one sentence of evidence and, where the dataset is not whole,
/// a second one that says what Resume would do; Resume, Get anew, Details, Export.
class VerdictLine : public QWidget
{
    Q_OBJECT
public:
    explicit VerdictLine(const Theme &theme, QWidget *parent = nullptr);

    /// `isQueued`: the dataset waits for its turn to go on.
    void setRecord(const store::DatasetRecord &record, bool isQueued);
    /// Open everything that is known of the dataset as a popover under the line.
    void showDetails();

Q_SIGNALS:
    void exportRequested();
    void resumeRequested();
    void anewRequested();
    void dequeueRequested();

private:
    void updateFonts();

    const Theme &m_theme;
    store::DatasetRecord m_record;
    Badge *m_badge;
    ElidedLabel *m_sentence;
    ElidedLabel *m_plan;
    QPushButton *m_resume;
    QPushButton *m_anew; ///< where a resume may not be enough
    QPushButton *m_dequeue;
    QPushButton *m_details;
    QPushButton *m_export;
};

} // namespace freshet::ui
