// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

namespace freshet::ui {

class HeaderTable;

/// What is sent over HTTP: method, URL, headers and body.
class RequestPage : public FormPage
{
    Q_OBJECT
public:
    explicit RequestPage(const Theme &theme);

    [[nodiscard]] QString name() const override { return tr("Request"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    QComboBox *m_method;
    QLineEdit *m_url;
    HeaderTable *m_headers;
    QPlainTextEdit *m_body;
};

/// Errors: UrlInvalid, in words for a person who has not entered a URL yet.
[[nodiscard]] Status checkUrl(const QString &url);
/// A user name and a password in the address become a header field, where they are shown as dots.
void hideUrlLogin(QLineEdit &url, HeaderTable &headers);

} // namespace freshet::ui
