// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo_users.h"
#include "app/file_sandbox.h"

#include <QCryptographicHash>
#include <QScopeGuard>

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::csv;
using freshet::test::DemoUsers;
using freshet::test::evidenceOf;
using freshet::test::FileSandbox;
using freshet::test::lines;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

/// Files of every kind, and many of them, as one dataset.
class TestCliFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_box = std::make_unique<FileSandbox>(); }

    void readsBackWhatItSaved_data();
    void readsBackWhatItSaved();
    void findsOutWhatAFileIs();
    void readsATableFromStandardInput();
    void joinsAFolderOfMixedFiles();
    void namesTheFileColumnAsAsked_data();
    void namesTheFileColumnAsAsked();
    void widensColumnsAcrossFiles();
    void saysWhatIsWrongWithFiles_data();
    void saysWhatIsWrongWithFiles();
    void readsArchives();
    void refusesBrokenArchives_data();
    void refusesBrokenArchives();
    void readsAPipeAmongFiles();
    void passesByWhatIsNoFile();

private:
    const DemoUsers m_users;
    std::unique_ptr<FileSandbox> m_box;
};

void TestCliFiles::readsBackWhatItSaved_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("proof");
    QTest::newRow("Parquet") << u"parquet"_s << u"the file's own count 2,000 = rows 2,000"_s;
    QTest::newRow("Arrow") << u"arrow"_s << u"the end of an Arrow file with 2,000 rows"_s;
}

void TestCliFiles::readsBackWhatItSaved()
{
    QFETCH(const QString, suffix);
    QFETCH(const QString, proof);
    const QString saved = m_box->path(u"saved."_s + suffix);
    QCOMPARE(m_box->get({m_users.url(2000), u"--name"_s, u"users"_s, u"--save"_s, saved}).exitCode,
             0);
    const CliRun loaded = m_box->get({saved, u"--name"_s, u"loaded"_s});
    QCOMPARE(loaded.exitCode, 0);
    QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(loaded.json()[u"rows"].toInt(), 2000);
    QVERIFY2(evidenceOf(loaded).contains(proof), qPrintable(evidenceOf(loaded)));
    // In Parquet a value is there or null; that a row did not name it is not said.
    const QString all = u"select * from data"_s;
    QCOMPARE(m_box->run(u"sql"_s, {u"loaded"_s, all}).output,
             m_box->run(u"sql"_s, {u"users"_s, all}).output);
    QCOMPARE(m_box->run(u"verify"_s, {u"loaded"_s, u"-q"_s}).exitCode, 0);
}

void TestCliFiles::findsOutWhatAFileIs()
{
    m_box->writeTable(u"rows.parquet"_s, 0, 10);
    QVERIFY(QFile::rename(m_box->path(u"rows.parquet"_s), m_box->path(u"rows.bin"_s)));
    const CliRun loaded = m_box->get({m_box->path(u"rows.bin"_s), u"--name"_s, u"loaded"_s});
    QCOMPARE(loaded.exitCode, 0);
    QCOMPARE(loaded.json()[u"format"].toString(), u"parquet"_s);
    QCOMPARE(m_box->run(u"show"_s, {u"loaded"_s}).output, lines(0, 10));

    m_box->write(u"text.parquet"_s, csv(0, 3));
    QCOMPARE(m_box->get({m_box->path(u"text.parquet"_s)}).json()[u"format"].toString(), u"csv"_s);
    m_box->write(u"a[1]*.csv"_s, csv(0, 3));
    QCOMPARE(m_box->get({m_box->path(u"a[1]*.csv"_s)}).json()[u"rows"].toInt(), 3);
}

void TestCliFiles::readsATableFromStandardInput()
{
    m_box->writeTable(u"rows.parquet"_s, 0, 10);
    QProcess process;
    process.setStandardInputFile(m_box->path(u"rows.parquet"_s));
    CliProcess(m_box->path(u"library"_s))
        .start(process, u"get"_s, {u"-"_s, u"--name"_s, u"piped"_s, u"-q"_s});
    QCOMPARE(CliProcess::finish(process).exitCode, 0);
    QCOMPARE(m_box->run(u"show"_s, {u"piped"_s}).output, lines(0, 10));
}

