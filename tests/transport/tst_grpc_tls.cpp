// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/grpc_server.h"
#include "support/nginx_server.h"
#include "support/test_certificate.h"
#include "transport/collecting_sink.h"

#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A users.ListUsersRequest { rows: 100 } in a frame.
const std::string kHundredUsers = std::string("\0\0\0\0\x02\x20\x64", 7);

} // namespace

/// grpcs:// against a server whose certificate an authority has signed: nginx before the demo
/// server.
class TestGrpcTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void trustsWhatTheAuthoritySigned_data();
    void trustsWhatTheAuthoritySigned();

private:
    [[nodiscard]] bool start(NginxServer &nginx, const QString &name, const QString &names) const;

    QTemporaryDir m_folder;
    QTemporaryDir m_otherFolder;
    std::optional<TestAuthority> m_authority;
    std::optional<TestAuthority> m_other;
    std::unique_ptr<demo::GrpcServer> m_server;
    NginxServer m_here;
    NginxServer m_elsewhere;
};

bool TestGrpcTls::start(NginxServer &nginx, const QString &name, const QString &names) const
{
    const auto certificate = m_authority->issue(name, names);
    return certificate &&
           nginx.start({.folder = m_folder.path(),
                        .extraServer = u"ssl_certificate %1; ssl_certificate_key %2;"
                                       " location / { grpc_pass grpc://127.0.0.1:%3; }"_s
                                           .arg(certificate->certificateFile, certificate->keyFile)
                                           .arg(m_server->port())});
}

void TestGrpcTls::initTestCase()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    auto server = demo::GrpcServer::start();
    QVERIFY(server);
    m_server = std::move(*server);
    m_authority = TestAuthority::create(m_folder.path());
    m_other = TestAuthority::create(m_otherFolder.path());
    QVERIFY(m_authority && m_other);
    QVERIFY(start(m_here, u"here"_s, u"IP:127.0.0.1,DNS:localhost"_s));
    QVERIFY(start(m_elsewhere, u"elsewhere"_s, u"DNS:elsewhere.test"_s));
}

void TestGrpcTls::trustsWhatTheAuthoritySigned_data()
{
    QTest::addColumn<bool>("isElsewhere"); // the certificate is another host's
    QTest::addColumn<QString>("caFile");
    QTest::addColumn<std::string>("outcome");
    QTest::newRow("the server's own, of a trusted authority")
        << false << m_authority->certificateFile() << std::string("FramingComplete");
    QTest::newRow("another host's, of a trusted authority")
        << true << m_authority->certificateFile() << std::string("TlsFailed");
    QTest::newRow("of an authority that is not the trusted one")
        << false << m_other->certificateFile() << std::string("TlsFailed");
    QTest::newRow("of an authority that the system does not know")
        << false << QString() << std::string("TlsFailed");
}

void TestGrpcTls::trustsWhatTheAuthoritySigned()
{
    QFETCH(const bool, isElsewhere);
    QFETCH(const QString, caFile);
    QFETCH(const std::string, outcome);
    const NginxServer &nginx = isElsewhere ? m_elsewhere : m_here;
    ByteRequest request;
    request.url = "grpcs://127.0.0.1:" + std::to_string(nginx.port(NginxServer::Scheme::Http2)) +
                  "/users.UserService/StreamUsers";
    request.method = "POST";
    request.body = kHundredUsers;
    request.caFile = caFile.toStdString();
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == outcome, fetched.error().c_str());
    const bool isGood = outcome == "FramingComplete";
    QCOMPARE(fetched.sink.text.empty(), !isGood);
    if (isGood)
        QVERIFY(fetched.sink.text.ends_with("grpc-status: 0\r\n"));
    else
        QVERIFY2(fetched.error().find("certificate") != std::string::npos, fetched.error().c_str());
}

QTEST_GUILESS_MAIN(TestGrpcTls)
#include "tst_grpc_tls.moc"
