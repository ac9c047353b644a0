// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_fixture.h"

#include "support/postgres_server.h"
#include "support/raw_server.h"
#include "support/ssh_server.h"

#include <QDialog>
#include <QLineEdit>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::PostgresServer;
using test::RawServer;
using test::Script;
using test::SshServer;
using test::WindowFixture;
using transfer::DownloadRequest;

namespace {

constexpr int kPatienceMs = 60'000;
constexpr RowCount kFirst(2);
constexpr RowCount kAll(4);

} // namespace

/// Keys and passwords that were typed into the source dialog are kept nowhere; who goes on with the
/// dataset after a restart of the program is asked for them, and only then.
class TestTypedSecrets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m.reset(); }

    void keysOfS3_data();
    void keysOfS3();
    void aLoginOfAWebServer();
    void loginsOfASetAtTwoServers();
    void keysOfTheEnvironmentAreNotAskedFor();
    void aPassphrase();
    void aPasswordOfADatabase_data();
    void aPasswordOfADatabase();

private:
    QPushButton *button(const char *name) { return m->visibleChild<QPushButton>(name); }
    /// Get the first rows of `request`, and close and start the program.
    void getSome(DownloadRequest request);
    /// Press Resume and give `values`, in their order.
    void resumeWith(const QStringList &values);

    QTemporaryDir m_home;
    std::unique_ptr<WindowFixture> m;
};

void TestTypedSecrets::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_home.path()));
    qunsetenv("SSH_AUTH_SOCK");
}

void TestTypedSecrets::init()
{
    for (const char *name : {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                             "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL_S3"})
        qunsetenv(name);
    m = std::make_unique<WindowFixture>();
}

void TestTypedSecrets::getSome(DownloadRequest request)
{
    request.limit = kFirst;
    request.retry.maxRetries = 0;
    m->window->get(request);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), kFirst);
    const auto records = m->library->list();
    QVERIFY(records.has_value() && !records->empty());
    for (const auto &record : *records) {
        const QByteArray kept = QByteArray::fromStdString(record.request + record.resumePoint);
        QVERIFY2(!kept.contains("s3cret") && !kept.contains("p3sword") && !kept.contains("p@ss") &&
                     !kept.contains("p%40ss"),
                 kept.constData());
    }
    m->restart();
    m->window->restoreTabs();
    QTRY_VERIFY_WITH_TIMEOUT(button("resumeButton"), kPatienceMs);
}

void TestTypedSecrets::resumeWith(const QStringList &values)
{
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    if (!values.isEmpty()) {
        auto *dialog = m->visibleChild<QDialog>("secretsDialog");
        QVERIFY(dialog != nullptr);
        const auto fields = dialog->findChildren<QLineEdit *>();
        QCOMPARE(fields.size(), values.size());
        auto *resume = dialog->findChild<QPushButton *>(u"resumeWithSecrets"_s);
        for (int i = 0; i < fields.size(); ++i) {
            // What only temporary keys have may stay empty.
            const bool isDemanded = fields[i]->accessibleName() != u"S3 session token";
            QCOMPARE(resume->isEnabled(), !isDemanded);
            QVERIFY(!fields[i]->accessibleName().isEmpty());
            QCOMPARE(fields[i]->echoMode() == QLineEdit::Password,
                     !isDemanded || values[i].contains(u's'));
            QTest::keyClicks(fields[i], values[i]);
        }
        WindowFixture::keepPicture(dialog, u"secrets-"_s +
                                               QString::fromLatin1(QTest::currentTestFunction()));
        QTest::mouseClick(resume, Qt::LeftButton);
    } else {
        QVERIFY(m->visibleChild<QDialog>("secretsDialog") == nullptr);
    }
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished() && m->badge() == u"verified", kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), kAll);
}

void TestTypedSecrets::keysOfS3_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("later");
    QTest::newRow("temporary keys") << u"s3cret token"_s << u"s3cret token"_s;
    QTest::newRow("lasting keys") << QString() << QString();
    QTest::newRow("temporary keys, then lasting ones") << u"s3cret token"_s << QString();
    QTest::newRow("lasting keys, then temporary ones") << QString() << u"s3cret token"_s;
}

void TestTypedSecrets::keysOfS3()
{
    QFETCH(QString, first);
    QFETCH(QString, later);
    const RawServer server([](const std::string &asked, std::size_t) -> Script {
        if (asked.find(".sha256 ") != std::string::npos)
            return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\nETag: \"1\"\r\n\r\n"
                             "id\n1\n2\n3\n4\n");
    });
    DownloadRequest request;
    request.bytes.url = "s3://bucket/rows.csv";
    request.bytes.s3 = {.endpoint = server.url({}),
                        .region = "eu-north-1",
                        .accessKeyId = "AKTYPED",
                        .secretAccessKey = "s3cret",
                        .sessionToken = first.toStdString()};
    getSome(request);
    const std::size_t before = server.requests().size();
    resumeWith({u"AKTYPED"_s, u"s3cret"_s, later});
    QVERIFY(server.requests().size() > before);
    const auto sent = QByteArray::fromStdString(server.requests().back());
    QVERIFY2(sent.contains("Credential=AKTYPED/") && sent.contains("/eu-north-1/s3/") &&
                 sent.toLower().contains("x-amz-security-token: s3cret token") != later.isEmpty(),
             sent.constData());
}

