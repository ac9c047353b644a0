// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "demo/demo_server.h"

#include <QJsonArray>
#include <QTemporaryDir>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using namespace Qt::Literals::StringLiterals;

/// `sync` as scripts use it, against the demo server.
class TestCliSync : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto server = demo::DemoServer::start();
        QVERIFY(server.has_value());
        m_server = std::move(*server);
    }

    void fetchesWhatIsNew_data()
    {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("rule");
        QTest::newRow("exclusive") << QString() << u"param=since,from=id,key=id"_s;
        QTest::newRow("inclusive")
            << u"&inclusive=1"_s << u"param=since,from=id,inclusive,key=id"_s;
        QTest::newRow("inclusive, without a key")
            << u"&inclusive=1"_s << u"param=since,from=id,inclusive"_s;
        QTest::newRow("an overlap that brings rows again")
            << QString() << u"param=since,from=id,key=id,overlap=1000,mode=upsert"_s;
    }

    void fetchesWhatIsNew()
    {
        QFETCH(const QString, parameters);
        QFETCH(const QString, rule);
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        QCOMPARE(cli.run(u"get"_s, {users(50) + parameters, u"--name"_s, u"users"_s, u"--since"_s,
                                    rule, u"-q"_s})
                     .exitCode,
                 0);
        const CliRun synced = cli.run(
            u"sync"_s, {u"users"_s, u"--from"_s, users(80) + parameters, u"--json"_s, u"-q"_s});
        QCOMPARE(synced.exitCode, 0);
        const QJsonObject summary = synced.json();
        QCOMPARE(summary[u"rows"].toInt(), 80);
        QCOMPARE(summary[u"run"][u"kind"].toString(), u"sync"_s);
        QCOMPARE(summary[u"run"][u"rows_before"].toInt(), 50);
        QCOMPARE(summary[u"run"][u"added"].toInt(), 30);
        QCOMPARE(summary[u"run"][u"updated"].toInt(), 0);
        QVERIFY(summary[u"run"][u"schema_difference"].toArray().isEmpty());

        QCOMPARE(cli.run(u"get"_s, {users(80), u"--name"_s, u"whole"_s, u"-q"_s}).exitCode, 0);
        QCOMPARE(cli.run(u"show"_s, {u"users"_s}).output, cli.run(u"show"_s, {u"whole"_s}).output);

        const CliRun again = cli.run(u"sync"_s, {u"users"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(again.exitCode, 0);
        QCOMPARE(again.json()[u"rows"].toInt(), 80);
        QCOMPARE(again.json()[u"run"][u"added"].toInt(-1), 0);
        QCOMPARE(cli.run(u"show"_s, {u"users"_s, u"--runs"_s}).lines().size(), 3);
    }

    void fetchesWhatIsNewPageByPage()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const auto pages = [this](int rows) -> QString {
            return QString::fromStdString(m_server->origin()) +
                   u"/api/users?cursor=&limit=20&rows=%1"_s.arg(rows);
        };
        QCOMPARE(cli.run(u"get"_s, {pages(50), u"--name"_s, u"users"_s, u"--page"_s, u"cursor"_s,
                                    u"--since"_s, u"param=since,from=id"_s, u"-q"_s})
                     .exitCode,
                 0);
        const CliRun synced = cli.run(u"sync"_s, {u"users"_s, u"--from"_s, pages(130), u"--page"_s,
                                                  u"cursor"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(synced.exitCode, 0);
        QCOMPARE(synced.json()[u"verdict"].toString(), u"verified"_s);
        QCOMPARE(synced.json()[u"run"][u"added"].toInt(), 80);
        QCOMPARE(cli.run(u"get"_s, {users(130), u"--name"_s, u"whole"_s, u"-q"_s}).exitCode, 0);
        QCOMPARE(cli.run(u"show"_s, {u"users"_s}).output, cli.run(u"show"_s, {u"whole"_s}).output);
        const CliRun again = cli.run(u"sync"_s, {u"users"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(again.exitCode, 0);
        QCOMPARE(again.json()[u"run"][u"added"].toInt(-1), 0);
    }

    void savesWithAManifestOrWithout()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        QCOMPARE(cli.run(u"get"_s, {users(50), u"--name"_s, u"users"_s, u"-q"_s}).exitCode, 0);
        const QString file = folder.filePath(u"users.csv"_s);
        const QString manifest = file + u".manifest.json"_s;
        QStringList arguments{
            u"users"_s,  u"--from"_s, users(60), u"--since"_s, u"param=since,from=id"_s,
            u"--save"_s, file,        u"-q"_s};
        QCOMPARE(cli.run(u"sync"_s, arguments).exitCode, 0);
        QVERIFY(QFile::exists(manifest));
        arguments << u"--no-manifest"_s;
        QCOMPARE(cli.run(u"sync"_s, arguments).exitCode, 0);
        QVERIFY(QFile::exists(file));
        // One that speaks of the file before this one would lie.
        QVERIFY(!QFile::exists(manifest));
    }

    void changedRowsTakeThePlaceOfOlderOnes()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const QStringList rule{
            u"--since"_s, u"param=since,from=id"_s, u"--key"_s,  u"id"_s, u"--mode"_s,
            u"upsert"_s,  u"--overlap"_s,           u"1000000"_s};
        QCOMPARE(cli.run(u"get"_s, {users(50), u"--name"_s, u"users"_s, u"-q"_s}).exitCode, 0);
        // Another seed: every row but its id is another.
        const CliRun synced =
            cli.run(u"sync"_s, QStringList{u"users"_s, u"--from"_s, users(60) + u"&seed=2"_s,
                                           u"--json"_s, u"-q"_s} +
                                   rule);
        QCOMPARE(synced.exitCode, 0);
        QCOMPARE(synced.json()[u"run"][u"added"].toInt(), 10);
        QCOMPARE(synced.json()[u"run"][u"updated"].toInt(), 50);
        QCOMPARE(cli.run(u"get"_s, {users(60) + u"&seed=2"_s, u"--name"_s, u"whole"_s, u"-q"_s})
                     .exitCode,
                 0);
        QCOMPARE(cli.run(u"show"_s, {u"users"_s}).output, cli.run(u"show"_s, {u"whole"_s}).output);
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("a rule that is none") << QStringList{u"--since"_s, u"from=id"_s};
        QTest::newRow("a key without a rule") << QStringList{u"--key"_s, u"id"_s};
        QTest::newRow("a column that is not there")
            << QStringList{u"--since"_s, u"param=since,from=nope"_s};
        QTest::newRow("neither rule nor validator") << QStringList();
    }

    void refusals()
    {
        QFETCH(const QStringList, arguments);
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        QCOMPARE(cli.run(u"get"_s, {users(5), u"--name"_s, u"users"_s, u"-q"_s}).exitCode, 0);
        QCOMPARE(cli.run(u"sync"_s, QStringList{u"users"_s} + arguments).exitCode, 2);
        QCOMPARE(cli.run(u"show"_s, {u"users"_s, u"--runs"_s}).lines().size(), 1);
    }

private:
    QString users(int rows) const
    {
        return QString::fromStdString(m_server->origin()) +
               u"/api/users/stream?rows=%1"_s.arg(rows);
    }

    std::unique_ptr<demo::DemoServer> m_server;
};

QTEST_GUILESS_MAIN(TestCliSync)
#include "tst_cli_sync.moc"
