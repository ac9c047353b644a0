// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_process.h"
#include "demo/demo_server.h"
#include "demo/users_table.h"
#include "store/library.h"

#include <QJsonArray>
#include <QTemporaryDir>

#include <csignal>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using namespace Qt::Literals::StringLiterals;

/// Exports of the demo server by the program, from the request to the table.
class TestCliJobs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void opensAnExport_data();
    void opensAnExport();
    void goesOnAfterAKill();
    void saysThatTheJobFailed();
    void stopsAtALimit_data();
    void stopsAtALimit();
    void refusesOptions_data();
    void refusesOptions();

private:
    CliRun run(const QString &command, const QStringList &arguments) const
    {
        return CliProcess(m_folder->filePath(u"library"_s)).run(command, arguments);
    }
    QString url(const QString &query) const
    {
        return QString::fromStdString(m_server->origin()) + u"/api/export/request?"_s + query;
    }
    /// What the library keeps of the dataset "users" to go on with.
    QByteArray resumePoint() const
    {
        const auto library = store::Library::open(m_folder->filePath(u"library"_s).toStdString());
        const auto record = library ? (*library)->find("users") : fail(library.error());
        return record ? QByteArray::fromStdString(record->resumePoint) : QByteArray();
    }
    /// Names of the table's first rows.
    static QList<QByteArray> expectedNames(int rows);

    std::unique_ptr<demo::DemoServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCliJobs::initTestCase()
{
    auto server = demo::DemoServer::start();
    QVERIFY(server.has_value());
    m_server = std::move(*server);
}

void TestCliJobs::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QList<QByteArray> TestCliJobs::expectedNames(int rows)
{
    QList<QByteArray> names;
    const demo::UsersTable table(1);
    for (int row = 0; row < rows; ++row) {
        std::string text;
        table.appendJson(text, row);
        names << QJsonDocument::fromJson(QByteArray::fromStdString(text))[u"name"_s]
                     .toString()
                     .toUtf8();
    }
    return names;
}

void TestCliJobs::opensAnExport_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("rows");
    QTest::newRow("CSV") << u"rows=2000&seconds=0.2"_s << u"POST"_s << 2000;
    QTest::newRow("CSV in three parts") << u"rows=2000&parts=3&seconds=0"_s << u"POST"_s << 2000;
    QTest::newRow("gzipped NDJSON")
        << u"rows=2000&format=ndjson.gz&seconds=0"_s << u"POST"_s << 2000;
    QTest::newRow("gzipped NDJSON in parts")
        << u"rows=2001&format=ndjson.gz&parts=2&seconds=0"_s << u"POST"_s << 2001;
    QTest::newRow("Parquet") << u"rows=2000&format=parquet&seconds=0"_s << u"POST"_s << 2000;
    QTest::newRow("Parquet in parts")
        << u"rows=2001&format=parquet&parts=3&seconds=0"_s << u"POST"_s << 2001;
    QTest::newRow("links that hold a moment only")
        << u"rows=2000&parts=2&seconds=0&expires=1"_s << u"POST"_s << 2000;
}

void TestCliJobs::opensAnExport()
{
    QFETCH(QString, query);
    QFETCH(QString, method);
    QFETCH(int, rows);

    const CliRun got =
        run(u"get"_s, {url(query), u"--method"_s, method, u"--job"_s, u"--name"_s, u"users"_s,
                       u"-H"_s, u"Authorization: Bearer t0ken"_s, u"--json"_s});
    QVERIFY2(got.exitCode == 0, got.errors.constData());
    const QJsonObject summary = got.json();
    QCOMPARE(summary[u"rows"].toInt(), rows);
    QCOMPARE(summary[u"verdict"].toString(), u"verified"_s);
    QByteArray evidence;
    for (const auto &sentence : summary[u"evidence"].toArray())
        evidence += sentence.toString().toUtf8() + '\n';
    QVERIFY2(evidence.contains("the export job"), evidence.constData());
    QVERIFY2(!got.output.contains("signature=") || got.output.contains("signature=***"),
             got.output.constData());

    const CliRun names = run(u"sql"_s, {u"users"_s, u"select name from data"_s});
    QList<QByteArray> found;
    for (const QByteArray &line : names.lines())
        found << QJsonDocument::fromJson(line)[u"name"_s].toString().toUtf8();
    QCOMPARE(found, expectedNames(rows));
}