void TestCliFiles::joinsAFolderOfMixedFiles()
{
    m_box->write(u"data/part-1.csv"_s, csv(0, 10));
    m_box->write(u"data/part-2.ndjson"_s, lines(10, 20));
    m_box->writeTable(u"data/part-3.parquet"_s, 20, 30);
    m_box->writeTable(u"data/part-10.arrow"_s, 30, 40);
    m_box->write(u"data/readme.md"_s, "not rows");
    m_box->write(u"data/part-2.ndjson.sha256"_s,
                 QCryptographicHash::hash(lines(10, 20), QCryptographicHash::Sha256).toHex());
    m_box->write(u"data/.hidden.csv"_s, csv(90, 99));
    const CliRun loaded = m_box->get({m_box->path(u"data"_s), u"--name"_s, u"all"_s});
    QCOMPARE(loaded.exitCode, 0);
    QCOMPARE(loaded.json()[u"rows"].toInt(), 40);
    QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
    const QString evidence = evidenceOf(loaded);
    QVERIFY2(evidence.contains(u"4 files read to the end: 40 rows"_s), qPrintable(evidence));
    QVERIFY2(evidence.contains(u"1 file is not named like files of rows and is left out: "_s +
                               m_box->path(u"data/readme.md"_s)),
             qPrintable(evidence));
    const QList<QByteArray> rows = m_box->run(u"show"_s, {u"all"_s}).lines();
    QCOMPARE(rows.size(), 40);
    QCOMPARE(rows[0], R"({"file":")" + m_box->path(u"data/part-1.csv"_s).toUtf8() +
                          R"(","id":0,"name":"row 0"})");
    QCOMPARE(rows[39], QByteArray(R"({"file":")" + m_box->path(u"data/part-10.arrow"_s).toUtf8() +
                                  R"(","id":39,"name":"row 39"})"));
    QCOMPARE(m_box->get({m_box->path(u"data/part-?.*"_s)}).json()[u"rows"].toInt(), 30);
    QCOMPARE(m_box->get({m_box->path(u"data/part-1.csv"_s), m_box->path(u"data/part-3.parquet"_s)})
                 .json()[u"rows"]
                 .toInt(),
             20);
}

void TestCliFiles::namesTheFileColumnAsAsked_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("first");
    QTest::newRow("by another name")
        << QStringList{u"--file-column"_s, u"source"_s} << QByteArray(R"({"source":"%","file":1})");
    QTest::newRow("not at all") << QStringList{u"--no-file-column"_s}
                                << QByteArray(R"({"file":1})");
    QTest::newRow("as a column of the files")
        << QStringList() << QByteArray(R"({"file":"%","file#2":1})");
}

void TestCliFiles::namesTheFileColumnAsAsked()
{
    QFETCH(const QStringList, options);
    QFETCH(QByteArray, first);
    m_box->write(u"a.csv"_s, "file\n1\n");
    m_box->write(u"b.csv"_s, "file\n2\n");
    QCOMPARE(m_box
                 ->get(QStringList{m_box->path(u"a.csv"_s), m_box->path(u"b.csv"_s), u"--name"_s,
                                   u"both"_s} +
                       options)
                 .exitCode,
             0);
    const CliRun shown = m_box->run(u"show"_s, {u"both"_s});
    QCOMPARE(shown.lines().size(), 2);
    QCOMPARE(shown.lines().front(), first.replace("%", m_box->path(u"a.csv"_s).toUtf8()));
}

