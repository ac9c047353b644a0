// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transfer/url_login.h"

#include <QLineEdit>
#include <QWidget>

class QComboBox;
class QPushButton;

namespace freshet::ui {

class Theme;

/// A line for URLs that takes a pasted curl command whole, with its line breaks.
class UrlField : public QLineEdit
{
    Q_OBJECT
public:
    using QLineEdit::QLineEdit;

    /// Take the clipboard as a paste does.
    void pasteClipboard();

Q_SIGNALS:
    void curlPasted(const QString &command);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
};

/// The bar that says what to fetch: format, URL, headers, options, and the one primary button,
/// which gets, or cancels while the dataset in front is being downloaded.
class RequestBar : public QWidget
{
    Q_OBJECT
public:
    explicit RequestBar(const Theme &theme, QWidget *parent = nullptr);

    /// What the bar asks for now.
    [[nodiscard]] transfer::DownloadRequest request() const;
    void setRequest(const transfer::DownloadRequest &request);
    void setUrl(const QString &url);
    /// Fill everything from a curl command; `failed` says why not.
    void takeCurl(const QString &command);
    void setRunning(bool isRunning);
    void focusUrl();
    void get();

Q_SIGNALS:
    void getRequested(const freshet::transfer::DownloadRequest &request);
    void cancelRequested();
    /// Everything that the request can say is to be shown.
    void sourceRequested();
    void failed(const freshet::Error &error, const QString &source);

private:
    void hideLogin();
    bool takesLoginBack();
    void editHeaders();
    void updateButtons();
    void updateFonts();

    const Theme &m_theme;
    transfer::DownloadRequest m_request;
    std::optional<transfer::UrlLogin> m_login; ///< that stood in an address, for its origin only
    QComboBox *m_format;
    UrlField *m_url;
    QPushButton *m_headers;
    QPushButton *m_options;
    QPushButton *m_get;
    bool m_isRunning = false;
};

} // namespace freshet::ui
