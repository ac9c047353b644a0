// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "demo/demo_server.h"
#include "support/raw_server.h"
#include "support/ssh_server.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>

using namespace freshet;
using namespace freshet::test;
using namespace Qt::Literals::StringLiterals;

/// freshet-cli lab over storages, which are asked as this user is known to them.
class TestCliLabStorage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void s3IsAskedAsThisUser_data();
    void s3IsAskedAsThisUser();
    void sftpIsAskedAsThisUser_data();
    void sftpIsAskedAsThisUser();
    void aRecipesCallIsPrepared();
    void refuses_data();
    void refuses();

private:
    void write(const QString &path, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(path));
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    /// Whether a session of the library holds `text`.
    [[nodiscard]] bool isKept(const QByteArray &text) const;

    QTemporaryDir m_folder;
    CliProcess m_cli{m_folder.filePath(QStringLiteral("library"))};
};

void TestCliLabStorage::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_folder.path()));
    qunsetenv("SSH_AUTH_SOCK");
    cleanup();
}

void TestCliLabStorage::cleanup()
{
    for (const char *name :
         {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
          "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"})
        qunsetenv(name);
    QDir(m_folder.filePath(u"library"_s)).removeRecursively();
    QDir(m_folder.filePath(u".aws"_s)).removeRecursively();
    QDir(m_folder.filePath(u".ssh"_s)).removeRecursively();
}

bool TestCliLabStorage::isKept(const QByteArray &text) const
{
    QDirIterator files(m_folder.filePath(u"library/lab"_s), QDir::Files);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text))
            return true;
    }
    return false;
}

void TestCliLabStorage::s3IsAskedAsThisUser_data()
{
    QTest::addColumn<bool>("fromEnvironment");
    QTest::addColumn<QByteArray>("signer");
    QTest::newRow("environment") << true << QByteArray("Credential=AKENV/");
    QTest::newRow("profile and options") << false << QByteArray("Credential=AKFILE/");
}

void TestCliLabStorage::s3IsAskedAsThisUser()
{
    QFETCH(bool, fromEnvironment);
    QFETCH(QByteArray, signer);
    const RawServer server([](const std::string &, std::size_t) {
        return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"1\"\r\n\r\n"
                             "id\n1\n2\n3\n\n");
    });
    auto demo = demo::DemoServer::start();
    QVERIFY(demo);
    QStringList arguments{u"s3://bucket/rows.csv"_s,
                          QString::fromStdString((*demo)->origin() + "/api/users.csv?rows=3"),
                          u"--runs"_s,
                          u"2"_s,
                          u"--json"_s,
                          u"--name"_s,
                          u"stored"_s};
    if (fromEnvironment) {
        qputenv("AWS_ACCESS_KEY_ID", "AKENV");
        qputenv("AWS_SECRET_ACCESS_KEY", "hush");
        qputenv("AWS_ENDPOINT_URL_S3", QByteArray::fromStdString(server.url({})));
    } else {
        write(u".aws/credentials"_s,
              "[team]\naws_access_key_id = AKFILE\naws_secret_access_key = hush\n");
        arguments << u"--profile"_s << u"team"_s << u"--endpoint"_s
                  << QString::fromStdString(server.url({}));
    }
    const CliRun run = m_cli.run(u"lab"_s, arguments);
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const QJsonArray summaries = run.json()[u"summaries"].toArray();
    QCOMPARE(summaries.size(), 2);
    for (const auto &summary : summaries)
        QCOMPARE(summary.toObject()[u"rows"].toInt(), 3);
    QVERIFY(!server.requests().empty());
    for (const std::string &request : server.requests())
        QVERIFY2(request.find(signer.toStdString()) != std::string::npos, request.c_str());
    // Keys are this user's, not the session's: repeated, they are looked up again.
    QVERIFY(!isKept("hush"));
    QStringList again{u"--repeat"_s, u"stored"_s};
    if (!fromEnvironment)
        again << u"--profile"_s << u"team"_s;
    const CliRun repeated = m_cli.run(u"lab"_s, again);
    QVERIFY2(repeated.exitCode == 0, repeated.errors.constData());
}