void TestCliJobs::goesOnAfterAKill()
{
    const CliProcess cli(m_folder->filePath(u"library"_s));
    QProcess process;
    cli.start(process, u"get"_s,
              {url(u"rows=5000&parts=2&seconds=8"_s), u"--method"_s, u"POST"_s, u"--job"_s,
               u"--name"_s, u"users"_s});
    QVERIFY(process.waitForStarted());
    // From the moment when the server has accepted the job, the library knows where to ask.
    QTRY_VERIFY_WITH_TIMEOUT(resumePoint().contains("statusUrl"), 30'000);
    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    QVERIFY(process.waitForFinished());

    const CliRun resumed = run(u"resume"_s, {u"users"_s, u"--json"_s});
    QVERIFY2(resumed.exitCode == 0, resumed.errors.constData());
    QVERIFY2(resumed.errors.contains("asks how far the export job is"), resumed.errors.constData());
    QCOMPARE(resumed.json()[u"rows"].toInt(), 5000);
    QCOMPARE(resumed.json()[u"verdict"].toString(), u"verified"_s);
}

void TestCliJobs::saysThatTheJobFailed()
{
    const CliRun got = run(u"get"_s, {url(u"rows=100&seconds=0&fail=1"_s), u"--method"_s, u"POST"_s,
                                      u"--job"_s, u"--name"_s, u"users"_s});
    QVERIFY(got.exitCode != 0);
    QVERIFY2(got.errors.contains("told to fail half-way"), got.errors.constData());
}

void TestCliJobs::stopsAtALimit_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<int>("limit");
    QTest::newRow("CSV") << u"csv"_s << 10;
    QTest::newRow("in the second part of CSV") << u"csv"_s << 700;
    QTest::newRow("Parquet") << u"parquet"_s << 10;
    QTest::newRow("in the second part of Parquet") << u"parquet"_s << 700;
}

void TestCliJobs::stopsAtALimit()
{
    QFETCH(QString, format);
    QFETCH(int, limit);
    const CliRun got = run(u"get"_s, {url(u"rows=1000&parts=2&seconds=0&format="_s + format),
                                      u"--method"_s, u"POST"_s, u"--job"_s, u"--name"_s, u"users"_s,
                                      u"--limit"_s, QString::number(limit), u"--json"_s});
    QCOMPARE(got.json()[u"rows"].toInt(), limit);
    QCOMPARE(got.exitCode, 3);
    const CliRun rest = run(u"resume"_s, {u"users"_s, u"--json"_s});
    QVERIFY2(rest.exitCode == 0, rest.errors.constData());
    QCOMPARE(rest.json()[u"rows"].toInt(), 1000);
    QCOMPARE(run(u"sql"_s, {u"users"_s, u"select count(distinct id) n from data"_s}).output,
             "{\"n\":1000}\n");
}

void TestCliJobs::refusesOptions_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("a place without a job")
        << QStringList{u"--job-status"_s, u"$.a"_s} << QByteArray("--job-status goes with --job");
    QTest::newRow("connections of rows")
        << QStringList{u"--connections"_s, u"2"_s}
        << QByteArray("--connections goes with --job or --download");
    QTest::newRow("no place") << QStringList{u"--job"_s, u"--job-state"_s, u"state"_s}
                              << QByteArray("no place in an answer");
    QTest::newRow("pages of a job") << QStringList{u"--job"_s, u"--page"_s, u"auto"_s}
                                    << QByteArray("an export job goes neither with pages");
    QTest::newRow("a profile over HTTP")
        << QStringList{u"--profile"_s, u"x"_s} << QByteArray("needs an s3:// URL");
}

void TestCliJobs::refusesOptions()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, says);
    const CliRun got = run(u"get"_s, QStringList{url(u"rows=1"_s)} + options);
    QCOMPARE(got.exitCode, 2);
    QVERIFY2(got.errors.contains(says), got.errors.constData());
}

QTEST_GUILESS_MAIN(TestCliJobs)
#include "tst_cli_jobs.moc"
