// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "support/raw_server.h"
#include "support/web_socket_bytes.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::closeFrame;
using freshet::test::RawServer;
using freshet::test::Script;
using freshet::test::serverFrame;
using namespace Qt::Literals::StringLiterals;

namespace {

std::string answer(const std::string &headers, const std::string &body)
{
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + "\r\n" + body;
}

std::string withLength(std::size_t length)
{
    return "Content-Length: " + std::to_string(length) + "\r\n";
}

/// Six rows of CSV, the first time only a part of them.
Script cutOnce(const std::string &, std::size_t number)
{
    const std::string body = "id\n1\n2\n3\n4\n5\n6\n";
    const std::string head = "Content-Type: text/csv\r\n" + withLength(body.size());
    return Script().send(answer(head, number == 0 ? body.substr(0, 11) : body));
}

} // namespace

/// What the user is told to do next, and that doing it helps.
class TestCliAdvice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCutDownloadIsGoneOnWith()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const RawServer server(cutOnce);
        const CliRun cut =
            cli.run(u"get"_s, {QString::fromStdString(server.url("/rows.csv")), u"--name"_s,
                               u"my rows"_s, u"--retries"_s, u"0"_s, u"--header"_s, u"-q"_s});
        QCOMPARE(cut.exitCode, 3);
        QVERIFY2(cut.errors.contains("freshet-cli resume 'my rows' goes on where it stopped."),
                 cut.errors.constData());
        const CliRun resumed = cli.run(u"resume"_s, {u"my rows"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(resumed.exitCode, 0);
        QCOMPARE(resumed.json()[u"rows"].toInt(), 6);
    }

    void aPostIsSentAgainByAPersonOnly()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const RawServer server(cutOnce);
        const CliRun cut =
            cli.run(u"get"_s, {QString::fromStdString(server.url("/rows.csv")), u"--name"_s,
                               u"found"_s, u"--data"_s, u"{}"_s, u"--header"_s, u"--json"_s});
        QCOMPARE(cut.exitCode, 3);
        QCOMPARE(server.requests().size(), std::size_t(1));
        QVERIFY2(cut.output.contains("the POST was not sent again"), cut.output.constData());
        const CliRun resumed = cli.run(u"resume"_s, {u"found"_s, u"--json"_s});
        QCOMPARE(resumed.exitCode, 0);
        QVERIFY2(resumed.errors.contains("found: the POST is sent once more"),
                 resumed.errors.constData());
        QCOMPARE(resumed.json()[u"rows"].toInt(), 6);
    }

    void aSocketWithoutAResumeMessageBeginsAgain()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const std::string first = serverFrame(R"({"id":1})");
        const RawServer server(
            {Script().upgrade().send(first).reset(),
             Script().upgrade().send(first + serverFrame(R"({"id":2})") + closeFrame(1000))});
        const QString address = u"ws://127.0.0.1:%1/rows"_s.arg(server.port());
        const CliRun cut =
            cli.run(u"get"_s, {address, u"--name"_s, u"rows"_s, u"--retries"_s, u"0"_s, u"-q"_s});
        QCOMPARE(cut.exitCode, 3);
        QVERIFY2(cut.errors.contains("freshet-cli resume rows begins again, as there is no resume "
                                     "message: the server sends everything once more"),
                 cut.errors.constData());
        QVERIFY2(!cut.errors.contains("goes on where it stopped"), cut.errors.constData());
        const CliRun resumed = cli.run(u"resume"_s, {u"rows"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(resumed.json()[u"rows"].toInt(), 2);
    }

    void aCsvThatOnlyTheCloseEndsIsNotWhole()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const std::string body = "id,name\n1,Ada\n2,Bo";
        const RawServer server({Script().send(answer("Content-Type: text/csv\r\n", body))});
        const CliRun run = cli.run(u"get"_s, {QString::fromStdString(server.url("/rows.csv")),
                                              u"--name"_s, u"rows"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(run.exitCode, 3);
        QCOMPARE(run.json()[u"verdict"].toString(), u"incomplete"_s);
        QCOMPARE(run.json()[u"rows"].toInt(), 1);
        QVERIFY(run.json()[u"evidence"][0].toString().contains(u"no line end"_s));
        QVERIFY(cli.run(u"rejects"_s, {u"rows"_s}).output.contains("2,Bo"));
    }

    void tooManyBadRowsMayBeLetPass()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        QFile file(folder.filePath(u"rows.csv"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("a,b\n1,2\nx\n3,4\ny\n5,6\nz\n7,8\nw\n9,10\n");
        file.close();
        const CliRun stopped =
            cli.run(u"get"_s, {file.fileName(), u"--name"_s, u"rows"_s, u"--header"_s,
                               u"--max-bad-rows"_s, u"2"_s, u"-q"_s});
        QCOMPARE(stopped.exitCode, 3);
        QVERIFY2(stopped.errors.contains("more than 2 rows could not be read"),
                 stopped.errors.constData());
        QVERIFY2(stopped.errors.contains("freshet-cli resume rows --max-bad-rows N"),
                 stopped.errors.constData());
        QVERIFY(!stopped.errors.contains("--format"));
        const CliRun resumed =
            cli.run(u"resume"_s, {u"rows"_s, u"--max-bad-rows"_s, u"100"_s, u"--json"_s, u"-q"_s});
        QCOMPARE(resumed.exitCode, 0);
        QCOMPARE(resumed.json()[u"rows"].toInt(), 5);
        QCOMPARE(resumed.json()[u"rejected"].toInt(), 4);
        QCOMPARE(cli.run(u"rejects"_s, {u"rows"_s, u"--json"_s}).lines().size(), 4);
    }

    void aLoginPageIsNoFile()
    {
        const QTemporaryDir folder;
        const CliProcess cli(folder.path());
        const std::string page = "<!doctype html><title>Sign in</title>" + std::string(2000, ' ');
        const RawServer server(
            {Script().send(answer("Content-Type: text/html\r\n" + withLength(page.size()), page))});
        const QString file = folder.filePath(u"rows.parquet"_s);
        const CliRun run = cli.run(u"get"_s, {QString::fromStdString(server.url("/export")),
                                              u"--download"_s, file, u"-q"_s});
        QCOMPARE(run.exitCode, 4);
        QVERIFY2(run.errors.contains("an HTML page in place of rows.parquet, with the title "
                                     "\"Sign in\""),
                 run.errors.constData());
        QVERIFY(run.errors.contains("Is a login wanted?"));
        QVERIFY(!run.errors.contains("--format"));
        QVERIFY(!QFile::exists(file));
    }
};

QTEST_GUILESS_MAIN(TestCliAdvice)
#include "tst_cli_advice.moc"
