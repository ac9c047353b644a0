// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_case.h"
#include "store/library.h"

#include <csignal>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using namespace Qt::Literals::StringLiterals;

/// The program itself against the demo server: what scripts depend on.
class TestCli : public QObject, private test::CliCase
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeFolder(); }

    void fetchesTheSameRowsInEveryForm_data();
    void fetchesTheSameRowsInEveryForm();
    void endsWithTheRightExitCode_data();
    void endsWithTheRightExitCode();
    void saysWhatHappened_data();
    void saysWhatHappened();
    void printsOneJsonObject();
    void printsNullWhereNothingWasReceived();
    void isSilentInAPipe();
    void keepsRowsWhenInterrupted();
    void endsTheDemoServerOnInterrupt();
    void helps_data();
    void helps();
};

void TestCli::fetchesTheSameRowsInEveryForm_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("accept");
    QTest::addColumn<QString>("coding");
    const struct
    {
        const char *name;
        const char *path;
        const char *accept;
    } forms[] = {{"ndjson", "/api/users/stream", "application/x-ndjson"},
                 {"json", "/api/users", "application/json"},
                 {"csv", "/api/users.csv", "text/csv"}};
    for (const auto &form : forms) {
        for (const auto *coding : {"identity", "gzip", "zstd", "br"})
            QTest::addRow("%s, %s", form.name, coding)
                << QString::fromUtf8(form.path) << QString::fromUtf8(form.accept)
                << QString::fromUtf8(coding);
    }
}

void TestCli::fetchesTheSameRowsInEveryForm()
{
    QFETCH(QString, path);
    QFETCH(QString, accept);
    QFETCH(QString, coding);
    const CliRun got =
        run(u"get"_s, {url(path + u"?rows=3000"_s), u"-H"_s, u"Accept: "_s + accept,
                       u"--accept-encoding"_s, coding, u"--name"_s, u"users"_s, u"--json"_s});
    QCOMPARE(got.errors, QByteArray());
    QCOMPARE(got.exitCode, 0);
    const QJsonObject summary = got.json();
    QCOMPARE(summary[u"rows"].toInteger(), 3000);
    QCOMPARE(summary[u"rejected"].toInteger(), 0);
    QCOMPARE(summary[u"verdict"].toString(), u"verified"_s);
    if (coding == u"identity"_s)
        QCOMPARE(summary[u"bytes_wire"].toInteger(), summary[u"bytes_decoded"].toInteger());
    else
        QVERIFY(summary[u"bytes_wire"].toInteger() < summary[u"bytes_decoded"].toInteger());

    // Columns whose values have the same text in every form, a nested one and free text among
    // them; what the server says of itself as NDJSON is the measure.
    const auto shown = run(u"show"_s, {u"users"_s, u"--columns"_s,
                                       u"id,name,email,balance,created_at,address.zip,note"_s});
    QCOMPARE(shown.exitCode, 0);
    static QByteArray s_measure;
    if (s_measure.isEmpty()) {
        s_measure = shown.output;
        QVERIFY(s_measure.startsWith("{\"id\":90071992547409"));
        QCOMPARE(shown.lines().size(), 3000);
    }
    QVERIFY2(shown.output == s_measure, "the rows differ between two forms");
}

