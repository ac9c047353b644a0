// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/storage_page.h"

#include "source/file_formats.h"
#include "source/remote_files.h"
#include "source/request_page.h"
#include "text/error_text.h"
#include "theme/theme.h"
#include "widgets/notice_line.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <utility>

namespace freshet::ui {

namespace {

QString shown(const std::string &text)
{
    return QString::fromStdString(text);
}

std::string entered(const QLineEdit *field)
{
    return field->text().trimmed().toStdString();
}

} // namespace

StoragePage::StoragePage(Storage storage, const Theme &theme)
    : FormPage(theme),
      m_storage(storage),
      m_url(codeEdit(storage == Storage::S3
                         ? QStringLiteral("s3://bucket/exports/orders.ndjson.gz")
                         : QStringLiteral("sftp://user@files.example.com/exports/orders.csv"))),
      m_list(new QPushButton),
      m_notice(new NoticeLine(theme)),
      m_files(new RemoteFiles(theme)),
      m_format(choice())
{
    addFiles();
    m_format->setObjectName(QStringLiteral("fileFormat"));
    addFileFormats(m_format);
    addField(tr("&Format"), m_format);
    if (storage == Storage::S3)
        addS3();
    else
        addSftp();
}

void StoragePage::addFiles()
{
    m_url->setObjectName(QStringLiteral("sourceUrl"));
    m_list->setObjectName(QStringLiteral("listFiles"));
    m_list->setAutoDefault(false);
    m_list->setText(tr("&List"));
    auto *both = new QWidget;
    auto *line = new QHBoxLayout(both);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(theme().px(8));
    line->addWidget(m_url, 1);
    line->addWidget(m_list);
    both->setFocusProxy(m_url);
    setFocusProxy(m_url);
    addField(tr("&URL"), both);
    m_url->setAccessibleName(both->accessibleName());
    m_notice->hide();
    addWide(tr("What the storage said"), m_notice);
    addWide(tr("Files of the storage"), m_files);
    connect(m_list, &QPushButton::clicked, this, &StoragePage::list);
    connect(m_url, &QLineEdit::returnPressed, this, &StoragePage::list);
    connect(m_files, &RemoteFiles::changed, this, [this] {
        // The words change; the button stays where it is.
        m_list->setText(m_files->isAsking() ? tr("Stop") : tr("&List"));
    });
    connect(m_files, &RemoteFiles::picked, this, [this](const QString &url) {
        m_url->setText(url);
        Q_EMIT edited();
    });
    connect(m_files, &RemoteFiles::failed, this, [this](const Error &error) {
        m_notice->say(Mark::Failed, errorText(error, m_url->text().trimmed()).toPlainText());
        m_notice->show();
    });
}

void StoragePage::list()
{
    if (m_files->isAsking()) {
        m_files->stop();
        return;
    }
    m_notice->hide();
    if (const auto storage = validate(); !storage) {
        m_notice->say(Mark::Incomplete, errorText(storage.error()).toPlainText());
        m_notice->show();
        return;
    }
    transfer::DownloadRequest request;
    request.bytes = m_request;
    store(request);
    m_files->list(std::move(request.bytes));
}

std::string_view StoragePage::scheme(Storage storage)
{
    return storage == Storage::S3 ? "s3://" : "sftp://";
}

QLineEdit *StoragePage::secretEdit(const QString &placeholder)
{
    QLineEdit *field = lineEdit(placeholder);
    field->setEchoMode(QLineEdit::Password);
    return field;
}

void StoragePage::addS3()
{
    m_endpoint = codeEdit(tr("Amazon’s, or for example https://storage.example.com:9000"));
    m_endpoint->setObjectName(QStringLiteral("s3Endpoint"));
    m_region = codeEdit(shown(transport::S3Access().region));
    m_isPathStyle = check(tr("The bucket is in the path: endpoint/bucket/key"));
    m_keyId = codeEdit(tr("as AWS_ACCESS_KEY_ID or ~/.aws say; without any, anonymous"));
    m_keyId->setObjectName(QStringLiteral("s3AccessKey"));
    m_secretKey = secretEdit({});
    m_secretKey->setObjectName(QStringLiteral("s3SecretKey"));
    m_token = secretEdit(tr("only with temporary keys"));
    m_token->setObjectName(QStringLiteral("s3SessionToken"));
    addSection(tr("Storage"));
    addField(tr("&Endpoint"), m_endpoint);
    addField(tr("&Region"), m_region);
    addField(QString(), m_isPathStyle);
    m_isPathStyle->setAccessibleName(m_isPathStyle->text());
    addSection(tr("Who asks"));
    addField(tr("Access &key"), m_keyId);
    addField(tr("&Secret key"), m_secretKey);
    addField(tr("Session &token"), m_token);
    addHint(tr("Keys sign the requests and are kept nowhere: not in the library, not in a "
               "recipe."));
}

void StoragePage::addSftp()
{
    m_user = codeEdit(tr("as the URL says, or your name on this machine"));
    m_keyFile = codeEdit(tr("the agent’s, or the first key of ~/.ssh"));
    m_passphrase = secretEdit(tr("none"));
    m_passphrase->setObjectName(QStringLiteral("sshPassphrase"));
    m_password = secretEdit(tr("not tried"));
    m_password->setObjectName(QStringLiteral("sshPassword"));
    m_knownHosts = codeEdit(QStringLiteral("~/.ssh/known_hosts"));
    m_knownHosts->setObjectName(QStringLiteral("knownHosts"));
    addSection(tr("Who asks"));
    addField(tr("U&ser"), m_user);
    addField(tr("&Key file"), filePicker(m_keyFile, tr("Private key")));
    addField(tr("Pass&phrase"), m_passphrase);
    addField(tr("Pass&word"), m_password);
    addHint(tr("Passphrase and password are kept nowhere: not in the library, not in a recipe."));
    addSection(tr("Who answers"));
    addField(tr("Known &hosts"), filePicker(m_knownHosts, tr("Known hosts")));
    addHint(tr("A server that is not in this file, or with another key, is refused. Connect once "
               "with ssh to add it."));
}

void StoragePage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    m_request = request.bytes;
    m_url->setText(shown(request.bytes.url));
    m_url->setCursorPosition(0);
    chooseData(m_format, static_cast<int>(request.decode.format));
    if (m_storage == Storage::S3) {
        const transport::S3Access &access = request.bytes.s3;
        m_endpoint->setText(shown(access.endpoint));
        m_region->setText(access.region == transport::S3Access().region ? QString()
                                                                        : shown(access.region));
        m_isPathStyle->setChecked(access.isPathStyle);
        m_keyId->setText(shown(access.accessKeyId));
        m_secretKey->setText(shown(access.secretAccessKey));
        m_token->setText(shown(access.sessionToken));
        return;
    }
    const transport::SshAccess &access = request.bytes.ssh;
    m_user->setText(shown(access.user));
    m_password->setText(shown(access.password));
    m_keyFile->setText(shown(access.privateKeyFile));
    m_passphrase->setText(shown(access.passphrase));
    m_knownHosts->setText(shown(access.knownHostsFile));
}