void TestTypedSecrets::aLoginOfAWebServer()
{
    const RawServer server([](const std::string &asked, std::size_t) -> Script {
        if (asked.find(".sha256 ") != std::string::npos)
            return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        if (asked.find("Authorization: Basic em9lOnAzc3dvcmQ=") == std::string::npos) // zoe:p3sword
            return Script().send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\nETag: \"1\"\r\n\r\n"
                             "id\n1\n2\n3\n4\n");
    });
    // As it is typed: into the request bar.
    auto *field = m->window->findChild<QLineEdit *>(u"urlField"_s);
    const QString plain = QString::fromStdString(server.url("/rows.csv"));
    QTest::keyClicks(field, u"http://zoe:p3sword@"_s + plain.mid(7));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(field->text(), plain); // nobody reads it over a shoulder
    QCOMPARE(field->toolTip(), plain);
    QTRY_VERIFY_WITH_TIMEOUT(m->isFinished(), kPatienceMs);
    QCOMPARE(m->tab()->grid()->rowCount(), kAll);
    // Another place is not told who it was, the same one is again.
    auto &bar = m->window->requestBar();
    const auto fields = [&bar] {
        return bar.request().bytes.headers.size();
    };
    QCOMPARE(fields(), std::size_t(1));
    field->setText(u"http://localhost:1/rows.csv"_s);
    QCOMPARE(fields(), std::size_t(0));
    field->setText(plain);
    QCOMPARE(fields(), std::size_t(1));

    m.reset();
    m = std::make_unique<WindowFixture>();
    DownloadRequest request;
    request.bytes.url = "http://zoe:p3sword@" + plain.mid(7).toStdString();
    getSome(request);
    resumeWith({u"zoe:p3sword"_s});
}

void TestTypedSecrets::loginsOfASetAtTwoServers()
{
    const auto answerTo = [](const char *login) {
        return [login](const std::string &asked, std::size_t) -> Script {
            const bool isFile = asked.find(".sha256 ") == std::string::npos &&
                                asked.find(".md5 ") == std::string::npos;
            if (!isFile)
                return Script().send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            if (asked.find(login) == std::string::npos)
                return Script().send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nETag: \"1\"\r\n\r\n"
                                 "id\n1\n2\n");
        };
    };
    const RawServer first(answerTo("Authorization: Basic em9lOnAzc3dvcmQ=")); // zoe:p3sword
    const RawServer other(answerTo("Authorization: Basic ZXZlOnMzY3JldA==")); // eve:s3cret
    DownloadRequest request;
    request.bytes.url = "http://zoe:p3sword@" + first.url("/a.csv").substr(7);
    request.files = transfer::FileSet{
        .sources = {{.place = request.bytes.url},
                    {.place = "http://eve:s3cret@" + other.url("/b.csv").substr(7)}}};
    getSome(request);
    QTest::mouseClick(button("resumeButton"), Qt::LeftButton);
    auto *dialog = m->visibleChild<QDialog>("secretsDialog");
    QVERIFY(dialog != nullptr);
    // It is said which server's login it is.
    QCOMPARE(dialog->findChildren<QLineEdit *>().back()->accessibleName(),
             u"Login at %1"_s.arg(QString::fromStdString(other.url(""))));
    dialog->reject();
    QTRY_VERIFY(m->visibleChild<QDialog>("secretsDialog") == nullptr);
    resumeWith({u"zoe:p3sword"_s, u"eve:s3cret"_s});
}

void TestTypedSecrets::keysOfTheEnvironmentAreNotAskedFor()
{
    const RawServer server({Script().send(
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nETag: \"1\"\r\n\r\nid\n1\n2\n3\n4\n")});
    qputenv("AWS_ACCESS_KEY_ID", "AKENV");
    qputenv("AWS_SECRET_ACCESS_KEY", "s3cret");
    qputenv("AWS_ENDPOINT_URL_S3", QByteArray::fromStdString(server.url({})));
    DownloadRequest request;
    request.bytes.url = "s3://bucket/rows.csv";
    getSome(request);
    resumeWith({});
}

void TestTypedSecrets::aPassphrase()
{
    if (!SshServer::isInstalled())
        QSKIP("OpenSSH's server is not installed; packaging/setup.sh installs it");
    SshServer server;
    QVERIFY(server.start());
    QFile rows(m_home.filePath(u"rows.csv"_s));
    QVERIFY(rows.open(QIODevice::WriteOnly) && rows.write("id\n1\n2\n3\n4\n") == 11);
    rows.close();
    DownloadRequest request;
    request.bytes.url = server.url(rows.fileName()).toStdString();
    request.bytes.ssh = {.privateKeyFile = server.userKey().toStdString(),
                         .passphrase = "s3cret",
                         .knownHostsFile = server.knownHosts().toStdString()};
    getSome(request);
    resumeWith({u"s3cret"_s});
}

void TestTypedSecrets::aPasswordOfADatabase_data()
{
    QTest::addColumn<bool>("isInUrl");
    QTest::newRow("in its field") << false;
    QTest::newRow("in the address") << true;
}

void TestTypedSecrets::aPasswordOfADatabase()
{
    if (!PostgresServer::isInstalled())
        QSKIP("PostgreSQL is not installed; packaging/setup.sh installs it");
    QFETCH(bool, isInUrl);
    PostgresServer server;
    QVERIFY(server.start());
    DownloadRequest request;
    request.name = "numbers";
    request.bytes.url = std::string("postgresql://guarded") +
                        (isInUrl ? ":p%40ss%20word%2F1" : "") +
                        "@127.0.0.1:" + std::to_string(server.port()) + "/postgres";
    request.bytes.body = "select id from generate_series(1, 4) as t(id)";
    request.decode.format = decode::Format::Postgres;
    request.bytes.postgres.range.columns = {"id"};
    if (!isInUrl)
        request.bytes.postgres.password = "p@ss word/1";
    getSome(request);
    resumeWith({u"p@ss word/1"_s});
}

QTEST_MAIN(TestTypedSecrets)
#include "tst_typed_secrets.moc"
