// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo_users.h"
#include "app/file_sandbox.h"
#include "support/nginx_server.h"

#include <QDirIterator>

#include <csignal>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::csv;
using freshet::test::DemoUsers;
using freshet::test::evidenceOf;
using freshet::test::FileSandbox;
using freshet::test::lines;
using freshet::test::NginxServer;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

/// Datasets from files go on: after a limit, a broken file, kills, and from another source.
class TestCliFilesResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_box = std::make_unique<FileSandbox>(); }

    void stopsAtTheFileThatIsBroken();
    void goesOnInTheMiddleOfAFile_data();
    void goesOnInTheMiddleOfAFile();
    void noticesAFileThatChanged_data();
    void noticesAFileThatChanged();
    void noticesAnArchiveThatChangedBetweenItsFiles();
    void fetchesRemoteFiles();
    void fetchesADamagedFileAnew();
    void goesOnAfterKills();
    void syncsFromTheServiceBehindFiles_data();
    void syncsFromTheServiceBehindFiles();

private:
    const DemoUsers m_users;
    std::unique_ptr<FileSandbox> m_box;
};

void TestCliFilesResume::stopsAtTheFileThatIsBroken()
{
    m_box->write(u"1.csv"_s, csv(0, 5));
    m_box->writeTable(u"2.parquet"_s, 5, 10);
    m_box->write(u"3.csv"_s, csv(10, 15));
    QFile broken(m_box->path(u"2.parquet"_s));
    QVERIFY(broken.open(QIODevice::ReadWrite));
    QVERIFY(broken.resize(broken.size() - 20));
    broken.close();
    const CliRun loaded = m_box->get({m_box->path(u"?.*"_s), u"--name"_s, u"all"_s});
    QCOMPARE(loaded.exitCode, 3);
    QCOMPARE(loaded.json()[u"rows"].toInt(), 5);
    const QString evidence = evidenceOf(loaded);
    QVERIFY2(evidence.contains(u"2.parquet"_s) && evidence.contains(u"file 2 of 3"_s),
             qPrintable(evidence));
    // Put right, it goes on with that file.
    QVERIFY(QFile::remove(m_box->path(u"2.parquet"_s)));
    m_box->writeTable(u"2.parquet"_s, 5, 10);
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QCOMPARE(resumed.exitCode, 0);
    QCOMPARE(resumed.json()[u"rows"].toInt(), 15);
    QCOMPARE(resumed.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":15,\"d\":15}\n");
}

void TestCliFilesResume::goesOnInTheMiddleOfAFile_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("in text") << 1500;
    QTest::newRow("between files") << 2000;
    QTest::newRow("in a Parquet file") << 2500;
    QTest::newRow("in an Arrow file") << 3500;
    QTest::newRow("in an archive") << 4500;
}

void TestCliFilesResume::goesOnInTheMiddleOfAFile()
{
    if (!FileSandbox::canZip())
        QSKIP("zip is not installed");
    QFETCH(const int, limit);
    m_box->write(u"1.ndjson"_s, lines(0, 1000));
    m_box->write(u"2.csv"_s, csv(1000, 2000));
    m_box->writeTable(u"3.parquet"_s, 2000, 3000);
    m_box->writeTable(u"4.arrow"_s, 3000, 4000);
    m_box->write(u"m/a.csv"_s, csv(4000, 4300));
    m_box->write(u"m/b.csv"_s, csv(4300, 5000));
    QVERIFY(m_box->zip({u"-r"_s, u"5.zip"_s, u"m"_s}));
    const CliRun cut = m_box->get(
        {m_box->path(u"?.*"_s), u"--name"_s, u"all"_s, u"--limit"_s, QString::number(limit)});
    QCOMPARE(cut.exitCode, 3);
    QCOMPARE(cut.json()[u"rows"].toInt(), limit);
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    QCOMPARE(resumed.json()[u"rows"].toInt(), 5000);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":5000,\"d\":5000}\n");
    QCOMPARE(m_box->get({m_box->path(u"?.*"_s), u"--name"_s, u"whole"_s}).exitCode, 0);
    QCOMPARE(m_box->run(u"show"_s, {u"all"_s}).output, m_box->run(u"show"_s, {u"whole"_s}).output);
}

void TestCliFilesResume::noticesAFileThatChanged_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("text") << u"1.ndjson"_s;
    QTest::newRow("Parquet") << u"1.parquet"_s;
}

void TestCliFilesResume::noticesAFileThatChanged()
{
    QFETCH(const QString, file);
    const bool isText = file.endsWith(u".ndjson");
    const auto make = [&](int first) {
        if (isText)
            m_box->write(file, lines(first, first + 1000));
        else
            m_box->writeTable(file, first, first + 1000);
    };
    make(0);
    m_box->write(u"2.csv"_s, csv(5000, 5010));
    QCOMPARE(
        m_box->get({m_box->path(u"?.*"_s), u"--name"_s, u"all"_s, u"--limit"_s, u"500"_s}).exitCode,
        3);
    make(10);
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s});
    QVERIFY(resumed.exitCode != 0);
    QVERIFY2(resumed.errors.contains("changed") || resumed.errors.contains("not the file it was"),
             resumed.errors.constData());
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":500,\"d\":500}\n");
}

