// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_case.h"

#include <QTcpServer>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using namespace Qt::Literals::StringLiterals;

/// Where the program gets rows from, and what it is told about that: files, requests, recipes.
class TestCliSources : public QObject, private test::CliCase
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeFolder(); }

    void stopsAfterTooManyBadRows();
    void downloadsAFile();
    void refusesOptionsOfRowsForAFile_data();
    void refusesOptionsOfRowsForAFile();
    void readsLocalFiles();
    void sendsWhatItIsTold();
    void keepsAndRunsARecipe();
    void keepsTheLastRows();
};

void TestCliSources::stopsAfterTooManyBadRows()
{
    test::writeFile(inFolder(u"bad.ndjson"_s), "{\"id\":1}\n" + QByteArray("no\n").repeated(20));
    const CliRun got = run(u"get"_s, {inFolder(u"bad.ndjson"_s), u"--format"_s, u"ndjson"_s,
                                      u"--max-bad-rows"_s, u"5"_s, u"--json"_s});
    QCOMPARE(got.exitCode, 3);
    QCOMPARE(got.json()[u"verdict"].toString(), u"incomplete"_s);
    QVERIFY(got.json()[u"rejected"].toInt() <= 6);
    QCOMPARE(run(u"get"_s, {inFolder(u"bad.ndjson"_s), u"--max-bad-rows"_s, u"x"_s}).exitCode, 2);
}

void TestCliSources::downloadsAFile()
{
    const QString file = inFolder(u"rows.bin"_s);
    const QString source = url(u"/api/users/stream?rows=50"_s);
    const CliRun got = run(u"get"_s, {source, u"--download"_s, file, u"--json"_s});
    QVERIFY2(got.exitCode == 0, got.errors.constData());
    QCOMPARE(test::readFile(file).count('\n'), 50);
    QCOMPARE(got.json()[u"bytes"].toInt(), test::readFile(file).size());
    QCOMPARE(run(u"verify"_s, {file}).exitCode, 0);
    QCOMPARE(run(u"ls"_s, {u"--json"_s}).json()[u"datasets"].toArray().size(), 0);

    const QString sha256(64, u'0');
    const CliRun wrong = run(u"get"_s, {source, u"--download"_s, inFolder(u"other.bin"_s),
                                        u"--sha256"_s, sha256, u"--json"_s});
    QCOMPARE(wrong.exitCode, 3);
    QCOMPARE(wrong.json()[u"verdict"].toString(), u"incomplete"_s);
    QVERIFY(!QFile::exists(inFolder(u"other.bin"_s)));
    QVERIFY(QFile::exists(inFolder(u"other.bin.part"_s)));

    const CliRun refused = run(u"get"_s, {url(u"/nothing"_s), u"--download"_s, file, u"--json"_s});
    QCOMPARE(refused.exitCode, 4);
    QVERIFY(refused.json()[u"file"].isNull());
    QCOMPARE(test::readFile(file).count('\n'), 50);
}

void TestCliSources::refusesOptionsOfRowsForAFile_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("--save") << QStringList{u"--download"_s, u"x"_s, u"--save"_s, u"x.csv"_s};
    QTest::newRow("--format") << QStringList{u"--download"_s, u"x"_s, u"--format"_s, u"csv"_s};
    QTest::newRow("--limit") << QStringList{u"--download"_s, u"x"_s, u"--limit"_s, u"5"_s};
    QTest::newRow("short digest") << QStringList{u"--download"_s, u"x"_s, u"--sha256"_s, u"ab"_s};
    QTest::newRow("digest without a file") << QStringList{u"--sha256"_s, u"beside"_s};
}

void TestCliSources::refusesOptionsOfRowsForAFile()
{
    QFETCH(QStringList, options);
    QCOMPARE(run(u"get"_s, QStringList{url(u"/api/users/stream?rows=5"_s)} + options).exitCode, 2);
}

