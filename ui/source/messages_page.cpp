// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/messages_page.h"

#include "source/header_table.h"
#include "source/request_page.h"
#include "transport/web_socket_transport.h"

#include <QLineEdit>
#include <QPlainTextEdit>

namespace freshet::ui {

MessagesPage::MessagesPage(const Theme &theme)
    : FormPage(theme),
      m_url(codeEdit(QStringLiteral("wss://api.example.com/feed"))),
      m_opening(textEdit(QStringLiteral("{\"type\": \"fetch-all\"}"), 2)),
      m_resume(textEdit(QStringLiteral("{\"type\": \"resume\", \"after\": \"${last.id}\"}"), 2)),
      m_headers(new HeaderTable(theme))
{
    m_url->setObjectName(QStringLiteral("sourceUrl"));
    m_opening->setObjectName(QStringLiteral("openingMessage"));
    m_resume->setObjectName(QStringLiteral("resumeMessage"));
    setFocusProxy(m_url);
    addField(tr("&URL"), m_url);
    addField(tr("&Opening message"), m_opening);
    addHint(
        tr("Sent once the connection stands; nothing if empty. Messages that come are rows, arrays "
           "of rows, or envelopes with a list of them."));
    addField(tr("&Resume message"), m_resume);
    addHint(
        tr("Sent in its place after an interruption. ${last.COLUMN} is of the last row. If empty, "
           "a lost stream does not go on."));
    addField(tr("&Headers"), m_headers);
    connect(m_headers, &HeaderTable::edited, this, &SourcePage::edited);
    connect(m_url, &QLineEdit::editingFinished, this, [this] { hideUrlLogin(*m_url, *m_headers); });
}

void MessagesPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_url->setText(QString::fromStdString(request.bytes.url));
    m_url->setCursorPosition(0);
    m_opening->setPlainText(QString::fromStdString(request.bytes.body));
    m_resume->setPlainText(QString::fromStdString(request.webSocket.resumeMessage));
    m_headers->setHeaders(request.bytes.headers, request.missingSecrets);
}

void MessagesPage::store(transfer::DownloadRequest &request) const
{
    request.bytes.url = m_url->text().trimmed().toStdString();
    request.bytes.body = m_opening->toPlainText().toStdString();
    request.webSocket.resumeMessage = m_resume->toPlainText().toStdString();
    request.bytes.headers = m_headers->headers();
}

Status MessagesPage::validate() const
{
    FRESHET_TRY(checkUrl(m_url->text()));
    if (!transport::isWebSocketUrl(m_url->text().trimmed().toStdString()))
        return fail(ErrorCode::UrlInvalid, "the URL of a WebSocket begins with ws:// or wss://");
    return {};
}

} // namespace freshet::ui
