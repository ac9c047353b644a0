// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/test_certificate.h"

#include "support/child_process.h"

namespace freshet::test {

std::optional<TestCertificate> TestCertificate::create(const QString &folder)
{
    TestCertificate made{folder + QStringLiteral("/certificate.pem"),
                         folder + QStringLiteral("/key.pem")};
    const auto ended = ChildProcess::run(
        QStringLiteral("openssl"),
        {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
         QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
         QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
         QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
         QStringLiteral("/CN=localhost"), QStringLiteral("-addext"),
         QStringLiteral("subjectAltName=IP:127.0.0.1,DNS:localhost"), QStringLiteral("-keyout"),
         made.keyFile, QStringLiteral("-out"), made.certificateFile});
    if (ended.exitCode != 0) {
        qWarning("openssl cannot make a certificate: %s", ended.output.constData());
        return std::nullopt;
    }
    return made;
}

} // namespace freshet::test