void TestCliFilesResume::noticesAnArchiveThatChangedBetweenItsFiles()
{
    if (!FileSandbox::canZip())
        QSKIP("zip is not installed");
    m_box->write(u"a.csv"_s, csv(0, 1000));
    m_box->write(u"b.csv"_s, csv(1000, 2000));
    QVERIFY(m_box->zip({u"all.zip"_s, u"a.csv"_s, u"b.csv"_s}));
    QCOMPARE(m_box->get({m_box->path(u"all.zip"_s), u"--name"_s, u"all"_s, u"--limit"_s, u"1000"_s})
                 .exitCode,
             3);
    // Whatever its first file holds now, its rows would be missing.
    m_box->write(u"a.csv"_s, csv(0, 1500));
    QVERIFY(QFile::remove(m_box->path(u"all.zip"_s)));
    QVERIFY(m_box->zip({u"all.zip"_s, u"a.csv"_s, u"b.csv"_s}));
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s});
    QVERIFY(resumed.exitCode != 0);
    QVERIFY2(resumed.errors.contains("not the file it was"), resumed.errors.constData());
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":1000,\"d\":1000}\n");
}

void TestCliFilesResume::fetchesADamagedFileAnew()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed");
    m_box->writeTable(u"good.parquet"_s, 0, 1000);
    QFile good(m_box->path(u"good.parquet"_s));
    QVERIFY(good.open(QIODevice::ReadOnly));
    QByteArray bytes = good.readAll();
    const QByteArray whole = bytes;
    bytes.replace(bytes.size() - 60, 40, QByteArray(40, 'x')); // in its footer
    m_box->write(u"www/1.parquet"_s, bytes);
    m_box->write(u"www/0.csv"_s, csv(1000, 1010));
    NginxServer server;
    QVERIFY(server.start({.folder = m_box->path(u"www"_s)}));
    const QString url = server.url(NginxServer::Scheme::Plain, u"/1.parquet"_s);
    const CliRun alone = m_box->run(u"get"_s, {url});
    QVERIFY(alone.exitCode > 1);
    QVERIFY2(alone.errors.contains("damaged at its source"), alone.errors.constData());
    const CliRun damaged =
        m_box->run(u"get"_s, {server.url(NginxServer::Scheme::Plain, u"/0.csv"_s), url, u"--name"_s,
                              u"all"_s});
    QCOMPARE(damaged.exitCode, 3);
    QVERIFY2(damaged.errors.contains("resume all fetches it anew"), damaged.errors.constData());
    const QString copy = m_box->path(u"copy.parquet"_s);
    const CliRun fetched = m_box->run(u"get"_s, {url, u"--download"_s, copy});
    QCOMPARE(fetched.exitCode, 0); // it is what the server has
    QVERIFY2(fetched.errors.contains("damaged at its source"), fetched.errors.constData());
    const CliRun local = m_box->run(u"get"_s, {copy});
    QVERIFY2(local.errors.contains("freshet-cli verify "), local.errors.constData());

    m_box->write(u"www/1.parquet"_s, whole);
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":1010,\"d\":1010}\n");
}