void StoragePage::store(transfer::DownloadRequest &request) const
{
    request.bytes.url = entered(m_url);
    request.decode.format = static_cast<decode::Format>(m_format->currentData().toInt());
    if (m_storage == Storage::S3) {
        transport::S3Access &access = request.bytes.s3;
        access.endpoint = entered(m_endpoint);
        access.region = entered(m_region);
        if (access.region.empty())
            access.region = transport::S3Access().region;
        access.isPathStyle = m_isPathStyle->isChecked();
        access.accessKeyId = entered(m_keyId);
        access.secretAccessKey = entered(m_secretKey);
        access.sessionToken = entered(m_token);
        return;
    }
    transport::SshAccess &access = request.bytes.ssh;
    access.user = entered(m_user);
    access.password = m_password->text().toStdString();
    access.privateKeyFile = entered(m_keyFile);
    access.passphrase = m_passphrase->text().toStdString();
    access.knownHostsFile = entered(m_knownHosts);
}

Status StoragePage::validate() const
{
    FRESHET_TRY(checkUrl(m_url->text()));
    const bool isS3 = m_storage == Storage::S3;
    if (entered(m_url) == scheme(m_storage))
        return fail(ErrorCode::UrlInvalid, isS3 ? "the URL names no bucket: s3://bucket/key"
                                                : "the URL names no server: sftp://server/path");
    if (!entered(m_url).starts_with(scheme(m_storage)))
        return fail(ErrorCode::UrlInvalid,
                    isS3 ? "the URL of an object begins with s3://"
                         : "the URL of a file on an SSH server begins with sftp://");
    if (isS3 && entered(m_keyId).empty() != entered(m_secretKey).empty())
        return fail(ErrorCode::InvalidArgument, "an access key goes with its secret key");
    return {};
}

} // namespace freshet::ui
