// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/request_page.h"

#include "source/header_table.h"
#include "theme/theme.h"
#include "transfer/url_login.h"

#include <QComboBox>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace freshet::ui {

RequestPage::RequestPage(const Theme &theme)
    : FormPage(theme),
      m_method(choice()),
      m_url(codeEdit(QStringLiteral("https://api.example.com/v1/orders"))),
      m_headers(new HeaderTable(theme)),
      m_body(textEdit(tr("Sent as it stands here"), 5))
{
    m_method->setEditable(true);
    m_method->addItems({QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"),
                        QStringLiteral("PATCH"), QStringLiteral("QUERY")});
    m_method->setAccessibleName(tr("Method"));
    m_url->setObjectName(QStringLiteral("sourceUrl"));
    m_url->setAccessibleName(tr("URL"));
    m_body->setObjectName(QStringLiteral("sourceBody"));
    auto *line = new QHBoxLayout;
    line->setSpacing(theme.px(8));
    line->addWidget(m_method);
    line->addWidget(m_url, 1);
    addLayout(tr("URL"), line);
    addField(tr("&Headers"), m_headers);
    addHint(tr("Values that are secret are shown as dots and kept nowhere: not in the library, not "
               "in a recipe."));
    addField(tr("&Body"), m_body);
    connect(m_method, &QComboBox::editTextChanged, this, &SourcePage::edited);
    connect(m_headers, &HeaderTable::edited, this, &SourcePage::edited);
    connect(m_url, &QLineEdit::editingFinished, this, [this] { hideUrlLogin(*m_url, *m_headers); });
}

void RequestPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_method->setCurrentText(QString::fromStdString(request.bytes.method));
    m_url->setText(QString::fromStdString(request.bytes.url));
    m_url->setCursorPosition(0);
    m_headers->setHeaders(request.bytes.headers, request.missingSecrets);
    m_body->setPlainText(QString::fromStdString(request.bytes.body));
}

void RequestPage::store(transfer::DownloadRequest &request) const
{
    request.bytes.method = m_method->currentText().trimmed().toUpper().toStdString();
    request.bytes.url = m_url->text().trimmed().toStdString();
    request.bytes.headers = m_headers->headers();
    request.bytes.body = m_body->toPlainText().toStdString();
}

Status RequestPage::validate() const
{
    return checkUrl(m_url->text());
}

/// Whoever is sent here wants the URL. As a focus proxy it would have Tab pass by the method.
void RequestPage::focusInEvent(QFocusEvent *event)
{
    m_url->setFocus(event->reason());
}

void hideUrlLogin(QLineEdit &url, HeaderTable &headers)
{
    transfer::DownloadRequest request;
    request.bytes.url = url.text().trimmed().toStdString();
    if (const auto login = transfer::takeUrlLogin(request)) {
        url.setText(QString::fromStdString(request.bytes.url));
        headers.put(login->header);
    }
}

Status checkUrl(const QString &url)
{
    if (url.trimmed().isEmpty())
        return fail(ErrorCode::UrlInvalid, "the URL is empty");
    return {};
}

} // namespace freshet::ui
