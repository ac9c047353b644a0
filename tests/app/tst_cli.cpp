// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "demo/demo_server.h"
#include "store/library.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>

#include <csignal>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(path));
    return file.readAll();
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be written", qPrintable(path));
}

} // namespace

/// The program itself against the demo server: what scripts depend on.
class TestCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

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
    void showsRanges_data();
    void showsRanges();
    void showsColumns();
    void queries();
    void savesFiles();
    void savesAPart();
    void leavesTheManifestOut();
    void warnsOfAnIncompleteExport();
    void verifiesADataset();
    void verifiesAFile();
    void showsBadRows();
    void stopsAfterTooManyBadRows();
    void downloadsAFile();
    void refusesOptionsOfRowsForAFile_data();
    void refusesOptionsOfRowsForAFile();
    void readsLocalFiles();
    void sendsWhatItIsTold();
    void keepsAndRunsARecipe();
    void keepsTheLastRows();
    void listsAndRemoves();
    void namesDatasetsApart();
    void helps_data();
    void helps();

private:
    QString url(const QString &rest) const;
    QString inFolder(const QString &name) const { return m_folder->filePath(name); }
    CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(inFolder(u"library"_s)).run(command, arguments);
    }
    /// Fetch N rows as the dataset `users`.
    void fetchUsers(int rows) const;

    std::unique_ptr<demo::DemoServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCli::initTestCase()
{
    auto server = demo::DemoServer::start();
    QVERIFY(server.has_value());
    m_server = std::move(*server);
}

void TestCli::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestCli::url(const QString &rest) const
{
    return QString::fromStdString(m_server->origin()) + rest;
}

