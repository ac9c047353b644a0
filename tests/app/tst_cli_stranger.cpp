// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_sandbox.h"
#include "support/fault_server.h"

#include <QTest>

using namespace freshet;
using freshet::test::CliRun;
using freshet::test::FileSandbox;
using freshet::test::lines;
using freshet::test::RawServer;
using freshet::test::Script;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

/// What somebody meets who does not know the program: commands that do not fit, folders that are
/// not there. Each answer names the command that helps.
class TestCliStranger : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_box = std::make_unique<FileSandbox>(); }

    void aLibraryThatIsNotThereIsNotMade_data();
    void aLibraryThatIsNotThereIsNotMade();
    void whatIsCompleteIsNotResumed();
    void whatIsIncompleteIsNotSynced();
    void whatCouldNotBeSavedIsHere();
    void aKeyFileThatIsNotThereIsNamed();
    void aJobThatRunsIsNotStartedAgain();

private:
    void get(const QStringList &more = {}) const
    {
        m_box->write(u"rows.ndjson"_s, lines(0, 100));
        static_cast<void>(m_box->run(
            u"get"_s,
            QStringList{m_box->path(u"rows.ndjson"_s), u"--name"_s, u"my rows"_s} + more));
    }

    std::unique_ptr<FileSandbox> m_box;
};

#define TOLD(RUN, WORDS) QVERIFY2(toldBy(RUN).contains(WORDS), toldBy(RUN).constData())

void TestCliStranger::aLibraryThatIsNotThereIsNotMade_data()
{
    QTest::addColumn<QStringList>("arguments");
    for (const char *command : {"show", "rm", "verify", "resume", "sync"})
        QTest::newRow(command) << QStringList{QString::fromLatin1(command), u"rows"_s};
    QTest::newRow("sql") << QStringList{u"sql"_s, u"rows"_s, u"select 1"_s};
}

void TestCliStranger::aLibraryThatIsNotThereIsNotMade()
{
    QFETCH(QStringList, arguments);
    const QString command = arguments.takeFirst();
    const CliRun run = m_box->run(command, arguments);
    QCOMPARE(run.exitCode, 2);
    TOLD(run, "There is no such dataset");
    TOLD(run, "library: there is no library");
    const CliRun listed = m_box->run(u"ls"_s, {u"--json"_s});
    QCOMPARE(listed.exitCode, 0);
    QCOMPARE(listed.output, "{\"datasets\":[]}\n");
    QVERIFY(!QFileInfo::exists(m_box->path(u"library"_s)));
}

void TestCliStranger::whatIsCompleteIsNotResumed()
{
    get();
    const CliRun run = m_box->run(u"resume"_s, {u"my rows"_s});
    QCOMPARE(run.exitCode, 2);
    TOLD(run, "freshet-cli sync 'my rows' asks for what is new; freshet-cli resume 'my rows' "
              "--anew gets all of it again.");
}

void TestCliStranger::whatIsIncompleteIsNotSynced()
{
    get({u"--limit"_s, u"10"_s});
    const CliRun run = m_box->run(u"sync"_s, {u"my rows"_s});
    QVERIFY(run.exitCode != 0);
    TOLD(run, "freshet-cli resume 'my rows' goes on with it.");
}

void TestCliStranger::whatCouldNotBeSavedIsHere()
{
    m_box->write(u"rows.ndjson"_s, lines(0, 100));
    const CliRun run =
        m_box->run(u"get"_s, {m_box->path(u"rows.ndjson"_s), u"--name"_s, u"my rows"_s, u"--save"_s,
                              m_box->path(u"no/such/folder/rows.csv"_s)});
    QCOMPARE(run.exitCode, 5);
    TOLD(run, "100 rows are kept as \"my rows\".");
    TOLD(run, "freshet-cli save 'my rows' FILE writes them without fetching them again.");
}

void TestCliStranger::aKeyFileThatIsNotThereIsNamed()
{
    const CliRun run = m_box->run(
        u"get"_s, {u"sftp://127.0.0.1:1/rows.csv"_s, u"--ssh-key"_s, m_box->path(u"no-key"_s)});
    QCOMPARE(run.exitCode, 5);
    TOLD(run, "no-key: No such file or directory");
}

void TestCliStranger::aJobThatRunsIsNotStartedAgain()
{
    const RawServer server([](const std::string &asked, std::size_t number) -> Script {
        const std::string target = test::Asked{asked}.target();
        const auto answer = [](const char *status, const std::string &json) {
            return Script().send("HTTP/1.1 " + std::string(status) +
                                 "\r\nContent-Type: application/json\r\nContent-Length: " +
                                 std::to_string(json.size()) + "\r\n\r\n" + json);
        };
        if (target == "/export")
            return answer("202 Accepted", R"({"statusUrl": "/jobs/7", "status": "queued"})");
        if (target == "/jobs/7" && number < 2)
            return Script().send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        if (target == "/jobs/7")
            return answer("200 OK", R"({"status": "completed", "downloadUrl": "/rows.csv"})");
        return Script().send("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: "
                             "7\r\n\r\nid\n1\n2\n");
    });
    const QString url = QString::fromStdString(server.url("/export"));
    const CliRun cut = m_box->run(u"get"_s, {url, u"--method"_s, u"POST"_s, u"--job"_s, u"--name"_s,
                                             u"job"_s, u"--retries"_s, u"0"_s});
    QVERIFY2(cut.exitCode != 0, toldBy(cut).constData());
    const CliRun resumed = m_box->run(u"resume"_s, {u"job"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    TOLD(resumed, "asks how far the export job is");
    QVERIFY2(!resumed.errors.contains("is sent once more"), resumed.errors.constData());
    QCOMPARE(
        std::ranges::count_if(server.requests(),
                              [](const std::string &asked) { return asked.starts_with("POST"); }),
        1);
}

QTEST_GUILESS_MAIN(TestCliStranger)
#include "tst_cli_stranger.moc"
