// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

class QDoubleSpinBox;

namespace freshet::ui {

/// An export that the server prepares: where the answers name the job, how it is and its files,
/// and how long it may take. What is empty is found by itself.
class JobPage : public FormPage
{
    Q_OBJECT
public:
    explicit JobPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Export job"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;

private:
    [[nodiscard]] transfer::ExportJobRule rule() const;
    [[nodiscard]] QDoubleSpinBox *seconds();

    QLineEdit *m_statusUrl;
    QLineEdit *m_state;
    QLineEdit *m_done;
    QLineEdit *m_failed;
    QLineEdit *m_progress;
    QLineEdit *m_results;
    QLineEdit *m_rows;
    QSpinBox *m_connections;
    QDoubleSpinBox *m_pollEvery;
    QDoubleSpinBox *m_patience;
};

} // namespace freshet::ui