void TestCli::fetchUsers(int rows) const
{
    const CliRun got =
        run(u"get"_s, {url(u"/api/users/stream?rows=%1"_s.arg(rows)), u"--name"_s, u"users"_s});
    if (got.exitCode != 0)
        qFatal("get: %d %s", got.exitCode, got.errors.data());
}

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
    row("too many operands", {u"get"_s, u"a"_s, u"b"_s}, 2, {u"usage: freshet-cli get"_s});
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
    row("library in an impossible place", {u"ls"_s, u"--library"_s, u"/proc/freshet"_s}, 5,
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

void TestCli::showsRanges_data()
{
    QTest::addColumn<QString>("range");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("count"); // -1: usage error
    QTest::newRow("middle") << u"100:103"_s << 100 << 3;
    QTest::newRow("from the start") << u":2"_s << 0 << 2;
    QTest::newRow("to the end") << u"1990:"_s << 1990 << 10;
    QTest::newRow("empty") << u"5:5"_s << 5 << 0;
    QTest::newRow("beyond the end") << u"1999:5000"_s << 1999 << 1;
    QTest::newRow("backwards") << u"9:5"_s << 0 << -1;
    QTest::newRow("no range") << u"5"_s << 0 << -1;
}

void TestCli::showsRanges()
{
    QFETCH(QString, range);
    QFETCH(int, first);
    QFETCH(int, count);
    fetchUsers(2000);
    const CliRun shown = run(u"show"_s, {u"users"_s, u"--rows"_s, range});
    QCOMPARE(shown.exitCode, count < 0 ? 2 : 0);
    QCOMPARE(shown.lines().size(), std::max(count, 0));
    if (count > 0) {
        const CliRun all = run(u"show"_s, {u"users"_s});
        QCOMPARE(shown.lines(), all.lines().mid(first, count));
    }
}

void TestCli::showsColumns()
{
    fetchUsers(3);
    const CliRun shown = run(
        u"show"_s, {u"users"_s, u"--columns"_s, u"address.city,id"_s, u"--columns"_s, u"name"_s});
    QCOMPARE(shown.exitCode, 0);
    static const QRegularExpression kLine(
        u"^\\{\"address.city\":\"[^\"]+\",\"id\":90\\d+,\"name\":\"[^\"]+\"\\}$"_s);
    for (const auto &line : shown.lines())
        QVERIFY2(kLine.match(QString::fromUtf8(line)).hasMatch(), line.constData());
    QCOMPARE(run(u"show"_s, {u"users"_s, u"--columns"_s, u"nothing"_s}).exitCode, 2);
}

void TestCli::queries()
{
    fetchUsers(2000);
    const CliRun counted =
        run(u"sql"_s, {u"users"_s, u"select count(*) as n, min(id) as least from data"_s});
    QCOMPARE(counted.exitCode, 0);
    const CliRun first =
        run(u"show"_s, {u"users"_s, u"--rows"_s, u":1"_s, u"--columns"_s, u"id"_s});
    const QByteArray id = first.output.mid(6, 16);
    QCOMPARE(counted.output, "{\"n\":2000,\"least\":" + id + "}\n");
    QCOMPARE(run(u"sql"_s, {u"users"_s, u"select nothing from data"_s}).exitCode, 2);
}

void TestCli::savesFiles()
{
    const QStringList files = {u"users.csv"_s, u"users.ndjson"_s, u"users.json"_s,
                               u"users.parquet"_s, u"users.arrow"_s};
    QStringList arguments{url(u"/api/users/stream?rows=1000"_s), u"--json"_s, u"--name"_s,
                          u"users"_s};
    for (const auto &file : files)
        arguments << u"--save"_s << inFolder(file);
    const CliRun got = run(u"get"_s, arguments);
    QCOMPARE(got.exitCode, 0);
    QCOMPARE(got.json()[u"saved"].toArray().size(), files.size());
    for (const auto &file : files)
        QVERIFY(QFile::exists(inFolder(file)));
    QCOMPARE(got.json()[u"saved"][0][u"rows"].toInt(), 1000);
    QCOMPARE(got.json()[u"saved"][0][u"bytes"].toInt(), QFile(inFolder(files[0])).size());
    QCOMPARE(readFile(inFolder(u"users.ndjson"_s)), run(u"show"_s, {u"users"_s}).output);

    // What was saved comes back as the same rows.
    for (const auto &file : {u"users.csv"_s, u"users.ndjson"_s, u"users.json"_s}) {
        QCOMPARE(run(u"get"_s, {inFolder(file), u"--name"_s, file}).exitCode, 0);
        const QString columns = u"id,balance,created_at,note"_s;
        QCOMPARE(run(u"show"_s, {file, u"--columns"_s, columns}).output,
                 run(u"show"_s, {u"users"_s, u"--columns"_s, columns}).output);
    }
}

void TestCli::savesAPart()
{
    fetchUsers(1000);
    const QString file = inFolder(u"some.csv"_s);
    const CliRun saved = run(u"save"_s, {u"users"_s, file, u"--columns"_s, u"id,country"_s,
                                         u"--where"_s, u"country = 'DE'"_s});
    QCOMPARE(saved.exitCode, 0);
    QVERIFY(saved.output.startsWith(QByteArray("saved " + file.toUtf8())));
    const QList<QByteArray> lines = readFile(file).split('\n');
    QCOMPARE(lines.first(), QByteArray("id,country"));
    QVERIFY(lines.size() > 10);
    for (qsizetype i = 1; i + 1 < lines.size(); ++i)
        QVERIFY(lines[i].endsWith(",DE"));
    QCOMPARE(run(u"save"_s, {u"users"_s, inFolder(u"x.bin"_s)}).exitCode, 2);
    QCOMPARE(run(u"save"_s, {u"users"_s, u"/nowhere/x.csv"_s}).exitCode, 5);
    QCOMPARE(run(u"save"_s, {u"users"_s, inFolder(u"x.bin"_s), u"--format"_s, u"csv"_s}).exitCode,
             0);
}

void TestCli::leavesTheManifestOut()
{
    fetchUsers(10);
    const QString file = inFolder(u"users.csv"_s);
    QCOMPARE(run(u"save"_s, {u"users"_s, file}).exitCode, 0);
    QVERIFY(QFile::exists(file + u".manifest.json"_s));
    QCOMPARE(run(u"save"_s, {u"users"_s, file, u"--no-manifest"_s}).exitCode, 0);
    QVERIFY(!QFile::exists(file + u".manifest.json"_s));
}

void TestCli::warnsOfAnIncompleteExport()
{
    const QString early = inFolder(u"early.csv"_s);
    const CliRun got = run(u"get"_s, {url(u"/api/users/stream?rows=50"_s), u"--name"_s, u"users"_s,
                                      u"--limit"_s, u"20"_s, u"--quiet"_s, u"--save"_s, early});
    QCOMPARE(got.exitCode, 3);
    const QByteArray warning = " holds an incomplete dataset: limit of 20 rows reached";
    QVERIFY2(got.errors.contains(QByteArray(early.toUtf8() + warning)), got.errors.constData());
    const QString late = inFolder(u"late.csv"_s);
    const CliRun saved = run(u"save"_s, {u"users"_s, late});
    QCOMPARE(saved.exitCode, 0);
    QVERIFY2(saved.errors.contains(QByteArray(late.toUtf8() + warning)), saved.errors.constData());
    for (const QString &file : {early, late}) {
        const auto manifest =
            QJsonDocument::fromJson(readFile(file + u".manifest.json"_s)).object();
        QCOMPARE(manifest[u"verdict"].toString(), u"incomplete"_s);
        QCOMPARE(manifest[u"rows"].toInt(), 20);
        QCOMPARE(run(u"verify"_s, {file}).exitCode, 3);
    }
}

void TestCli::verifiesADataset()
{
    fetchUsers(2000);
    const CliRun sound = run(u"verify"_s, {u"users"_s, u"--json"_s});
    QCOMPARE(sound.exitCode, 0);
    QCOMPARE(sound.json()[u"kind"].toString(), u"dataset"_s);
    QCOMPARE(sound.json()[u"sound"].toBool(), true);
    QCOMPARE(sound.json()[u"rows"].toInt(), 2000);
    QVERIFY(sound.json()[u"evidence"].toArray().size() > 0);

    const QString folder = inFolder(u"library/datasets/"_s) + sound.json()[u"id"].toString();
    const QString part =
        QDir(folder).filePath(QDir(folder).entryList({u"*.arrow"_s}, QDir::Files).value(0));
    QByteArray bytes = readFile(part);
    bytes.truncate(bytes.size() - 1000);
    writeFile(part, bytes);
    const CliRun damaged = run(u"verify"_s, {u"users"_s, u"--json"_s});
    QCOMPARE(damaged.exitCode, 5);
    QCOMPARE(damaged.json()[u"sound"].toBool(), false);
    QVERIFY(damaged.json()[u"damage"][0][u"detail"].toString().contains(part));
    QCOMPARE(run(u"verify"_s, {u"nobody"_s}).exitCode, 2);
}

void TestCli::verifiesAFile()
{
    fetchUsers(100);
    const QString file = inFolder(u"users.parquet"_s);
    QCOMPARE(run(u"save"_s, {u"users"_s, file}).exitCode, 0);
    const CliRun sound = run(u"verify"_s, {file, u"--json"_s});
    QCOMPARE(sound.exitCode, 0);
    QCOMPARE(sound.json()[u"kind"].toString(), u"file"_s);
    QCOMPARE(sound.json()[u"rows"].toInt(), 100);
    QCOMPARE(sound.json()[u"differences"].toArray().size(), 0);
    writeFile(file, readFile(file) + "x");
    const CliRun longer = run(u"verify"_s, {file, u"--json"_s});
    QCOMPARE(longer.exitCode, 3);
    QVERIFY(longer.json()[u"differences"].toArray().size() >= 2);
    QVERIFY(QFile::remove(file + u".manifest.json"_s));
    QCOMPARE(run(u"verify"_s, {file}).exitCode, 5);
    QVERIFY(QFile::remove(file));
    QCOMPARE(run(u"verify"_s, {file}).exitCode, 5);
}

void TestCli::showsBadRows()
{
    const QByteArray notUtf8 = "{\"id\":\xff}";
    writeFile(inFolder(u"bad.ndjson"_s),
              "{\"id\":1}\nnonsense, \"quoted\"\n{\"id\":2}\n" + notUtf8 + "\n{\"id\":3}\n");
    QCOMPARE(run(u"get"_s, {inFolder(u"bad.ndjson"_s), u"--name"_s, u"bad"_s}).exitCode, 0);

    const auto rows = run(u"rejects"_s, {u"bad"_s, u"--json"_s}).lines();
    QCOMPARE(rows.size(), 2);
    const auto first = QJsonDocument::fromJson(rows[0]).object();
    QCOMPARE(first[u"line"].toInt(), 2);
    QCOMPARE(first[u"byte_offset"].toInt(), 10); // where no JSON can go on
    QCOMPARE(first[u"raw"].toString(), u"nonsense, \"quoted\""_s);
    QVERIFY(!first[u"reason"].toString().isEmpty());
    const auto second = QJsonDocument::fromJson(rows[1]).object();
    QVERIFY(second[u"raw"].isNull());
    QCOMPARE(QByteArray::fromBase64(second[u"raw_base64"].toString().toLatin1()), notUtf8);

    QCOMPARE(run(u"rejects"_s, {u"bad"_s, u"--json"_s, u"--rows"_s, u"1:"_s}).output,
             rows[1] + '\n');
    const QString csv = inFolder(u"bad.csv"_s);
    QCOMPARE(run(u"rejects"_s, {u"bad"_s, u"--save"_s, csv}).exitCode, 0);
    const auto lines = readFile(csv).split('\n');
    QCOMPARE(lines[0], QByteArray("line,byte_offset,code,reason,raw,raw_base64"));
    QVERIFY(lines[1].startsWith("2,10,SyntaxError,"));
    QVERIFY(lines[1].endsWith(",\"nonsense, \"\"quoted\"\"\","));
    QVERIFY(lines[2].endsWith(QByteArray(",," + notUtf8.toBase64())));
    QVERIFY(run(u"rejects"_s, {u"bad"_s}).output.contains("line 2, byte 10: SyntaxError"));
    QCOMPARE(run(u"rejects"_s, {u"bad"_s, u"--save"_s, inFolder(u"bad.xml"_s)}).exitCode, 2);
}

void TestCli::stopsAfterTooManyBadRows()
{
    writeFile(inFolder(u"bad.ndjson"_s), "{\"id\":1}\n" + QByteArray("no\n").repeated(20));
    const CliRun got = run(u"get"_s, {inFolder(u"bad.ndjson"_s), u"--format"_s, u"ndjson"_s,
                                      u"--max-bad-rows"_s, u"5"_s, u"--json"_s});
    QCOMPARE(got.exitCode, 3);
    QCOMPARE(got.json()[u"verdict"].toString(), u"incomplete"_s);
    QVERIFY(got.json()[u"rejected"].toInt() <= 6);
    QCOMPARE(run(u"get"_s, {inFolder(u"bad.ndjson"_s), u"--max-bad-rows"_s, u"x"_s}).exitCode, 2);
}

void TestCli::downloadsAFile()
{
    const QString file = inFolder(u"rows.bin"_s);
    const QString source = url(u"/api/users/stream?rows=50"_s);
    const CliRun got = run(u"get"_s, {source, u"--download"_s, file, u"--json"_s});
    QVERIFY2(got.exitCode == 0, got.errors.constData());
    QCOMPARE(readFile(file).count('\n'), 50);
    QCOMPARE(got.json()[u"bytes"].toInt(), readFile(file).size());
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
    QCOMPARE(readFile(file).count('\n'), 50);
}

void TestCli::refusesOptionsOfRowsForAFile_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("--save") << QStringList{u"--download"_s, u"x"_s, u"--save"_s, u"x.csv"_s};
    QTest::newRow("--format") << QStringList{u"--download"_s, u"x"_s, u"--format"_s, u"csv"_s};
    QTest::newRow("--limit") << QStringList{u"--download"_s, u"x"_s, u"--limit"_s, u"5"_s};
    QTest::newRow("short digest") << QStringList{u"--download"_s, u"x"_s, u"--sha256"_s, u"ab"_s};
    QTest::newRow("digest without a file") << QStringList{u"--sha256"_s, u"beside"_s};
}

