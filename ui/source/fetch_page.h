// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

class QDoubleSpinBox;

namespace freshet::ui {

/// How the rows of a PostgreSQL query come, and how long it may take.
class FetchPage : public FormPage
{
    Q_OBJECT
public:
    explicit FetchPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Fetching"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;

private:
    void updateMeaning();

    QComboBox *m_via;
    QLabel *m_meaning;
    QSpinBox *m_batchRows;
    QDoubleSpinBox *m_timeout;
    QLineEdit *m_caFile;
};

} // namespace freshet::ui
