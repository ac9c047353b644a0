// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/request_secrets.h"

#include <QDialog>

class QFormLayout;
class QLineEdit;

namespace freshet::ui {

class Theme;

/// Asks for the secrets that going on needs and the library does not keep. They are shown as dots,
/// go into the one transfer and nowhere else.
class SecretsDialog : public QDialog
{
    Q_OBJECT
public:
    /// `word`: what will be done, as on a button.
    SecretsDialog(const QString &dataset, const QString &word,
                  const transfer::DownloadRequest &request, const Theme &theme, QWidget *parent);

    [[nodiscard]] transfer::RequestSecrets secrets() const;

private:
    void addTyped(QFormLayout *form, transfer::TypedSecret secret);
    void addSessionToken(QFormLayout *form);
    QLineEdit *addField(QFormLayout *form, const QString &label);

    transfer::MissingSecrets m_missing;
    transport::ByteRequest m_request; ///< as it is kept
    std::vector<QLineEdit *> m_headers;
    std::vector<QLineEdit *> m_parameters;
    std::vector<QLineEdit *> m_logins;
    QLineEdit *m_keyId = nullptr;
    QLineEdit *m_secretKey = nullptr;
    QLineEdit *m_sessionToken = nullptr; ///< the one that may stay empty
    QLineEdit *m_sshPassword = nullptr;
    QLineEdit *m_passphrase = nullptr;
    QLineEdit *m_databasePassword = nullptr;
};

} // namespace freshet::ui