void TestCliSources::readsLocalFiles()
{
    const QString file = inFolder(u"rows.csv"_s);
    test::writeFile(file, "id;name\n1;a\n2;b\n");
    const CliRun got = run(u"get"_s, {file, u"--json"_s});
    QCOMPARE(got.exitCode, 0);
    QCOMPARE(got.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(got.json()[u"dataset"].toString(), u"rows"_s);
    QCOMPARE(run(u"show"_s, {u"rows"_s}).output,
             QByteArray("{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\"}\n"));
    QCOMPARE(
        run(u"get"_s, {file, u"--no-header"_s, u"--delimiter"_s, u","_s, u"--name"_s, u"plain"_s})
            .exitCode,
        0);
    QCOMPARE(run(u"show"_s, {u"plain"_s}).lines().size(), 3);
}

void TestCliSources::sendsWhatItIsTold()
{
    // A server of one answer that keeps what it was asked.
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QProcess process;
    CliProcess(inFolder(u"library"_s))
        .start(process, u"get"_s,
               {u"http://127.0.0.1:%1/rows"_s.arg(server.serverPort()), u"--data"_s, u"{\"q\":1}"_s,
                u"-H"_s, u"X-One: a"_s, u"-H"_s, u"X-Two: b"_s, u"--json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(server.hasPendingConnections(), 60'000);
    QTcpSocket *socket = server.nextPendingConnection();
    QByteArray asked;
    QTRY_VERIFY_WITH_TIMEOUT((asked += socket->readAll()).endsWith("{\"q\":1}"), 60'000);
    socket->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n"
                  "Connection: close\r\n\r\n[{\"id\":1}]");
    socket->disconnectFromHost();
    const auto isOver = [&process] {
        return process.state() == QProcess::NotRunning;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isOver(), 60'000);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(asked.startsWith("POST /rows HTTP/1.1\r\n"));
    for (const auto *line : {"X-One: a\r\n", "X-Two: b\r\n", "Content-Type: application/json\r\n"})
        QVERIFY2(asked.contains(line), asked.constData());
}

void TestCliSources::keepsAndRunsARecipe()
{
    const QString file = inFolder(u"users.recipe.json"_s);
    const CliRun kept = run(u"get"_s, {url(u"/api/users?rows=30&token=hunter2"_s), u"-H"_s,
                                       u"Authorization: Bearer hunter2"_s, u"--limit"_s, u"20"_s,
                                       u"--save-recipe"_s, file, u"--json"_s});
    QCOMPARE(kept.json()[u"rows"].toInt(), 20);
    const QByteArray text = test::readFile(file);
    QVERIFY(text.contains("/api/users"));
    QVERIFY2(!text.contains("hunter2"), text.constData());

    const CliRun refused = run(u"get"_s, {u"--recipe"_s, file});
    QCOMPARE(refused.exitCode, 2);
    for (const auto *missing : {"Authorization", "token"})
        QVERIFY2(refused.errors.contains(missing), refused.errors.constData());

    const CliRun again = run(u"get"_s, {url(u"/api/users?rows=30&token=again"_s), u"--recipe"_s,
                                        file, u"-H"_s, u"authorization: again"_s, u"--json"_s});
    QCOMPARE(again.json()[u"rows"].toInt(), 20);
    QCOMPARE(again.json()[u"dataset"].toString(), u"users-2"_s);

    // Under a name it is kept in the library, where the window lists it too.
    QCOMPARE(
        run(u"get"_s, {url(u"/api/users?rows=5"_s), u"--save-recipe"_s, u"five users"_s}).exitCode,
        0);
    QVERIFY(QFile::exists(inFolder(u"library/recipes/five users.recipe.json"_s)));
    QCOMPARE(run(u"get"_s, {u"--recipe"_s, u"five users"_s, u"--json"_s}).json()[u"rows"].toInt(),
             5);
}

void TestCliSources::keepsTheLastRows()
{
    const CliRun got = run(u"get"_s, {url(u"/api/users/stream?rows=30000"_s), u"--ring"_s,
                                      u"2500"_s, u"--name"_s, u"users"_s, u"--json"_s});
    QCOMPARE(got.exitCode, 0);
    QVERIFY(got.output.contains("27,500 older rows made room for the last 2,500"));
    const CliRun shown =
        run(u"show"_s, {u"users"_s, u"--rows"_s, u"0:10000"_s, u"--columns"_s, u"id"_s});
    QCOMPARE(shown.lines().size(), 2500);
    QCOMPARE(
        run(u"get"_s, {url(u"/api/users/stream?rows=30000"_s), u"--name"_s, u"all"_s}).exitCode, 0);
    const CliRun all =
        run(u"show"_s, {u"all"_s, u"--rows"_s, u"27500:30000"_s, u"--columns"_s, u"id"_s});
    QCOMPARE(shown.lines(), all.lines());
}

QTEST_GUILESS_MAIN(TestCliSources)
#include "tst_cli_sources.moc"
