// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_plan.h"

#include <QWidget>

class QLabel;
class QListView;
class QPushButton;

namespace freshet::ui {

class Theme;
class VariantModel;

/// The left of the lab: the variants, under them the set-up in words and what can be done.
/// Threads: GUI thread only. Lifetime: the model outlives it.
class LabSide : public QWidget
{
    Q_OBJECT
public:
    enum class Stage { SettingUp, Running, Shown };

    LabSide(VariantModel &variants, const Theme &theme, QWidget *parent = nullptr);

    /// `plan`: null where what is chosen makes none. `tally`: of the runs; empty: there are none.
    void setStage(Stage stage, const lab::LabPlan *plan, const QString &tally);
    void setCurrent(int variant);

Q_SIGNALS:
    void currentChanged(int variant);
    void runClicked();
    void stopClicked();
    void changeClicked();

private:
    void updateFonts();

    const Theme &m_theme;
    VariantModel &m_variants;
    QListView *m_list;
    QLabel *m_heading;
    QLabel *m_setUp;
    QLabel *m_planTitle;
    QLabel *m_planDetails;
    QLabel *m_tally;
    QPushButton *m_run;
    QPushButton *m_stop;
    QPushButton *m_change;
};

} // namespace freshet::ui
