// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_sandbox.h"
#include "support/cutting_proxy.h"
#include "support/s3_server.h"

#include <QTest>

#include <atomic>
#include <optional>

using namespace freshet;
using freshet::test::CliProcess;
using freshet::test::CliRun;
using freshet::test::csv;
using freshet::test::CuttingProxy;
using freshet::test::evidenceOf;
using freshet::test::FileSandbox;
using freshet::test::lines;
using freshet::test::S3Server;
using freshet::test::toldBy;
using namespace Qt::Literals::StringLiterals;

/// freshet-cli on a prefix in S3, asked as the environment says: one dataset, cut and gone on with.
class TestS3Cli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_box = std::make_unique<FileSandbox>(); }

    void readsAPrefix_data();
    void readsAPrefix();
    void goesOnAfterALimit_data();
    void goesOnAfterALimit();
    void goesOnAfterALostServer();
    void saysThatAPrefixIsEmpty();

private:
    static constexpr int kRows = 60'000;

    S3Server m_server;
    std::unique_ptr<FileSandbox> m_box;
};

void TestS3Cli::initTestCase()
{
    if (!S3Server::isInstalled())
        QSKIP("npm ci has not been run in tests/interop/node");
    const FileSandbox made;
    made.writeTable(u"part-2.parquet"_s, 20'000, 40'000);
    QFile table(made.path(u"part-2.parquet"_s));
    QVERIFY(table.open(QIODevice::ReadOnly));
    QVERIFY(m_server.put(u"data/orders/part-1.csv"_s, csv(0, 20'000)));
    QVERIFY(m_server.put(u"data/orders/part-2.parquet"_s, table.readAll()));
    QVERIFY(m_server.put(u"data/orders/deep/part-10.ndjson"_s, lines(40'000, kRows)));
    QVERIFY(m_server.put(u"data/orders/read.me"_s, "no rows"));
    QVERIFY(m_server.put(u"data/pictures/a.png"_s, "x"));
    QVERIFY(m_server.start());
    qputenv("AWS_ACCESS_KEY_ID", S3Server::kAccessKey);
    qputenv("AWS_SECRET_ACCESS_KEY", S3Server::kSecretKey);
    qputenv("AWS_REGION", S3Server::kRegion);
    qputenv("AWS_ENDPOINT_URL_S3", QByteArray::fromStdString(m_server.endpoint()));
}

void TestS3Cli::readsAPrefix_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("files");
    QTest::newRow("a prefix") << u"s3://data/orders/"_s << kRows << 3;
    QTest::newRow("a pattern") << u"s3://data/orders/part-*"_s << 40'000 << 2;
    QTest::newRow("an object") << u"s3://data/orders/part-1.csv"_s << 20'000 << 0;
}

void TestS3Cli::readsAPrefix()
{
    QFETCH(const QString, place);
    QFETCH(const int, rows);
    QFETCH(const int, files);
    const CliRun loaded = m_box->get({place, u"--name"_s, u"all"_s});
    QVERIFY2(loaded.exitCode == 0, toldBy(loaded).constData());
    QCOMPARE(loaded.json()[u"rows"].toInt(), rows);
    QCOMPARE(loaded.json()[u"verdict"].toString(), u"verified"_s);
    const QByteArray whole = QByteArray::number(rows);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":" + whole + ",\"d\":" + whole + "}\n");
    if (files > 0)
        QCOMPARE(
            m_box->run(u"sql"_s, {u"all"_s, u"select count(distinct file) f from data"_s}).output,
            "{\"f\":" + QByteArray::number(files) + "}\n");
    // Nothing of the key is kept.
    QVERIFY(!toldBy(loaded).contains(S3Server::kSecretKey));
}

void TestS3Cli::goesOnAfterALimit_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("in text") << 10'000;
    QTest::newRow("between objects") << 20'000;
    QTest::newRow("in Parquet") << 30'000;
    QTest::newRow("in the last object") << 50'000;
}

void TestS3Cli::goesOnAfterALimit()
{
    QFETCH(const int, limit);
    const CliRun cut = m_box->get(
        {u"s3://data/orders/"_s, u"--name"_s, u"all"_s, u"--limit"_s, QString::number(limit)});
    QCOMPARE(cut.exitCode, 3);
    QCOMPARE(cut.json()[u"rows"].toInt(), limit);
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    QCOMPARE(resumed.json()[u"verdict"].toString(), u"verified"_s);
    QCOMPARE(m_box->get({u"s3://data/orders/"_s, u"--name"_s, u"whole"_s}).exitCode, 0);
    QCOMPARE(m_box->run(u"show"_s, {u"all"_s}).output, m_box->run(u"show"_s, {u"whole"_s}).output);
}

void TestS3Cli::goesOnAfterALostServer()
{
    // Each connection is lost once it has carried so much; the first run gives up at once.
    std::atomic<bool> isLossy = true;
    CuttingProxy proxy(m_server.port(), [&isLossy](std::size_t) {
        return isLossy ? std::optional<std::int64_t>(100'000) : std::nullopt;
    });
    const QString endpoint = u"http://127.0.0.1:"_s + QString::number(proxy.port());
    const CliRun cut = m_box->get({u"s3://data/orders/"_s, u"--endpoint"_s, endpoint,
                                   u"--retries"_s, u"0"_s, u"--name"_s, u"all"_s});
    QVERIFY2(cut.exitCode == 3, toldBy(cut).constData());
    const int rows = cut.json()[u"rows"].toInt();
    QVERIFY(rows > 0 && rows < 20'000);
    isLossy = false;
    const CliRun resumed = m_box->run(u"resume"_s, {u"all"_s, u"--json"_s, u"-q"_s});
    QVERIFY2(resumed.exitCode == 0, toldBy(resumed).constData());
    const QByteArray whole = QByteArray::number(kRows);
    QCOMPARE(m_box->distinctIds(u"all"_s), "{\"n\":" + whole + ",\"d\":" + whole + "}\n");
}

void TestS3Cli::saysThatAPrefixIsEmpty()
{
    const CliRun none = m_box->run(u"get"_s, {u"s3://data/nothing/"_s});
    QVERIFY(none.exitCode > 1);
    QVERIFY2(none.errors.contains("s3://data/nothing/"), none.errors.constData());
    const CliRun pictures = m_box->run(u"get"_s, {u"s3://data/pictures/"_s});
    QVERIFY2(pictures.errors.contains("named like one of rows"), pictures.errors.constData());
}

QTEST_GUILESS_MAIN(TestS3Cli)
#include "tst_s3_cli.moc"