void TestCli::refusesOptionsOfRowsForAFile()
{
    QFETCH(QStringList, options);
    QCOMPARE(run(u"get"_s, QStringList{url(u"/api/users/stream?rows=5"_s)} + options).exitCode, 2);
}

void TestCli::readsLocalFiles()
{
    const QString file = inFolder(u"rows.csv"_s);
    writeFile(file, "id;name\n1;a\n2;b\n");
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

void TestCli::sendsWhatItIsTold()
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

void TestCli::keepsAndRunsARecipe()
{
    const QString file = inFolder(u"users.recipe.json"_s);
    const CliRun kept = run(u"get"_s, {url(u"/api/users?rows=30&token=hunter2"_s), u"-H"_s,
                                       u"Authorization: Bearer hunter2"_s, u"--limit"_s, u"20"_s,
                                       u"--save-recipe"_s, file, u"--json"_s});
    QCOMPARE(kept.json()[u"rows"].toInt(), 20);
    const QByteArray text = readFile(file);
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

void TestCli::keepsTheLastRows()
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

void TestCli::listsAndRemoves()
{
    QVERIFY(run(u"ls"_s, {}).output.contains("empty"));
    fetchUsers(1234);
    const CliRun table = run(u"ls"_s, {});
    QCOMPARE(table.exitCode, 0);
    QCOMPARE(table.lines().size(), 2);
    QVERIFY(table.lines()[1].startsWith("users"));
    QVERIFY(table.lines()[1].contains("✓ verified"));
    QVERIFY(table.lines()[1].contains("1,234"));
    const QJsonObject listed = run(u"ls"_s, {u"--json"_s}).json();
    QCOMPARE(listed[u"datasets"][0][u"rows"].toInt(), 1234);
    QCOMPARE(run(u"rm"_s, {u"users"_s, u"nothing"_s}).exitCode, 2);
    QCOMPARE(run(u"show"_s, {u"users"_s}).exitCode, 2);
}

void TestCli::namesDatasetsApart()
{
    const QString address = url(u"/api/users?rows=2"_s);
    QCOMPARE(run(u"get"_s, {address, u"--json"_s}).json()[u"dataset"].toString(), u"users"_s);
    QCOMPARE(run(u"get"_s, {address, u"--json"_s}).json()[u"dataset"].toString(), u"users-2"_s);
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