void TestCliFiles::widensColumnsAcrossFiles()
{
    m_box->write(u"1.csv"_s, "id,n\n1,5\n");
    m_box->write(u"2.csv"_s, "id,n,extra\n2,5.5,x\n");
    m_box->write(u"3.ndjson"_s, "{\"id\":9223372036854775808}\n");
    const CliRun loaded =
        m_box->get({m_box->path(u"?.*"_s), u"--name"_s, u"all"_s, u"--no-file-column"_s});
    QCOMPARE(loaded.exitCode, 0);
    const QString evidence = evidenceOf(loaded);
    QVERIFY2(evidence.contains(u"new column \"extra\" (string)"_s), qPrintable(evidence));
    QVERIFY2(evidence.contains(u"column \"n\" becomes double, was int64"_s), qPrintable(evidence));
    QVERIFY2(evidence.contains(u"no column \"extra\""_s), qPrintable(evidence));
    QCOMPARE(m_box->run(u"show"_s, {u"all"_s}).output,
             QByteArray("{\"id\":1,\"n\":5}\n{\"id\":2,\"n\":5.5,\"extra\":\"x\"}\n"
                        "{\"id\":9223372036854775808}\n"));
}

void TestCliFiles::saysWhatIsWrongWithFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("no such file") << u"*.nothing"_s << QByteArray()
                                  << QByteArray("no file matches");
    QTest::newRow("Parquet cut short")
        << u"cut.parquet"_s << QByteArray("PAR1\x15\x04\x15\x00\x15\x00\x00\x00\x00\x00", 14)
        << QByteArray("footer is not there");
    QTest::newRow("an encrypted Parquet file")
        << u"locked.parquet"_s << QByteArray("PARE\x15\x04\x15\x00\x00PARE", 13)
        << QByteArray("encrypted");
    QTest::newRow("an Arrow file without its end")
        << u"cut.arrow"_s << QByteArray("ARROW1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24)
        << QByteArray("no Arrow footer");
}

void TestCliFiles::saysWhatIsWrongWithFiles()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, words);
    if (!bytes.isEmpty())
        m_box->write(name, bytes);
    const QString format = name.endsWith(u".parquet") ? u"parquet"_s : u"auto"_s;
    const CliRun loaded = m_box->run(u"get"_s, {m_box->path(name), u"--format"_s, format});
    QVERIFY(loaded.exitCode > 1);
    QVERIFY2(loaded.errors.contains(words), loaded.errors.constData());
}

void TestCliFiles::readsArchives()
{
    if (!FileSandbox::canZip())
        QSKIP("zip is not installed");
    m_box->write(u"in/a.csv"_s, csv(0, 10));
    m_box->write(u"in/b.ndjson"_s, lines(10, 20));
    m_box->writeTable(u"in/c.parquet"_s, 20, 30);
    m_box->write(u"in/readme.md"_s, "not rows");
    QVERIFY(m_box->zip({u"-r"_s, u"all.zip"_s, u"in"_s}));
    const CliRun loaded = m_box->get(
        {m_box->path(u"all.zip"_s), u"--name"_s, u"all"_s, u"--file-column"_s, u"member"_s});
    QVERIFY2(loaded.exitCode == 0, toldBy(loaded).constData());
    QCOMPARE(loaded.json()[u"rows"].toInt(), 30);
    QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(m_box->run(u"show"_s, {u"all"_s}).lines()[29],
             R"({"member":")" + m_box->path(u"all.zip/in/c.parquet"_s).toUtf8() +
                 R"(","id":29,"name":"row 29"})");

    m_box->write(u"one.csv"_s, csv(0, 7));
    QVERIFY(m_box->zip({u"-0"_s, u"one.zip"_s, u"one.csv"_s}));
    const CliRun one = m_box->get({m_box->path(u"one.zip"_s), u"--name"_s, u"one"_s});
    QCOMPARE(one.json()[u"rows"].toInt(), 7);
    QCOMPARE(m_box->run(u"show"_s, {u"one"_s}).lines()[6], R"({"id":6,"name":"row 6"})");
}

