// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

namespace freshet::ui {

/// How much is wanted, what is done about bad rows and lost connections, and how to ask for what is
/// new.
class CoursePage : public FormPage
{
    Q_OBJECT
public:
    explicit CoursePage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Going on"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;

private:
    QSpinBox *m_limit;
    QSpinBox *m_ring;
    QComboBox *m_onBadRow;
    QSpinBox *m_maxBadRows;
    QSpinBox *m_retries;
    QAbstractButton *m_isSafe;
    QLineEdit *m_since;
};

} // namespace freshet::ui
