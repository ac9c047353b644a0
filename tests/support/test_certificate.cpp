// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/test_certificate.h"

#include "support/child_process.h"

namespace freshet::test {

namespace {

/// A key and a certificate for it at `made`; `more` says for whom, and who signs.
bool request(const TestCertificate &made, const QStringList &more)
{
    const auto ended = ChildProcess::run(
        QStringLiteral("openssl"),
        QStringList{QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                    QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                    QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
                    QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-keyout"),
                    made.keyFile, QStringLiteral("-out"), made.certificateFile} +
            more);
    if (ended.exitCode != 0)
        qWarning("openssl cannot make a certificate: %s", ended.output.constData());
    return ended.exitCode == 0;
}

} // namespace

std::optional<TestCertificate> TestCertificate::create(const QString &folder)
{
    TestCertificate made{folder + QStringLiteral("/certificate.pem"),
                         folder + QStringLiteral("/key.pem")};
    if (!request(made, {QStringLiteral("-subj"), QStringLiteral("/CN=localhost"),
                        QStringLiteral("-addext"),
                        QStringLiteral("subjectAltName=IP:127.0.0.1,DNS:localhost")}))
        return std::nullopt;
    return made;
}

TestAuthority::TestAuthority(QString folder, TestCertificate own)
    : m_folder(std::move(folder)), m_own(std::move(own))
{}

std::optional<TestAuthority> TestAuthority::create(const QString &folder)
{
    TestCertificate own{folder + QStringLiteral("/authority.pem"),
                        folder + QStringLiteral("/authority-key.pem")};
    if (!request(own, {QStringLiteral("-subj"), QStringLiteral("/CN=Test authority")}))
        return std::nullopt;
    return TestAuthority(folder, std::move(own));
}

std::optional<TestCertificate> TestAuthority::issue(const QString &name, const QString &names) const
{
    const QString base = m_folder + QStringLiteral("/") + name;
    TestCertificate made{base + QStringLiteral(".pem"), base + QStringLiteral("-key.pem")};
    const QString alternatives = QStringLiteral("subjectAltName=") + names;
    if (!request(made, {QStringLiteral("-subj"), QStringLiteral("/CN=Test server"),
                        QStringLiteral("-addext"), alternatives, QStringLiteral("-addext"),
                        QStringLiteral("basicConstraints=critical,CA:FALSE"), QStringLiteral("-CA"),
                        m_own.certificateFile, QStringLiteral("-CAkey"), m_own.keyFile}))
        return std::nullopt;
    return made;
}

} // namespace freshet::test
