// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "support/postgres_server.h"

#include <QDeadlineTimer>
#include <QDirIterator>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QThread>

using namespace freshet;
using namespace Qt::Literals::StringLiterals;
using test::CliProcess;
using test::CliRun;
using test::PostgresServer;

/// `freshet-cli` with a PostgreSQL server, as scripts use it.
class TestPostgresCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!PostgresServer::isInstalled())
            QSKIP("PostgreSQL is not installed; packaging/setup.sh does that");
        QVERIFY(m_server.start());
        m_server.run(u"create schema shop; create table shop.\"Items\" as "
                     "select i as id, 'item ' || i as name, (i / 100.0)::numeric(8,2) as price "
                     "from generate_series(1, 1000) i; "
                     "create table base (id int primary key); "
                     "insert into base select generate_series(1, 4000); analyze base; "
                     "create function slow(i int) returns int language plpgsql stable as "
                     "$$ begin perform pg_sleep(0.001); return i; end $$; "
                     // In the order of the index, so that rows come while the query runs.
                     "alter database postgres set enable_sort = off; "
                     "alter database postgres set enable_seqscan = off"_s);
    }

    void getsATable()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const CliRun run = cli.run(u"get"_s, {url(), u"--table"_s, u"shop.Items"_s, u"--json"_s});
        QCOMPARE(run.exitCode, 0);
        const QJsonObject summary = run.json();
        QCOMPARE(summary[u"dataset"].toString(), u"Items"_s);
        QCOMPARE(summary[u"rows"].toInt(), 1000);
        QCOMPARE(summary[u"verdict"].toString(), u"verified"_s);
        QCOMPARE(summary[u"evidence"].toArray()[0].toString(),
                 u"COPY 1,000 = rows received, as the server counts them"_s);
        QCOMPARE(summary[u"schema"].toArray()[2].toObject()[u"type"].toString(),
                 u"decimal(18,2)"_s);
        const auto rows = cli.run(u"show"_s, {u"Items"_s, u"--rows"_s, u"0:1"_s});
        QCOMPARE(rows.output, "{\"id\":1,\"name\":\"item 1\",\"price\":0.01}\n");
    }

    void readsTheQueryFromAFile()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"query.sql"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("-- two rows\nselect a from (values (1), (2)) as t (a);\n");
        file.close();
        const CliProcess cli(folder.filePath(u"library"_s));
        const CliRun run = cli.run(u"get"_s, {url(), u"--sql"_s, u'@' + file.fileName(), u"--via"_s,
                                              u"cursor"_s, u"--json"_s});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.json()[u"rows"].toInt(), 2);
    }

    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("no query") << QStringList{url()} << QByteArray("needs --sql");
        QTest::newRow("both") << QStringList{url(), u"--sql"_s, u"select 1"_s, u"--table"_s, u"t"_s}
                              << QByteArray("exclude each other");
        QTest::newRow("an unknown way")
            << QStringList{url(), u"--sql"_s, u"select 1"_s, u"--via"_s, u"pigeon"_s}
            << "--via is copy, cursor or keyset"_ba;
        QTest::newRow("keyset without a key")
            << QStringList{url(), u"--sql"_s, u"select 1"_s, u"--via"_s, u"keyset"_s}
            << QByteArray("need a unique key");
        QTest::newRow("a query to HTTP")
            << QStringList{u"http://127.0.0.1/"_s, u"--sql"_s, u"select 1"_s}
            << "goes with a postgresql:// URL"_ba;
        QTest::newRow("a timeout that is none")
            << QStringList{url(), u"--sql"_s, u"select 1"_s, u"--timeout"_s, u"0"_s}
            << QByteArray("--timeout is a number");
    }

    void usage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, words);
        const QTemporaryDir folder;
        const CliRun run = CliProcess(folder.path()).run(u"get"_s, arguments);
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.errors.contains(words), run.errors.constData());
    }

    void pointsIntoTheQuery()
    {
        const QTemporaryDir folder;
        const CliRun run = CliProcess(folder.path())
                               .run(u"get"_s, {url(), u"--sql"_s, u"select 1 from nowhere"_s});
        QCOMPARE(run.exitCode, 4);
        QVERIFY2(run.errors.contains("ERROR 42P01: relation \"nowhere\" does not exist"),
                 run.errors.constData());
        QVERIFY2(run.errors.contains("there: nowhere"), run.errors.constData());
    }

    /// Killed without a chance to say anything, then resumed: no row is lost, none comes twice.
    void goesOnAfterAKill_data()
    {
        QTest::addColumn<QString>("via");
        QTest::newRow("copy") << u"copy"_s;
        QTest::newRow("keyset") << u"keyset"_s;
    }

    void goesOnAfterAKill()
    {
        QFETCH(QString, via);
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        QProcess process;
        cli.start(process, u"get"_s,
                  {url(), u"--sql"_s,
                   u"select id, slow(id) as v, repeat('x', 300) as filler from base"_s, u"--key"_s,
                   u"id"_s, u"--via"_s, via, u"--batch-rows"_s, u"500"_s, u"--name"_s, u"slow"_s});
        // Rows are committed as they come; that some are is seen in the catalogue.
        QDeadlineTimer patience(60'000);
        while (rowsListed(cli) == 0 && process.state() != QProcess::NotRunning &&
               !patience.hasExpired())
            QTest::qWait(20);
        QVERIFY2(process.state() == QProcess::Running, process.readAllStandardError().constData());
        QVERIFY(!patience.hasExpired());
        process.kill();
        QVERIFY(process.waitForFinished());
        const CliRun resumed = cli.run(u"resume"_s, {u"slow"_s, u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.errors.constData());
        QCOMPARE(resumed.json()[u"rows"].toInt(), 4000);
        const CliRun counted = cli.run(
            u"sql"_s, {u"slow"_s, u"select count(distinct id) as n, sum(id) as s from data"_s});
        QCOMPARE(counted.output, "{\"n\":4000,\"s\":8002000}\n");
    }

    void syncs()
    {
        m_server.run(u"create table news (id int primary key); "
                     "insert into news select generate_series(1, 10)"_s);
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        QCOMPARE(cli.run(u"get"_s, {url(), u"--table"_s, u"news"_s, u"-q"_s}).exitCode, 0);
        // No key was given the first time.
        QCOMPARE(cli.run(u"sync"_s, {u"news"_s}).exitCode, 2);
        m_server.run(u"insert into news select generate_series(11, 15)"_s);
        const CliRun first = cli.run(u"sync"_s, {u"news"_s, u"--key"_s, u"id"_s, u"--json"_s});
        QVERIFY2(first.exitCode == 0, first.errors.constData());
        QCOMPARE(first.json()[u"rows"].toInt(), 15);
        m_server.run(u"insert into news values (16)"_s);
        QCOMPARE(cli.run(u"sync"_s, {u"news"_s, u"--json"_s}).json()[u"rows"].toInt(), 16);
    }

    void keepsNoPassword()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const QString secret = u"postgresql://guarded:p%40ss%20word%2F1@127.0.0.1:%1/postgres"_s;
        const CliRun run = cli.run(u"get"_s, {QString(secret).replace(u"%1"_s, port()), u"--sql"_s,
                                              u"select 1 as a"_s, u"--name"_s, u"one"_s});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QByteArray everything = run.output + run.errors;
        QDirIterator files(folder.path(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            everything += file.readAll();
        }
        QVERIFY(everything.contains("select 1 as a"));
        QVERIFY(!everything.contains("p%40ss"));
        QVERIFY(!everything.contains("p@ss"));
    }

private:
    static int rowsListed(const CliProcess &cli)
    {
        const QJsonArray datasets = cli.run(u"ls"_s, {u"--json"_s}).json()[u"datasets"].toArray();
        return datasets.isEmpty() ? 0 : datasets[0].toObject()[u"rows"].toInt();
    }
    [[nodiscard]] QString port() const { return QString::number(m_server.port()); }
    [[nodiscard]] QString url() const { return QString::fromStdString(m_server.url()); }

    PostgresServer m_server;
};

QTEST_GUILESS_MAIN(TestPostgresCli)
#include "tst_postgres_cli.moc"
