// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/secrets_dialog.h"

#include "theme/theme.h"
#include "transfer/url_login.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace freshet::ui {

namespace {

bool isAuthorization(const std::string &name)
{
    return QString::fromStdString(name).compare(u"Authorization", Qt::CaseInsensitive) == 0;
}

} // namespace

SecretsDialog::SecretsDialog(const QString &dataset, const QString &word,
                             const transfer::DownloadRequest &request, const Theme &theme,
                             QWidget *parent)
    : QDialog(parent), m_missing(transfer::missingSecrets(request)), m_request(request.bytes)
{
    setObjectName(QStringLiteral("secretsDialog"));
    setWindowTitle(tr("%1: %2").arg(dataset, word));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *why = new QLabel(tr("The request held secrets, which the library does not keep. They are "
                              "used for this download and forgotten with it."));
    why->setWordWrap(true);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme.px(14));
    form->setVerticalSpacing(theme.px(8));
    for (const auto &name : m_missing.headers) {
        m_headers.push_back(addField(form, tr("Header %1").arg(QString::fromStdString(name))));
        if (isAuthorization(name))
            m_headers.back()->setPlaceholderText(tr("Bearer …, or user:password"));
    }
    for (const auto &name : m_missing.parameters)
        m_parameters.push_back(
            addField(form, tr("%1 in the URL").arg(QString::fromStdString(name))));
    for (const auto &origin : m_missing.logins) {
        m_logins.push_back(addField(form, tr("Login at %1").arg(QString::fromStdString(origin))));
        m_logins.back()->setPlaceholderText(tr("user:password"));
    }
    for (const auto secret : m_missing.typed)
        addTyped(form, secret);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto *resume = buttons->button(QDialogButtonBox::Ok);
    resume->setObjectName(QStringLiteral("resumeWithSecrets"));
    resume->setText(word);
    resume->setProperty("primary", true);
    resume->setEnabled(false);
    for (auto *field : findChildren<QLineEdit *>()) {
        connect(field, &QLineEdit::textChanged, this, [this, resume] {
            const auto fields = findChildren<QLineEdit *>();
            resume->setEnabled(std::none_of(fields.begin(), fields.end(), [this](QLineEdit *one) {
                return one != m_sessionToken && one->text().isEmpty();
            }));
        });
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    layout->setSpacing(theme.px(14));
    layout->addWidget(why);
    layout->addLayout(form);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setMinimumWidth(theme.px(440));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void SecretsDialog::addTyped(QFormLayout *form, transfer::TypedSecret secret)
{
    using transfer::TypedSecret;
    switch (secret) {
    case TypedSecret::S3Keys:
        m_keyId = addField(form, tr("S3 access key"));
        m_keyId->setEchoMode(QLineEdit::Normal); // says who asks, and proves nothing
        m_secretKey = addField(form, tr("S3 secret key"));
        addSessionToken(form);
        break;
    case TypedSecret::S3SessionToken:
        addSessionToken(form);
        break;
    case TypedSecret::SshPassword:
        m_sshPassword = addField(form, tr("Password of the SSH server"));
        break;
    case TypedSecret::SshPassphrase:
        m_passphrase = addField(form, tr("Passphrase of the SSH key"));
        break;
    case TypedSecret::DatabasePassword:
        m_databasePassword = addField(form, tr("Password of the database"));
        break;
    }
}

/// Whether the keys of today have one nobody knows but who asks.
void SecretsDialog::addSessionToken(QFormLayout *form)
{
    if (m_sessionToken != nullptr)
        return;
    m_sessionToken = addField(form, tr("S3 session token"));
    m_sessionToken->setPlaceholderText(tr("temporary keys have one"));
}

QLineEdit *SecretsDialog::addField(QFormLayout *form, const QString &label)
{
    // Parented at once, so that the dialog finds its fields before it has a layout.
    auto *field = new QLineEdit(this);
    field->setEchoMode(QLineEdit::Password);
    field->setAccessibleName(label);
    form->addRow(label, field);
    return field;
}

transfer::RequestSecrets SecretsDialog::secrets() const
{
    transfer::RequestSecrets secrets;
    for (std::size_t i = 0; i < m_headers.size(); ++i) {
        const std::string &name = m_missing.headers[i];
        const std::string typed = m_headers[i]->text().toStdString();
        secrets.headers.push_back(
            {name, isAuthorization(name) ? transfer::authorizationFor(typed) : typed});
    }
    for (std::size_t i = 0; i < m_logins.size(); ++i) {
        auto login = transfer::forgottenLogin(m_missing.logins[i]);
        login.header.value = transfer::authorizationFor(m_logins[i]->text().toStdString());
        secrets.logins.push_back(std::move(login));
    }
    if (!m_parameters.empty()) {
        std::vector<std::string> values;
        for (const QLineEdit *field : m_parameters)
            values.push_back(field->text().toStdString());
        secrets.url = transfer::withParameters(m_request.url, values);
    }
    const auto fill = [](std::string &secret, const QLineEdit *field) {
        if (field != nullptr)
            secret = field->text().toStdString();
    };
    if (m_secretKey != nullptr || m_sessionToken != nullptr) {
        secrets.s3 = m_request.s3;
        fill(secrets.s3->accessKeyId, m_keyId);
        fill(secrets.s3->secretAccessKey, m_secretKey);
        fill(secrets.s3->sessionToken, m_sessionToken);
    }
    if (m_sshPassword != nullptr || m_passphrase != nullptr) {
        secrets.ssh = m_request.ssh;
        fill(secrets.ssh->password, m_sshPassword);
        fill(secrets.ssh->passphrase, m_passphrase);
    }
    fill(secrets.databasePassword, m_databasePassword);
    return secrets;
}

} // namespace freshet::ui
