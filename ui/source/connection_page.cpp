// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/connection_page.h"

#include <QComboBox>
#include <QLineEdit>

namespace freshet::ui {

using transport::HttpVersion;

ConnectionPage::ConnectionPage(const Theme &theme)
    : FormPage(theme),
      m_encoding(choice()),
      m_version(choice()),
      m_proxy(codeEdit(tr("none, or for example http://proxy:3128"))),
      m_caFile(codeEdit(tr("the system's")))
{
    m_encoding->setEditable(true);
    m_encoding->addItems({QString::fromStdString(transport::ByteRequest().acceptEncoding),
                          QStringLiteral("gzip"), QStringLiteral("zstd"),
                          QStringLiteral("identity")});
    m_version->addItem(tr("the best that both sides know"), static_cast<int>(HttpVersion::Auto));
    m_version->addItem(QStringLiteral("HTTP/1.1"), static_cast<int>(HttpVersion::Http1));
    m_version->addItem(QStringLiteral("HTTP/2"), static_cast<int>(HttpVersion::Http2));
    addField(tr("&Compression"), m_encoding);
    addHint(tr("What is asked for, the best first; identity for none."));
    addField(tr("&Version"), m_version);
    addField(tr("Pro&xy"), m_proxy);
    addField(tr("Ce&rtificates"), filePicker(m_caFile, tr("File of certificates to trust")));
    addHint(tr("A PEM file that is trusted in place of the system's certificates. The check itself "
               "cannot be switched off."));
    connect(m_encoding, &QComboBox::editTextChanged, this, &SourcePage::edited);
}

void ConnectionPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_encoding->setCurrentText(QString::fromStdString(request.bytes.acceptEncoding));
    chooseData(m_version, static_cast<int>(request.bytes.version));
    m_proxy->setText(QString::fromStdString(request.bytes.proxy));
    m_caFile->setText(QString::fromStdString(request.bytes.caFile));
}

void ConnectionPage::store(transfer::DownloadRequest &request) const
{
    request.bytes.acceptEncoding = m_encoding->currentText().trimmed().toStdString();
    request.bytes.version = static_cast<HttpVersion>(m_version->currentData().toInt());
    request.bytes.proxy = m_proxy->text().trimmed().toStdString();
    request.bytes.caFile = m_caFile->text().trimmed().toStdString();
}

} // namespace freshet::ui
