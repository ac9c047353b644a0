// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo server's table over events, MessagePack and CBOR, down to the dataset.
#include "columnar/value_text.h"
#include "demo/demo_server.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

/// The cells of each column as JSON, by the column's name.
using Table = std::map<std::string, std::vector<std::string>>;

Table tableOf(const store::Dataset &dataset)
{
    Table table;
    const auto snapshot = dataset.snapshot();
    const auto reader = snapshot.scan();
    for (auto batch = reader->next(); batch && *batch; batch = reader->next()) {
        for (std::size_t i = 0; i < (*batch)->columns.size(); ++i) {
            auto &cells = table[(*batch)->schema->fields[i].name];
            for (std::int64_t row = 0; row < (*batch)->rowCount; ++row)
                columnar::appendJson(cells.emplace_back(), (*batch)->columns[i], row);
        }
    }
    return table;
}

QString evidenceOf(const Progress &progress)
{
    QStringList sentences;
    if (progress.verdict) {
        for (const std::string &sentence : progress.verdict->evidence)
            sentences << QString::fromStdString(sentence);
    }
    if (progress.error)
        sentences << QString::fromStdString(progress.error->toString());
    return sentences.join(QStringLiteral("; "));
}

} // namespace

class TestDemoStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void giveTheSameTable_data();
    void giveTheSameTable();
    void reconnectsAfterCuts_data();
    void reconnectsAfterCuts();
    void goesOnInLaterRuns();
    void endsAtAnErrorEvent();
    void takesOnlyTheEventsAskedFor();
    void keepsBadRowsAside_data();
    void keepsBadRowsAside();
    void stopsAtTheLimit();

private:
    [[nodiscard]] DownloadRequest request(const QString &target) const;
    [[nodiscard]] std::unique_ptr<Transfer> run(DownloadRequest request);
    [[nodiscard]] Table ndjsonRows(int rows);

    std::unique_ptr<demo::DemoServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestDemoStreams::initTestCase()
{
    auto server = demo::DemoServer::start();
    QVERIFY(server);
    m_server = std::move(*server);
}

void TestDemoStreams::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library);
    m_library = *library;
}

DownloadRequest TestDemoStreams::request(const QString &target) const
{
    DownloadRequest request;
    request.bytes.url = m_server->origin() + target.toStdString();
    request.retry.firstDelay = 1ms;
    return request;
}

std::unique_ptr<Transfer> TestDemoStreams::run(DownloadRequest request)
{
    auto transfer = Transfer::start(m_library, std::move(request), {});
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    if (!(*transfer)->waitFor(kPatience))
        qFatal("the transfer does not end");
    return std::move(*transfer);
}

Table TestDemoStreams::ndjsonRows(int rows)
{
    const auto transfer = run(request(QStringLiteral("/api/users/stream?rows=%1").arg(rows)));
    return tableOf(*transfer->dataset());
}

void TestDemoStreams::giveTheSameTable_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("accept");
    QTest::newRow("events") << QStringLiteral("/api/users/sse") << QByteArray();
    QTest::newRow("events by Accept")
        << QStringLiteral("/api/users") << QByteArray("text/event-stream");
    QTest::newRow("MessagePack") << QStringLiteral("/api/users.msgpack") << QByteArray();
    QTest::newRow("MessagePack by Accept")
        << QStringLiteral("/api/users") << QByteArray("application/x-msgpack");
    QTest::newRow("CBOR") << QStringLiteral("/api/users.cbor") << QByteArray();
}

void TestDemoStreams::giveTheSameTable()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, accept);
    DownloadRequest asked = request(path + QStringLiteral("?rows=3000"));
    if (!accept.isEmpty())
        asked.bytes.headers.push_back({"Accept", accept.toStdString()});
    const auto transfer = run(asked);
    const Progress progress = transfer->progress();
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified, qPrintable(evidenceOf(progress)));
    const Table table = tableOf(*transfer->dataset());
    const Table expected = ndjsonRows(3000);
    const bool isMsgPack = path.contains(QStringLiteral("msgpack")) || accept.contains("msgpack");
    for (const auto &[name, cells] : expected) {
        QVERIFY2(table.contains(name), name.c_str());
        const auto &own = table.at(name);
        QCOMPARE(own.size(), cells.size());
        for (std::size_t row = 0; row < cells.size(); ++row) {
            // MessagePack has no decimals: a float64 of the same value, without the last zero.
            if (name == "balance" && isMsgPack)
                QCOMPARE(std::strtod(own[row].c_str(), nullptr),
                         std::strtod(cells[row].c_str(), nullptr));
            else if (own[row] != cells[row])
                QCOMPARE(QByteArray::fromStdString(own[row]),
                         QByteArray::fromStdString(cells[row]));
        }
    }
    const bool isEvents = table.contains("sse.id");
    QCOMPARE(table.size(), expected.size() + (isEvents ? 1 : 0));
    QCOMPARE(isEvents, path.contains(QStringLiteral("sse")) || accept.contains("event"));
}

