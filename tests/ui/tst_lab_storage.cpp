// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "support/ssh_server.h"
#include "window_fixture.h"

#include "lab/lab_tab.h"
#include "lab/lab_tabs.h"

#include <QCheckBox>
#include <QFile>
#include <QSpinBox>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::RawServer;
using test::Script;
using test::SshServer;
using test::WindowFixture;

namespace {

constexpr int kPatienceMs = 60'000;

} // namespace

/// The window's lab over storages, which are asked as this user is known to them.
class TestLabStorage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void s3IsAskedAsThisUser();
    void sftpIsAskedAsThisUser();

private:
    /// The lab after two runs of what is at `url`.
    static ui::LabTab *run(WindowFixture &fixture, const std::string &url);

    QTemporaryDir m_home;
};

void TestLabStorage::initTestCase()
{
    qputenv("HOME", QFile::encodeName(m_home.path()));
    qunsetenv("SSH_AUTH_SOCK");
    QVERIFY(QDir(m_home.path()).mkpath(u".ssh"_s));
}

ui::LabTab *TestLabStorage::run(WindowFixture &fixture, const std::string &url)
{
    transfer::DownloadRequest base;
    base.bytes.url = url;
    auto *lab = fixture.window->labs().setUp(base);
    lab->findChild<QSpinBox *>(u"labRuns"_s)->setValue(2);
    lab->findChild<QCheckBox *>(u"labWarmUp"_s)->setChecked(false);
    lab->start();
    const auto isDone = [lab] {
        return !lab->isRunning() && lab->figures() && lab->figures()->session.runs.size() == 2;
    };
    return QTest::qWaitFor(isDone, kPatienceMs) ? lab : nullptr;
}

void TestLabStorage::s3IsAskedAsThisUser()
{
    const RawServer server([](const std::string &, std::size_t) {
        return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"1\"\r\n\r\n"
                             "id\n1\n2\n3\n\n");
    });
    qputenv("AWS_ACCESS_KEY_ID", "AKENV");
    qputenv("AWS_SECRET_ACCESS_KEY", "hush");
    qputenv("AWS_ENDPOINT_URL_S3", QByteArray::fromStdString(server.url({})));
    WindowFixture fixture;
    auto *lab = run(fixture, "s3://bucket/rows.csv");
    QVERIFY2(lab != nullptr, qPrintable(fixture.errorWhat()));
    QCOMPARE(lab->figures()->failedRuns(), 0);
    QCOMPARE(lab->figures()->summaries.front().rows, RowCount(3));
    for (const std::string &request : server.requests())
        QVERIFY2(request.find("Credential=AKENV/") != std::string::npos, request.c_str());
}

void TestLabStorage::sftpIsAskedAsThisUser()
{
    if (!SshServer::isInstalled())
        QSKIP("OpenSSH's server is not installed; packaging/setup.sh installs it");
    SshServer server;
    QVERIFY(server.start());
    QVERIFY(QFile::copy(server.userKey(), m_home.filePath(u".ssh/id_ed25519"_s)));
    QVERIFY(QFile::copy(server.userKey() + u".pub"_s, m_home.filePath(u".ssh/id_ed25519.pub"_s)));
    QVERIFY(QFile::copy(server.knownHosts(), m_home.filePath(u".ssh/known_hosts"_s)));
    const QString rows = m_home.filePath(u"rows.ndjson"_s);
    QFile file(rows);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"id\":1}\n{\"id\":2}\n") > 0);
    file.close();
    WindowFixture fixture;
    auto *lab = run(fixture, server.url(rows).toStdString());
    QVERIFY2(lab != nullptr, qPrintable(fixture.errorWhat()));
    QCOMPARE(lab->figures()->failedRuns(), 0);
    QCOMPARE(lab->figures()->summaries.front().rows, RowCount(2));
}

QTEST_MAIN(TestLabStorage)
#include "tst_lab_storage.moc"
