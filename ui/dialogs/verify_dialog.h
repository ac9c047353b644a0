// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/dataset_check.h"
#include "task_runner.h"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;

namespace freshet::ui {

class NoticeLine;
class Theme;

/// Reads a dataset again and says whether it is what the library says: progress while it reads,
/// then what was found. Not modal; closing it stops the reading.
class VerifyDialog : public QDialog
{
    Q_OBJECT
public:
    VerifyDialog(std::shared_ptr<store::Library> library, const store::DatasetRecord &record,
                 const Theme &theme, QWidget *parent);
    ~VerifyDialog() override;

    void start();

Q_SIGNALS:
    /// What was found stands in the dialog.
    void checked(bool isSound);

private:
    void showProgress(RowCount done, RowCount total);
    void showCheck(const Result<store::DatasetCheck> &check);

    std::shared_ptr<store::Library> m_library;
    std::string m_id;
    QString m_name;
    QProgressBar *m_progress;
    NoticeLine *m_outcome;
    QLabel *m_state;
    QPushButton *m_close;
    CancelToken m_cancel;
    TaskRunner m_runner;
};

} // namespace freshet::ui
