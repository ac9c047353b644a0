// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

namespace freshet::ui {

/// How the bytes travel: compression, version of HTTP, proxy, certificates.
class ConnectionPage : public FormPage
{
    Q_OBJECT
public:
    explicit ConnectionPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Connection"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;

private:
    QComboBox *m_encoding;
    QComboBox *m_version;
    QLineEdit *m_proxy;
    QLineEdit *m_caFile;
};

} // namespace freshet::ui