void TestCli::endsWithTheRightExitCode_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<int>("rows"); // -1: no dataset
    const auto row = [](const char *name, const char *path, const QStringList &options,
                        int exitCode, int rows) {
        QTest::newRow(name) << QString::fromUtf8(path) << options << exitCode << rows;
    };
    const QStringList none;
    row("verified", "/api/users/stream?rows=50", none, 0, 50);
    row("ended", "/api/users/stream?rows=50&total=no", none, 0, 50);
    row("no rows", "/api/users/stream?rows=0&total=no", none, 0, 0);
    row("limit", "/api/users/stream?rows=50", {u"--limit"_s, u"7"_s}, 3, 7);
    row("cut between rows", "/api/users/stream?rows=5000&fault=cut:100", none, 3, 100);
    row("cut in a row", "/api/users/stream?rows=5000&fault=cut-row:100", none, 3, 100);
    row("array cut between rows", "/api/users?rows=5000&fault=cut:100", none, 3, 100);
    row("gzip cut in a row", "/api/users/stream?rows=5000&fault=cut-row:100",
        {u"--accept-encoding"_s, u"gzip"_s}, 3, 100);
    row("length too long", "/api/users/stream?rows=50&fault=length:9", none, 3, 50);
    row("bad rows set aside", "/api/users/stream?rows=50&fault=bad:10", none, 0, 45);
    row("bad row stops", "/api/users/stream?rows=50&fault=bad:10", {u"--on-bad-row"_s, u"stop"_s},
        3, 9);
    row("all pages, found by itself", "/api/users?rows=500&cursor=", {u"--page"_s, u"auto"_s}, 0,
        500);
    row("all pages by offset", "/api/users?rows=500&offset=0",
        {u"--page"_s, u"offset"_s, u"--page-size"_s, u"60"_s}, 0, 500);
    row("all pages by a cursor of another name", "/api/users?rows=500&cursor=",
        {u"--page"_s, u"cursor"_s, u"--page-from"_s, u"$.nextCursor"_s, u"--page-param"_s,
         u"cursor"_s},
        0, 500);
    row("a first page alone", "/api/users?rows=500&cursor=", none, 3, 100);
    row("a page that fails", "/api/users?rows=500&cursor=&fault=error:250",
        {u"--page"_s, u"cursor"_s}, 3, 200);
    row("not found", "/api/nothing", none, 4, -1);
    row("bad parameter", "/api/users?rows=many", none, 4, -1);
}

void TestCli::endsWithTheRightExitCode()
{
    QFETCH(QString, path);
    QFETCH(QStringList, options);
    QFETCH(int, exitCode);
    QFETCH(int, rows);
    const CliRun got = run(u"get"_s, QStringList{url(path), u"--name"_s, u"users"_s, u"--json"_s,
                                                 u"--retries"_s, u"0"_s} +
                                         options);
    QCOMPARE(got.exitCode, exitCode);
    const auto shown = run(u"show"_s, {u"users"_s, u"--columns"_s, u"id"_s});
    if (rows < 0) {
        QCOMPARE(shown.exitCode, 2);
        QVERIFY(got.json()[u"dataset"].isNull());
        return;
    }
    QCOMPARE(got.json()[u"rows"].toInt(), rows);
    const bool isIncomplete = exitCode == 3;
    QCOMPARE(got.json()[u"verdict"].toString() == u"incomplete"_s, isIncomplete);
    if (rows > 0)
        QCOMPARE(shown.lines().size(), rows);
}

