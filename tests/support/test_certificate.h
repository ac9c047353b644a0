// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace freshet::test {

/// A fresh self-signed certificate for 127.0.0.1 and localhost, as PEM files.
struct TestCertificate
{
    QString certificateFile;
    QString keyFile;

    /// Make one in `folder` with the openssl program; nothing if that fails.
    [[nodiscard]] static std::optional<TestCertificate> create(const QString &folder);
};

/// An authority of a test's own, whose certificate clients may trust.
class TestAuthority
{
public:
    /// Make one in `folder` with the openssl program; nothing if that fails.
    [[nodiscard]] static std::optional<TestAuthority> create(const QString &folder);
    /// PEM file of the authority itself.
    [[nodiscard]] const QString &certificateFile() const { return m_own.certificateFile; }
    /// A certificate for `names` ("IP:127.0.0.1,DNS:localhost") in the authority's folder, under
    /// the file name `name`.
    [[nodiscard]] std::optional<TestCertificate> issue(const QString &name,
                                                       const QString &names) const;

private:
    TestAuthority(QString folder, TestCertificate own);

    QString m_folder;
    TestCertificate m_own;
};

} // namespace freshet::test
