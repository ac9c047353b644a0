// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_case.h"

#include <QRegularExpression>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using namespace Qt::Literals::StringLiterals;

/// What the program does with datasets that it holds: show, query, save, verify, list.
class TestCliStored : public QObject, private test::CliCase
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeFolder(); }

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
    void listsAndRemoves();
    void namesDatasetsApart();
};

void TestCliStored::showsRanges_data()
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

void TestCliStored::showsRanges()
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

void TestCliStored::showsColumns()
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

void TestCliStored::queries()
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

void TestCliStored::savesFiles()
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
    QCOMPARE(test::readFile(inFolder(u"users.ndjson"_s)), run(u"show"_s, {u"users"_s}).output);

    // What was saved comes back as the same rows.
    for (const auto &file : {u"users.csv"_s, u"users.ndjson"_s, u"users.json"_s}) {
        QCOMPARE(run(u"get"_s, {inFolder(file), u"--name"_s, file}).exitCode, 0);
        const QString columns = u"id,balance,created_at,note"_s;
        QCOMPARE(run(u"show"_s, {file, u"--columns"_s, columns}).output,
                 run(u"show"_s, {u"users"_s, u"--columns"_s, columns}).output);
    }
}

void TestCliStored::savesAPart()
{
    fetchUsers(1000);
    const QString file = inFolder(u"some.csv"_s);
    const CliRun saved = run(u"save"_s, {u"users"_s, file, u"--columns"_s, u"id,country"_s,
                                         u"--where"_s, u"country = 'DE'"_s});
    QCOMPARE(saved.exitCode, 0);
    QVERIFY(saved.output.startsWith(QByteArray("saved " + file.toUtf8())));
    const QList<QByteArray> lines = test::readFile(file).split('\n');
    QCOMPARE(lines.first(), QByteArray("id,country"));
    QVERIFY(lines.size() > 10);
    for (qsizetype i = 1; i + 1 < lines.size(); ++i)
        QVERIFY(lines[i].endsWith(",DE"));
    QCOMPARE(run(u"save"_s, {u"users"_s, inFolder(u"x.bin"_s)}).exitCode, 2);
    QCOMPARE(run(u"save"_s, {u"users"_s, u"/nowhere/x.csv"_s}).exitCode, 5);
    QCOMPARE(run(u"save"_s, {u"users"_s, inFolder(u"x.bin"_s), u"--format"_s, u"csv"_s}).exitCode,
             0);
}

void TestCliStored::leavesTheManifestOut()
{
    fetchUsers(10);
    const QString file = inFolder(u"users.csv"_s);
    QCOMPARE(run(u"save"_s, {u"users"_s, file}).exitCode, 0);
    QVERIFY(QFile::exists(file + u".manifest.json"_s));
    QCOMPARE(run(u"save"_s, {u"users"_s, file, u"--no-manifest"_s}).exitCode, 0);
    QVERIFY(!QFile::exists(file + u".manifest.json"_s));
}

void TestCliStored::warnsOfAnIncompleteExport()
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
            QJsonDocument::fromJson(test::readFile(file + u".manifest.json"_s)).object();
        QCOMPARE(manifest[u"verdict"].toString(), u"incomplete"_s);
        QCOMPARE(manifest[u"rows"].toInt(), 20);
        QCOMPARE(run(u"verify"_s, {file}).exitCode, 3);
    }
}

void TestCliStored::verifiesADataset()
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
    QByteArray bytes = test::readFile(part);
    bytes.truncate(bytes.size() - 1000);
    test::writeFile(part, bytes);
    const CliRun damaged = run(u"verify"_s, {u"users"_s, u"--json"_s});
    QCOMPARE(damaged.exitCode, 5);
    QCOMPARE(damaged.json()[u"sound"].toBool(), false);
    QVERIFY(damaged.json()[u"damage"][0][u"detail"].toString().contains(part));
    QCOMPARE(run(u"verify"_s, {u"nobody"_s}).exitCode, 2);
}

void TestCliStored::verifiesAFile()
{
    fetchUsers(100);
    const QString file = inFolder(u"users.parquet"_s);
    QCOMPARE(run(u"save"_s, {u"users"_s, file}).exitCode, 0);
    const CliRun sound = run(u"verify"_s, {file, u"--json"_s});
    QCOMPARE(sound.exitCode, 0);
    QCOMPARE(sound.json()[u"kind"].toString(), u"file"_s);
    QCOMPARE(sound.json()[u"rows"].toInt(), 100);
    QCOMPARE(sound.json()[u"differences"].toArray().size(), 0);
    test::writeFile(file, test::readFile(file) + "x");
    const CliRun longer = run(u"verify"_s, {file, u"--json"_s});
    QCOMPARE(longer.exitCode, 3);
    QVERIFY(longer.json()[u"differences"].toArray().size() >= 2);
    QVERIFY(QFile::remove(file + u".manifest.json"_s));
    QCOMPARE(run(u"verify"_s, {file}).exitCode, 5);
    QVERIFY(QFile::remove(file));
    QCOMPARE(run(u"verify"_s, {file}).exitCode, 5);
}

void TestCliStored::showsBadRows()
{
    const QByteArray notUtf8 = "{\"id\":\xff}";
    test::writeFile(inFolder(u"bad.ndjson"_s),
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
    const auto lines = test::readFile(csv).split('\n');
    QCOMPARE(lines[0], QByteArray("line,byte_offset,code,reason,raw,raw_base64"));
    QVERIFY(lines[1].startsWith("2,10,SyntaxError,"));
    QVERIFY(lines[1].endsWith(",\"nonsense, \"\"quoted\"\"\","));
    QVERIFY(lines[2].endsWith(QByteArray(",," + notUtf8.toBase64())));
    QVERIFY(run(u"rejects"_s, {u"bad"_s}).output.contains("line 2, byte 10: SyntaxError"));
    QCOMPARE(run(u"rejects"_s, {u"bad"_s, u"--save"_s, inFolder(u"bad.xml"_s)}).exitCode, 2);
}

void TestCliStored::listsAndRemoves()
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

void TestCliStored::namesDatasetsApart()
{
    const QString address = url(u"/api/users?rows=2"_s);
    QCOMPARE(run(u"get"_s, {address, u"--json"_s}).json()[u"dataset"].toString(), u"users"_s);
    QCOMPARE(run(u"get"_s, {address, u"--json"_s}).json()[u"dataset"].toString(), u"users-2"_s);
}

QTEST_GUILESS_MAIN(TestCliStored)
#include "tst_cli_stored.moc"
