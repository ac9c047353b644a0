// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_sandbox.h"
#include "support/nginx_server.h"
#include "support/stated_rows.h"

#include <QCryptographicHash>
#include <QTest>

using namespace freshet;
using freshet::test::CliRun;
using freshet::test::csv;
using freshet::test::evidenceOf;
using freshet::test::FileSandbox;
using freshet::test::lines;
using freshet::test::NginxServer;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

/// Files with a checksum beside them, here and at a server: the rows are of the file that was
/// meant, or it is said that they are not.
class TestCliChecksums : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_box = std::make_unique<FileSandbox>(); }

    void checksWhatLiesBeside_data();
    void checksWhatLiesBeside();
    void goesOnWithWhatIsChecked();
    void checksWhatAServerHasBeside_data();
    void checksWhatAServerHasBeside();
    void resumesWhatFailedItsChecksum();

private:
    [[nodiscard]] QByteArray digestOf(const QString &name, const QString &kind) const
    {
        QFile file(m_box->path(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("%s cannot be read", qPrintable(name));
        return QCryptographicHash::hash(file.readAll(), kind == u"md5" ? QCryptographicHash::Md5
                                                                       : QCryptographicHash::Sha256)
            .toHex();
    }
    /// Write what the file is, or what it is not, beside it.
    void state(const QString &name, const QString &kind, bool isRight) const
    {
        QByteArray digest = digestOf(name, kind);
        if (!isRight)
            digest.fill('0');
        m_box->write(name + u'.' + kind,
                     digest + "  " + QFileInfo(name).fileName().toUtf8() + '\n');
    }
    void make(const QString &name) const
    {
        if (name.endsWith(u".csv"))
            m_box->write(name, csv(0, 1000));
        else
            m_box->writeTable(name, 0, 1000);
    }

    std::unique_ptr<FileSandbox> m_box;
};

void TestCliChecksums::checksWhatLiesBeside_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("SHA-256") << u"rows.parquet"_s << u"sha256"_s << true;
    QTest::newRow("MD5") << u"rows.parquet"_s << u"md5"_s << true;
    QTest::newRow("SHA-256 of another") << u"rows.parquet"_s << u"sha256"_s << false;
    QTest::newRow("MD5 of another") << u"rows.parquet"_s << u"md5"_s << false;
    QTest::newRow("SHA-256 of text") << u"rows.csv"_s << u"sha256"_s << true;
    QTest::newRow("MD5 of text") << u"rows.csv"_s << u"md5"_s << true;
    QTest::newRow("SHA-256 of other text") << u"rows.csv"_s << u"sha256"_s << false;
}

void TestCliChecksums::checksWhatLiesBeside()
{
    QFETCH(const QString, file);
    QFETCH(const QString, kind);
    QFETCH(const bool, isRight);
    make(file);
    state(file, kind, isRight);
    const CliRun loaded = m_box->get({m_box->path(file)});
    if (isRight) {
        QVERIFY2(loaded.exitCode == 0, toldBy(loaded).constData());
        QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
        QVERIFY2(evidenceOf(loaded).contains(file + u'.' + kind + u" states"_s),
                 loaded.output.constData());
    } else {
        QCOMPARE(loaded.json()[u"verdict"].toString(), u"incomplete"_s);
        QVERIFY(loaded.exitCode > 1);
        QVERIFY2(loaded.errors.contains(" states"), loaded.errors.constData());
    }
}

void TestCliChecksums::goesOnWithWhatIsChecked()
{
    make(u"rows.csv"_s);
    state(u"rows.csv"_s, u"sha256"_s, true);
    QCOMPARE(m_box->get({m_box->path(u"rows.csv"_s), u"--name"_s, u"all"_s, u"--limit"_s, u"400"_s})
                 .exitCode,
             3);
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    QVERIFY2(evidenceOf(resumed).contains(u"rows.csv.sha256 states"_s), resumed.output.constData());
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":1000,\"d\":1000}\n");
}