void TestCliFilesResume::fetchesRemoteFiles()
{
    if (!NginxServer::isInstalled() || !FileSandbox::canZip())
        QSKIP("nginx or zip is not installed");
    m_box->writeTable(u"www/1.parquet"_s, 0, 1000);
    m_box->write(u"www/2.csv"_s, csv(1000, 2000));
    QVERIFY(QFile::copy(m_box->path(u"www/1.parquet"_s), m_box->path(u"www/download"_s)));
    m_box->write(u"m/a.ndjson"_s, lines(2000, 3000));
    QVERIFY(m_box->zip({u"-r"_s, u"www/3.zip"_s, u"m"_s}));
    NginxServer server;
    QVERIFY(server.start({.folder = m_box->path(u"www"_s)}));
    const auto url = [&server](const QString &name) {
        return server.url(NginxServer::Scheme::Plain, u"/"_s + name);
    };
    const CliRun table = m_box->get({url(u"1.parquet"_s), u"--name"_s, u"table"_s});
    QVERIFY2(table.exitCode == 0, toldBy(table).constData());
    QCOMPARE(table.json()[u"rows"].toInt(), 1000);
    QVERIFY2(evidenceOf(table).contains(u"as the server states it = bytes of the file"_s),
             qPrintable(evidenceOf(table)));
    QVERIFY(table.json()[u"bytes_wire"].toInteger() > 0);
    // Nothing says what this one is but its bytes.
    const CliRun unnamed = m_box->get({url(u"download"_s), u"--name"_s, u"unnamed"_s});
    QVERIFY2(unnamed.exitCode == 0, toldBy(unnamed).constData());
    QCOMPARE(m_box->run(u"show"_s, {u"unnamed"_s}).output,
             m_box->run(u"show"_s, {u"table"_s}).output);

    const QStringList three{url(u"1.parquet"_s), url(u"2.csv"_s), url(u"3.zip"_s)};
    const CliRun all = m_box->get(three + QStringList{u"--name"_s, u"all"_s});
    QVERIFY2(all.exitCode == 0, toldBy(all).constData());
    QCOMPARE(all.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":3000,\"d\":3000}\n");
    for (const int limit : {500, 1500, 2500}) {
        const QString name = u"cut at "_s + QString::number(limit);
        QCOMPARE(
            m_box->get(three + QStringList{u"--name"_s, name, u"--limit"_s, QString::number(limit)})
                .exitCode,
            3);
        const CliRun resumed = m_box->run(u"resume"_s, {name, u"-q"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.errors.constData());
        QCOMPARE(m_box->run(u"show"_s, {name}).output, m_box->run(u"show"_s, {u"all"_s}).output);
    }
    // What was kept on the way is gone.
    QDirIterator kept(m_box->path(u"library/datasets"_s), {u"work"_s}, QDir::Dirs,
                      QDirIterator::Subdirectories);
    QVERIFY(!kept.hasNext());
}

void TestCliFilesResume::goesOnAfterKills()
{
    constexpr int kFiles = 12;
    constexpr int kRowsEach = 20'000;
    for (int i = 0; i < kFiles; ++i) {
        const QString name = u"data/part-"_s + QString::number(i);
        if (i % 3 == 2)
            m_box->writeTable(name + u".parquet"_s, i * kRowsEach, (i + 1) * kRowsEach);
        else
            m_box->write(name + u".ndjson"_s, lines(i * kRowsEach, (i + 1) * kRowsEach));
    }
    const CliProcess cli(m_box->path(u"library"_s));
    QProcess process;
    cli.start(process, u"get"_s, {m_box->path(u"data"_s), u"--name"_s, u"all"_s, u"-q"_s});
    int kills = 0;
    for (int round = 0; round < 4; ++round) {
        QVERIFY(process.waitForStarted());
        // Some rows are written, and it is in the middle of more.
        const auto hasRows = [&] {
            QDirIterator parts(m_box->path(u"library/datasets"_s), {u"part-*.arrow"_s}, QDir::Files,
                               QDirIterator::Subdirectories);
            qint64 size = 0;
            while (parts.hasNext())
                size += QFileInfo(parts.next()).size();
            return size > (round + 1) * 40'000 || process.state() == QProcess::NotRunning;
        };
        QVERIFY(QTest::qWaitFor(hasRows, 100'000));
        if (process.state() == QProcess::NotRunning)
            break;
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished());
        ++kills;
        cli.start(process, u"resume"_s, {u"all"_s, u"-q"_s});
    }
    QVERIFY(kills > 0);
    (void)CliProcess::finish(process);
    if (m_box->run(u"ls"_s, {u"--json"_s}).output.contains("incomplete"))
        QCOMPARE(m_box->run(u"resume"_s, {u"all"_s, u"-q"_s}).exitCode, 0);
    const QByteArray whole = QByteArray::number(kFiles * kRowsEach);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":" + whole + ",\"d\":" + whole + "}\n");
    QCOMPARE(m_box->run(u"sql"_s, {u"all"_s, u"select count(distinct file) f from data"_s}).output,
             "{\"f\":12}\n");
}

void TestCliFilesResume::syncsFromTheServiceBehindFiles_data()
{
    QTest::addColumn<QString>("suffix");
    for (const char *suffix : {"parquet", "arrow", "csv", "ndjson"})
        QTest::newRow(suffix) << QString::fromLatin1(suffix);
}

void TestCliFilesResume::syncsFromTheServiceBehindFiles()
{
    QFETCH(const QString, suffix);
    const QString file = m_box->path(u"export."_s + suffix);
    QCOMPARE(m_box->get({m_users.url(500), u"--name"_s, u"source"_s, u"--save"_s, file}).exitCode,
             0);
    QCOMPARE(m_box->get({file, u"--name"_s, u"users"_s}).exitCode, 0);
    const CliRun synced =
        m_box->run(u"sync"_s, {u"users"_s, u"--from"_s, m_users.url(800), u"--since"_s,
                               u"param=since,from=id,key=id"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(synced.exitCode == 0, toldBy(synced).constData());
    QCOMPARE(synced.json()[u"run"][u"added"].toInt(), 300);
    QCOMPARE(synced.json()[u"rows"].toInt(), 800);
    const CliRun whole = m_box->get({m_users.url(800), u"--name"_s, u"whole"_s});
    QCOMPARE(whole.exitCode, 0);
    if (suffix == u"parquet" || suffix == u"arrow") // whose types are those of the service
        QCOMPARE(synced.json()[u"schema"], whole.json()[u"schema"]);
    // In CSV a list is text, and stays so.
    const QString all =
        suffix == u"csv" ? u"select * exclude (tags) from data"_s : u"select * from data"_s;
    QCOMPARE(m_box->run(u"sql"_s, {u"users"_s, all}).output,
             m_box->run(u"sql"_s, {u"whole"_s, all}).output);
}

QTEST_GUILESS_MAIN(TestCliFilesResume)
#include "tst_cli_files_resume.moc"
