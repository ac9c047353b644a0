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
    /// What a source can do besides what all can.
    enum class Offers {
        Nothing,   ///< it is read, and nothing more
        Repeating, ///< a request that may do harm when it is sent twice
        News,      ///< that, and it can be asked for what is new
    };

    CoursePage(Offers offered, const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Going on"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;

private:
    void addSafety();
    void addSince();

    const Offers m_offered;
    QSpinBox *m_limit;
    QSpinBox *m_ring;
    QComboBox *m_onBadRow;
    QSpinBox *m_maxBadRows;
    QSpinBox *m_retries;
    QAbstractButton *m_isSafe = nullptr;
    QLineEdit *m_since = nullptr;
};

} // namespace freshet::ui