void TestCliFiles::refusesBrokenArchives_data()
{
    QTest::addColumn<QString>("damage");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("encrypted") << u"encrypted"_s << QByteArray("encrypted");
    QTest::newRow("cut short") << u"cut"_s << QByteArray("no directory of a ZIP archive");
    QTest::newRow("a flipped byte") << u"flipped"_s << QByteArray("CRC");
    QTest::newRow("one name twice")
        << u"twice"_s << QByteArray("two files that are called rows.csv");
    QTest::newRow("nothing in it that is rows")
        << u"foreign"_s << QByteArray("no file that is named");
}

void TestCliFiles::refusesBrokenArchives()
{
    if (!FileSandbox::canZip())
        QSKIP("zip is not installed");
    QFETCH(const QString, damage);
    QFETCH(const QByteArray, words);
    m_box->write(u"rows.csv"_s, csv(0, 1000));
    m_box->write(u"a.png"_s, "x");
    m_box->write(u"b.png"_s, "x");
    QStringList arguments{u"-0"_s};
    if (damage == u"encrypted")
        arguments << u"-P"_s << u"secret"_s;
    arguments << u"a.zip"_s;
    if (damage == u"foreign")
        arguments << u"a.png"_s << u"b.png"_s;
    else
        arguments << u"rows.csv"_s;
    if (damage == u"twice") {
        m_box->write(u"more.csv"_s, csv(1000, 2000));
        arguments << u"more.csv"_s;
    }
    QVERIFY(m_box->zip(arguments));
    QFile archive(m_box->path(u"a.zip"_s));
    QVERIFY(archive.open(QIODevice::ReadWrite));
    if (damage == u"cut") {
        QVERIFY(archive.resize(archive.size() / 2));
    } else if (damage == u"flipped") {
        QVERIFY(archive.seek(2000));
        QCOMPARE(archive.write("#", 1), 1);
    } else if (damage == u"twice") {
        const QByteArray bytes = archive.readAll().replace("more.csv", "rows.csv");
        QVERIFY(archive.seek(0));
        QCOMPARE(archive.write(bytes), bytes.size());
    }
    archive.close();
    const CliRun loaded = m_box->run(u"get"_s, {m_box->path(u"a.zip"_s)});
    QVERIFY(loaded.exitCode > 1);
    QVERIFY2(loaded.errors.contains(words), loaded.errors.constData());
}

void TestCliFiles::readsAPipeAmongFiles()
{
    m_box->write(u"1.csv"_s, csv(0, 5));
    const std::string pipe = m_box->path(u"pipe"_s).toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&pipe] {
        const int end = ::open(pipe.c_str(), O_WRONLY); // waits for its reader
        const QByteArray rows = csv(5, 10);
        (void)!::write(end, rows.constData(), static_cast<std::size_t>(rows.size()));
        ::close(end);
    });
    const auto joined = qScopeGuard([&writer] { writer.join(); });
    const CliRun loaded = m_box->get({m_box->path(u"1.csv"_s), m_box->path(u"pipe"_s), u"--name"_s,
                                      u"all"_s, u"--no-file-column"_s});
    QVERIFY2(loaded.exitCode == 0, toldBy(loaded).constData());
    QCOMPARE(m_box->run(u"show"_s, {u"all"_s}).output, lines(0, 10));
}

void TestCliFiles::passesByWhatIsNoFile()
{
    m_box->write(u"data/1.csv"_s, csv(0, 5));
    QVERIFY(QFile::link(m_box->path(u"gone.csv"_s), m_box->path(u"data/link.csv"_s)));
    QCOMPARE(::mkfifo(m_box->path(u"data/pipe.csv"_s).toUtf8().constData(), 0600), 0);
    const CliRun loaded = m_box->get({m_box->path(u"data"_s)});
    QVERIFY2(loaded.exitCode == 0, toldBy(loaded).constData());
    QCOMPARE(loaded.json()[u"rows"].toInt(), 5);
    QVERIFY2(evidenceOf(loaded).contains(u"2 files are not"_s), qPrintable(evidenceOf(loaded)));
}

QTEST_GUILESS_MAIN(TestCliFiles)
#include "tst_cli_files.moc"
