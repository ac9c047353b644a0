// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

namespace freshet::ui {

/// Which events of a stream are rows, and what becomes of their data.
class EventsPage : public FormPage
{
    Q_OBJECT
public:
    explicit EventsPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Events"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;

private:
    QLineEdit *m_types;
    QAbstractButton *m_flatten;
};

} // namespace freshet::ui