void TestCliLabStorage::sftpIsAskedAsThisUser_data()
{
    QTest::addColumn<bool>("byOptions");
    QTest::newRow("~/.ssh") << false;
    QTest::newRow("options") << true;
}

void TestCliLabStorage::sftpIsAskedAsThisUser()
{
    QFETCH(bool, byOptions);
    if (!SshServer::isInstalled())
        QSKIP("OpenSSH's server is not installed; packaging/setup.sh installs it");
    SshServer server;
    QVERIFY(server.start());
    write(u"rows.ndjson"_s, "{\"id\":1}\n{\"id\":2}\n");
    QStringList arguments{server.url(m_folder.filePath(u"rows.ndjson"_s)), u"--runs"_s, u"2"_s,
                          u"--json"_s};
    if (byOptions) {
        arguments << u"--ssh-key"_s << server.userKey() << u"--known-hosts"_s
                  << server.knownHosts();
    } else {
        QVERIFY(QDir(m_folder.path()).mkpath(u".ssh"_s));
        QVERIFY(QFile::copy(server.userKey(), m_folder.filePath(u".ssh/id_ed25519"_s)));
        QVERIFY(
            QFile::copy(server.userKey() + u".pub"_s, m_folder.filePath(u".ssh/id_ed25519.pub"_s)));
        QVERIFY(QFile::copy(server.knownHosts(), m_folder.filePath(u".ssh/known_hosts"_s)));
    }
    const CliRun run = m_cli.run(u"lab"_s, arguments);
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto summary = run.json()[u"summaries"].toArray().first().toObject();
    QCOMPARE(summary[u"rows"].toInt(), 2);
    QCOMPARE(summary[u"runs"].toInt(), 2);
}

/// A recipe's call needs its types before it can be sent, as a download's does.
void TestCliLabStorage::aRecipesCallIsPrepared()
{
    auto demo = demo::DemoServer::start();
    QVERIFY(demo);
    const QString recipe = m_folder.filePath(u"call.recipe.json"_s);
    const CliRun kept = m_cli.run(u"get"_s, {QString::fromStdString((*demo)->origin()), u"--call"_s,
                                             u"users.UserService/StreamUsers"_s, u"--proto"_s,
                                             QStringLiteral(FRESHET_DEMO_PROTO), u"--data"_s,
                                             u"{\"rows\":30}"_s, u"--save-recipe"_s, recipe});
    QVERIFY2(kept.exitCode == 0, kept.errors.constData());
    const CliRun run =
        m_cli.run(u"lab"_s, {u"--recipe"_s, recipe, u"--runs"_s, u"1"_s, u"--json"_s});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto summary = run.json()[u"summaries"].toArray().first().toObject();
    QCOMPARE(summary[u"rows"].toInt(), 30);
    QCOMPARE(summary[u"verdict"].toString(), u"verified"_s);
}

void TestCliLabStorage::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("a profile without storage")
        << QStringList{u"http://127.0.0.1:1/"_s, u"--profile"_s, u"team"_s}
        << QByteArray("--profile needs an s3:// URL");
    QTest::newRow("a profile that is not there")
        << QStringList{u"s3://bucket/rows.csv"_s, u"--profile"_s, u"nobody"_s}
        << QByteArray("nobody");
}

void TestCliLabStorage::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const CliRun run = m_cli.run(u"lab"_s, arguments);
    QVERIFY2(run.exitCode == 2, QByteArray::number(run.exitCode).constData());
    QVERIFY2(run.errors.contains(says), run.errors.constData());
}

QTEST_GUILESS_MAIN(TestCliLabStorage)
#include "tst_cli_lab_storage.moc"
