// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "source/form_page.h"

#include <string_view>

class QPushButton;

namespace freshet::ui {

class NoticeLine;
class RemoteFiles;

/// A file in a storage: where it is, what it holds, and who asks for it.
///
/// What is left empty is what this user has set up on this machine, which is looked up when the
/// request is made. Secrets are shown as dots and kept nowhere.
class StoragePage : public FormPage
{
    Q_OBJECT
public:
    enum class Storage { S3, Sftp };

    StoragePage(Storage storage, const Theme &theme);

    /// What its URLs begin with: `s3://`.
    [[nodiscard]] static std::string_view scheme(Storage storage);

    [[nodiscard]] QString name() const override { return tr("File"); }
    void load(const transfer::DownloadRequest &request) override;
    void store(transfer::DownloadRequest &request) const override;
    [[nodiscard]] Status validate() const override;
    [[nodiscard]] RemoteFiles &files() const { return *m_files; }
    /// Ask the storage what it has, or give that up while it is being asked.
    void list();

private:
    void addFiles();
    void addS3();
    void addSftp();
    [[nodiscard]] QLineEdit *secretEdit(const QString &placeholder);

    const Storage m_storage;
    transport::ByteRequest m_request; ///< as loaded
    QLineEdit *m_url;
    QPushButton *m_list;
    NoticeLine *m_notice;
    RemoteFiles *m_files;
    QComboBox *m_format;
    QLineEdit *m_endpoint = nullptr;
    QLineEdit *m_region = nullptr;
    QAbstractButton *m_isPathStyle = nullptr;
    QLineEdit *m_keyId = nullptr;
    QLineEdit *m_secretKey = nullptr;
    QLineEdit *m_token = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QLineEdit *m_keyFile = nullptr;
    QLineEdit *m_passphrase = nullptr;
    QLineEdit *m_knownHosts = nullptr;
};

} // namespace freshet::ui