void TestCli::saysWhatHappened_data()
{
    QTest::addColumn<QStringList>("arguments"); // {URL} stands for the server
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QStringList>("words");
    const auto row = [](const char *name, const QStringList &arguments, int exitCode,
                        const QStringList &words) {
        QTest::newRow(name) << arguments << exitCode << words;
    };
    row("refused", {u"get"_s, u"{URL}/nothing?token=hunter2"_s}, 4,
        {u"refused: "_s, u"404"_s, u"nothing is kept"_s, u"Check the path"_s});
    row("cut",
        {u"get"_s, u"{URL}/api/users/stream?rows=9000&fault=cut:100"_s, u"--retries"_s, u"0"_s}, 3,
        {u"connection was lost"_s, u"100 rows are kept as \"users\""_s});
    row("no such file", {u"get"_s, u"/nowhere/rows.csv"_s}, 5, {u"/nowhere/rows.csv"_s});
    row("no such dataset", {u"show"_s, u"nothing"_s}, 2, {u"no such dataset"_s, u"ls"_s});
    row("no command", {u"fetch"_s}, 2, {u"no command fetch"_s, u"--help"_s});
    row("no such option", {u"get"_s, u"--fast"_s, u"x"_s}, 2, {u"no option --fast"_s});
    row("too many operands", {u"ls"_s, u"a"_s}, 2, {u"usage: freshet-cli ls"_s});
    row("limit that is no number", {u"get"_s, u"x"_s, u"--limit"_s, u"ten"_s}, 2,
        {u"--limit needs a whole number"_s});
    row("unknown style of pages", {u"get"_s, u"x"_s, u"--page"_s, u"sideways"_s}, 2,
        {u"--page is auto, offset"_s});
    row("a page option without a style", {u"get"_s, u"x"_s, u"--page-size"_s, u"9"_s}, 2,
        {u"--page-size needs --page"_s});
    row("a place that cannot be",
        {u"get"_s, u"http://127.0.0.1/"_s, u"--page"_s, u"next"_s, u"--page-from"_s,
         u"$.links[0]"_s},
        2, {u"$.links[0]"_s});
    row("unknown format", {u"get"_s, u"x"_s, u"--format"_s, u"xls"_s}, 2, {u"--format"_s});
    row("unknown file type", {u"get"_s, u"x"_s, u"--save"_s, u"rows.xyz"_s}, 2, {u"rows.xyz"_s});
    row("a header without a colon", {u"get"_s, u"x"_s, u"-H"_s, u"hunter2"_s}, 2, {u"-H"_s});
    row("wrong scheme", {u"get"_s, u"gopher://127.0.0.1/"_s}, 2, {});
    row("library in an impossible place",
        {u"get"_s, u"{URL}/api/users?rows=3"_s, u"--library"_s, u"/proc/freshet"_s}, 5,
        {u"/proc/freshet"_s});
}

void TestCli::saysWhatHappened()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QStringList, words);
    arguments.replaceInStrings(u"{URL}"_s, url(QString()));
    const QString command = arguments.takeFirst();
    const CliRun got = run(command, arguments);
    QCOMPARE(got.exitCode, exitCode);
    QVERIFY(got.errors.startsWith("freshet-cli: "));
    for (const auto &word : words)
        QVERIFY2(got.errors.contains(word.toUtf8()), got.errors.constData());
    QVERIFY2(!got.errors.contains("hunter2"), got.errors.constData());
}

void TestCli::printsOneJsonObject()
{
    const CliRun got =
        run(u"get"_s, {url(u"/api/users/stream?rows=10"_s), u"--json"_s, u"--name"_s, u"users"_s});
    QCOMPARE(got.exitCode, 0);
    QCOMPARE(got.lines().size(), 1);
    const QJsonObject summary = got.json();
    const QStringList expected = {
        u"bytes_decoded"_s, u"bytes_wire"_s, u"dataset"_s, u"error"_s,
        u"evidence"_s,      u"format"_s,     u"id"_s,      u"peak_rss_bytes"_s,
        u"rejected"_s,      u"resume"_s,     u"retries"_s, u"rows"_s,
        u"run"_s,           u"saved"_s,      u"schema"_s,  u"state"_s,
        u"timing"_s,        u"verdict"_s};
    QCOMPARE(summary.keys(), expected);
    QCOMPARE(summary[u"dataset"].toString(), u"users"_s);
    QCOMPARE(summary[u"evidence"].toArray().first().toString(), u"X-Total-Count 10 = rows 10"_s);
    QCOMPARE(summary[u"timing"].toObject().keys(),
             QStringList({u"connect_ms"_s, u"first_row_ms"_s, u"total_ms"_s, u"ttfb_ms"_s}));
    QVERIFY(summary[u"timing"][u"first_row_ms"].toDouble() > 0);
    QVERIFY(summary[u"peak_rss_bytes"].toInteger() > 1'000'000);
    const QJsonObject first = summary[u"schema"].toArray().first().toObject();
    QCOMPARE(first[u"name"].toString(), u"id"_s);
    QCOMPARE(first[u"type"].toString(), u"int64"_s);
}