void TestDemoStreams::reconnectsAfterCuts_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<bool>("isAsked");
    QTest::newRow("between two events") << QStringLiteral("cut:700") << true;
    QTest::newRow("inside an event") << QStringLiteral("cut-row:700") << true;
    QTest::newRow("of a stream known by its content type") << QStringLiteral("cut:700") << false;
}

void TestDemoStreams::reconnectsAfterCuts()
{
    QFETCH(QString, fault);
    QFETCH(bool, isAsked);
    DownloadRequest asked = request(QStringLiteral("/api/users/sse?rows=2500&fault=%1").arg(fault));
    if (isAsked)
        asked.decode.format = decode::Format::Sse;
    const auto transfer = run(asked);
    const Progress progress = transfer->progress();
    const QString evidence = evidenceOf(progress);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified, qPrintable(evidence));
    QVERIFY2(evidence.contains(QStringLiteral("reconnected 3 times")), qPrintable(evidence));
    QCOMPARE(progress.rows.value(), 2500);
    Table table = tableOf(*transfer->dataset());
    table.erase("sse.id");
    QVERIFY(table == ndjsonRows(2500));
}

void TestDemoStreams::goesOnInLaterRuns()
{
    DownloadRequest asked = request(QStringLiteral("/api/users/sse?rows=2000&fault=cut:700"));
    asked.retry.maxRetries = 0;
    std::string id;
    {
        const auto transfer = run(asked);
        QCOMPARE(transfer->progress().verdict->kind, VerdictKind::Incomplete);
        QCOMPARE(transfer->progress().rows.value(), 700);
        id = transfer->dataset()->id();
    }
    for (const std::int64_t rows : {1400, 2000}) {
        auto transfer = Transfer::resume(m_library, id, {}, {});
        QVERIFY2(transfer, transfer ? "" : transfer.error().toString().c_str());
        QVERIFY((*transfer)->waitFor(kPatience));
        const Progress progress = (*transfer)->progress();
        QCOMPARE(progress.rows.value(), rows);
        QVERIFY2((progress.verdict->kind == VerdictKind::Verified) == (rows == 2000),
                 qPrintable(evidenceOf(progress)));
        if (rows == 2000) {
            Table table = tableOf(*(*transfer)->dataset());
            table.erase("sse.id");
            QVERIFY(table == ndjsonRows(2000));
        }
    }
}

void TestDemoStreams::endsAtAnErrorEvent()
{
    const auto transfer = run(request(QStringLiteral("/api/users/sse?rows=100&fault=error:40")));
    const Progress progress = transfer->progress();
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    QCOMPARE(progress.rows.value(), 40);
    QCOMPARE(progress.error->code, ErrorCode::InBandError);
    QVERIFY(QString::fromStdString(progress.error->excerpt).contains(QStringLiteral("internal")));
}

void TestDemoStreams::takesOnlyTheEventsAskedFor()
{
    DownloadRequest asked = request(QStringLiteral("/api/users/sse?rows=3000"));
    asked.decode.eventTypes = {"progress"};
    const auto transfer = run(asked);
    const Table table = tableOf(*transfer->dataset());
    QCOMPARE(table.at("count"), (std::vector<std::string>{"1000", "2000", "3000"}));
    QVERIFY2(transfer->progress().verdict->kind == VerdictKind::Verified,
             qPrintable(evidenceOf(transfer->progress())));
}

void TestDemoStreams::keepsBadRowsAside_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("events") << QStringLiteral("/api/users/sse");
    QTest::newRow("MessagePack") << QStringLiteral("/api/users.msgpack");
    QTest::newRow("CBOR") << QStringLiteral("/api/users.cbor");
}

void TestDemoStreams::keepsBadRowsAside()
{
    QFETCH(QString, path);
    const auto transfer = run(request(path + QStringLiteral("?rows=100&fault=bad:10")));
    const Progress progress = transfer->progress();
    QCOMPARE(progress.rows.value(), 90);
    QCOMPARE(progress.rejected.value(), 10);
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified, qPrintable(evidenceOf(progress)));
}

void TestDemoStreams::stopsAtTheLimit()
{
    DownloadRequest asked = request(QStringLiteral("/api/users/sse?rows=1000000000"));
    asked.limit = RowCount(1234);
    const auto transfer = run(asked);
    QCOMPARE(transfer->progress().rows.value(), 1234);
    QCOMPARE(transfer->progress().verdict->kind, VerdictKind::Incomplete);
}

QTEST_GUILESS_MAIN(TestDemoStreams)
#include "tst_demo_streams.moc"