void TestCliChecksums::checksWhatAServerHasBeside_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("isRight");
    for (const char *file : {"rows.csv", "rows.parquet", "rows.csv.gz"}) {
        QTest::addRow("%s", file) << QString::fromLatin1(file) << true;
        QTest::addRow("another %s", file) << QString::fromLatin1(file) << false;
    }
}

void TestCliChecksums::checksWhatAServerHasBeside()
{
    if (!NginxServer::isInstalled())
        QSKIP("nginx is not installed; packaging/setup.sh installs it");
    QFETCH(const QString, file);
    QFETCH(const bool, isRight);
    m_box->write(u"www/first.csv"_s, csv(5000, 5010));
    const QString name = u"www/"_s + file;
    if (file.endsWith(u".gz")) {
        make(u"www/rows.csv"_s);
        QCOMPARE(QProcess::execute(u"gzip"_s, {m_box->path(u"www/rows.csv"_s)}), 0);
    } else {
        make(name);
    }
    state(name, u"sha256"_s, isRight);
    NginxServer server;
    QVERIFY(server.start({.folder = m_box->path(u"www"_s)}));
    const auto url = [&server](const QString &path) {
        return server.url(NginxServer::Scheme::Plain, u'/' + path);
    };
    // As one of several, and what is compressed also by itself.
    QList<QStringList> ways{{url(u"first.csv"_s), url(file)}};
    if (!file.endsWith(u".csv"))
        ways << QStringList{url(file)};
    for (const QStringList &places : ways) {
        const CliRun loaded = m_box->get(places);
        const QByteArray told = toldBy(loaded);
        QVERIFY2(told.contains("which the .sha256 file states"), told.constData());
        QCOMPARE(loaded.json()[u"verdict"].toString(), isRight ? u"verified"_s : u"incomplete"_s);
        QCOMPARE(loaded.exitCode == 0, isRight);
        if (isRight)
            QCOMPARE(loaded.json()[u"rows"].toInt(), places.size() == 2 ? 1010 : 1000);
    }
}

void TestCliChecksums::resumesWhatFailedItsChecksum()
{
    const QByteArray rows = lines(0, 1000);
    const auto whole = [&rows](const test::Asked &asked, const QByteArray &stated) {
        test::Resource resource{.body = rows.toStdString(), .contentType = "application/x-ndjson"};
        return test::stating(resource.answerTo(asked), stated);
    };
    // It states the wrong one, is put right, cuts the resume in its middle, then all is well.
    const test::FaultServer server(
        {}, {[&](const test::Asked &asked) { return test::Script().send(whole(asked, "other")); },
             [&](const test::Asked &asked) {
                 const std::string text = whole(asked, rows);
                 return test::Script().send(text.substr(0, text.size() / 2)).reset();
             },
             [&](const test::Asked &asked) {
                 return test::Script().send(whole(asked, rows));
             }});
    const QString url = QString::fromStdString(server.url("/rows.ndjson"));
    const CliRun failed = m_box->get({url, u"--name"_s, u"all"_s, u"--retries"_s, u"0"_s});
    QCOMPARE(failed.exitCode, 3);
    const CliRun cut = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s});
    QCOMPARE(cut.exitCode, 3);
    QVERIFY2(cut.errors.contains("holds it to its checksum, which the 1,000 rows that are here "
                                 "failed"),
             cut.errors.constData());
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    QCOMPARE(resumed.json()[u"verdict"].toString(), u"verified"_s);
    QVERIFY2(evidenceOf(resumed).contains(u"which Repr-Digest states"_s),
             resumed.output.constData());
    for (const auto &asked : server.asked())
        QVERIFY2(!asked.rangeStart(), asked.text.c_str());
    QCOMPARE(m_box->run(u"show"_s, {u"all"_s}).output, rows);
}

QTEST_GUILESS_MAIN(TestCliChecksums)
#include "tst_cli_checksums.moc"