void TestCli::printsNullWhereNothingWasReceived()
{
    const CliRun got = run(u"get"_s, {url(u"/api/nothing"_s), u"--json"_s});
    QCOMPARE(got.exitCode, 4);
    QCOMPARE(got.lines().size(), 1);
    QVERIFY(got.json()[u"dataset"].isNull());
    QCOMPARE(got.json()[u"error"][u"code"].toString(), u"HttpStatus"_s);
    QCOMPARE(got.json()[u"error"][u"native_code"].toInt(), 404);
    QCOMPARE(run(u"ls"_s, {u"--json"_s}).json()[u"datasets"].toArray().size(), 0);
}

void TestCli::isSilentInAPipe()
{
    const CliRun got = run(u"get"_s, {url(u"/api/users/stream?rows=20000"_s), u"-q"_s});
    QCOMPARE(got.exitCode, 0);
    QCOMPARE(got.output, QByteArray());
    QCOMPARE(got.errors, QByteArray());
}

void TestCli::keepsRowsWhenInterrupted()
{
    QProcess process;
    CliProcess(inFolder(u"library"_s))
        .start(process, u"get"_s,
               {url(u"/api/users/stream?rows=1000000&rate=1000"_s), u"--json"_s, u"--name"_s,
                u"users"_s});
    QVERIFY(process.waitForStarted());
    const auto committed = [this]() -> std::int64_t {
        const auto library = store::Library::open(inFolder(u"library"_s).toStdString());
        if (!library)
            return 0;
        const auto record = (*library)->find("users");
        return record ? record->rows.value() : 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(committed() > 0, 60'000);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    const CliRun got = CliProcess::finish(process);
    QCOMPARE(got.exitCode, 130);
    const auto rows = got.json()[u"rows"].toInteger();
    QVERIFY(rows > 0);
    QCOMPARE(got.json()[u"verdict"].toString(), u"incomplete"_s);
    QVERIFY(got.json()[u"evidence"][0].toString().startsWith(u"cancelled by the user after"));
    QVERIFY(got.errors.contains("rows are kept as \"users\""));
    QCOMPARE(run(u"show"_s, {u"users"_s, u"--columns"_s, u"id"_s}).lines().size(), rows);
}

void TestCli::endsTheDemoServerOnInterrupt()
{
    QProcess process;
    CliProcess(inFolder(u"library"_s)).start(process, u"demo"_s, {});
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 60'000);
    const QString origin = QString::fromUtf8(process.readLine()).trimmed();
    QVERIFY(origin.startsWith(u"http://127.0.0.1:"));
    const CliRun got = run(u"get"_s, {origin + u"/api/users?rows=5"_s, u"--json"_s});
    QCOMPARE(got.json()[u"rows"].toInt(), 5);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGTERM), 0);
    QCOMPARE(CliProcess::finish(process).exitCode, 0);
}

void TestCli::helps_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("program") << QStringList{u"--help"_s} << QByteArray("freshet-cli get");
    QTest::newRow("version") << QStringList{u"--version"_s}
                             << QByteArray("freshet-cli " FRESHET_VERSION);
    for (const auto *command : {"get", "show", "ls", "sql", "save", "rm", "demo"})
        QTest::newRow(command) << QStringList{QString::fromUtf8(command), u"--help"_s}
                               << QByteArray("freshet-cli ") + command;
}

void TestCli::helps()
{
    QFETCH(QStringList, words);
    QFETCH(QByteArray, expected);
    QProcess process;
    process.start(CliProcess::program(), words);
    const CliRun got = CliProcess::finish(process);
    QCOMPARE(got.exitCode, 0);
    QVERIFY(got.output.contains(expected));
    QCOMPARE(got.errors, QByteArray());
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
