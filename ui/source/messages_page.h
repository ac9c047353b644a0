// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

namespace freshet::ui {

class HeaderTable;

/// A WebSocket: where it is, what opens the talk, and what takes it up again.
class MessagesPage : public FormPage
{
    Q_OBJECT
public:
    explicit MessagesPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Messages"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;

private:
    QLineEdit *m_url;
    QPlainTextEdit *m_opening;
    QPlainTextEdit *m_resume;
    HeaderTable *m_headers;
};

} // namespace freshet::ui
