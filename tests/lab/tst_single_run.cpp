// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "lab/lab_sources.h"
#include "lab/run_transport.h"

#include <QTest>

using namespace freshet;
using namespace freshet::lab;
using namespace freshet::test;
using namespace std::chrono_literals;

/// What is measured of one run, against servers that do one thing on purpose.
class TestSingleRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto demo = demo::DemoServer::start();
        QVERIFY(demo);
        m_demo = std::move(*demo);
    }

    void marksAscend_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("coding");
        QTest::addColumn<bool>("stored");
        for (const bool stored : {true, false}) {
            for (const char *path : {"/api/users?", "/api/users/stream?", "/api/users.csv?",
                                     "/api/users/sse?", "/api/users.msgpack?"}) {
                for (const char *coding : {"identity", "gzip"})
                    QTest::addRow("%s %s %s", path, coding, stored ? "stored" : "dropped")
                        << QByteArray(path) << QByteArray(coding) << stored;
            }
        }
    }

    void marksAscend()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, coding);
        QFETCH(bool, stored);
        m_bench.environment().rows = stored ? RowsGo::IntoStore : RowsGo::Nowhere;
        const RunRecord run =
            m_bench.run(m_demo->origin() + path.toStdString() + "rows=20001", coding.toStdString());
        QCOMPARE(run.error, std::string());
        QCOMPARE(run.verdict, transfer::VerdictKind::Verified);
        QCOMPARE(run.rows.value(), 20'001);
        QVERIFY(run.counts());
        QVERIFY(run.phases.connected && run.phases.requestSent && run.phases.answerBegan);
        QVERIFY(run.phases.firstByte && run.phases.lastByte);
        QVERIFY(*run.phases.connected <= *run.phases.requestSent);
        QVERIFY(*run.phases.requestSent <= *run.phases.answerBegan);
        QVERIFY(*run.phases.answerBegan <= *run.phases.firstByte);
        QVERIFY(*run.phases.firstByte <= *run.phases.lastByte);
        const RowMarks &marks = run.marks;
        QVERIFY(marks.first && marks.row1k && marks.row10k && marks.quarter && marks.half &&
                marks.threeQuarters && marks.last);
        QVERIFY(*run.phases.firstByte <= *marks.first);
        QVERIFY(*marks.first <= *marks.row1k && *marks.row1k <= *marks.row10k);
        QVERIFY(*marks.row10k <= *marks.half); // of 20,001 rows
        QVERIFY(*marks.quarter <= *marks.half && *marks.half <= *marks.threeQuarters);
        QVERIFY(*marks.threeQuarters <= *marks.last && *marks.last <= run.total);
        QCOMPARE(run.arrivals.rows.back().total, 20'001);
        QCOMPARE(run.arrivals.bytes.back().total, run.wireBytes.value());
        QVERIFY(coding == "identity" ? run.wireBytes == run.decodedBytes
                                     : run.wireBytes < run.decodedBytes);
        QVERIFY(run.cpu.network > 0us && run.cpu.decode > 0us && run.cpu.store > 0us);
        QVERIFY(run.waitedForServer > 0us);
        QVERIFY(run.peakMemory.value() > 0);
    }

    void theDatasetGoes()
    {
        const RunRecord run = m_bench.run(m_demo->origin() + "/api/users?rows=10");
        QVERIFY(run.counts());
        QVERIFY(m_bench.environment().library->list()->empty());
    }

    void failuresAreRecords_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<int>("rows");
        QTest::newRow("refused") << QByteArray("/nowhere") << 0;
        QTest::newRow("cut") << QByteArray("/api/users/stream?rows=500&fault=cut:300") << 300;
    }

    void failuresAreRecords()
    {
        QFETCH(QByteArray, url);
        QFETCH(int, rows);
        const RunRecord run = m_bench.run(m_demo->origin() + url.toStdString());
        QVERIFY(!run.error.empty());
        QVERIFY(!run.counts());
        QCOMPARE(run.verdict, transfer::VerdictKind::Incomplete);
        QCOMPARE(run.retries, 0);
        QVERIFY(run.rows.value() <= rows);
        QVERIFY(m_bench.environment().library->list()->empty());
    }

    void warmConnectionsAreUsedAgain()
    {
        auto &environment = m_bench.environment();
        environment.sessions = std::make_shared<transport::SessionPool>();
        const auto first = m_bench.run(m_demo->origin() + "/api/users?rows=10");
        const auto second = m_bench.run(m_demo->origin() + "/api/users?rows=10");
        environment.sessions.reset();
        const auto cold = m_bench.run(m_demo->origin() + "/api/users?rows=10");
        QVERIFY(first.phases.connected);
        QVERIFY(!second.phases.connected);
        QVERIFY(second.phases.requestSent);
        QVERIFY(cold.phases.connected);
    }

    /// What proves that an answer is whole, as PostgreSQL's count of rows, may come behind it.
    void trailersComeThrough()
    {
        class WithTrailers final : public transport::Transport
        {
        public:
            Result<transport::TransportEnd> run(transport::ByteSink &, const CancelToken &) override
            {
                return transport::TransportEnd();
            }
            transport::TransportProgress progress() const override { return {}; }
            std::vector<transport::Header> trailers() const override { return {{"rows", "7"}}; }
        };
        const auto make = watchedTransports(
            {}, std::make_shared<transport::SessionPool>(),
            [](transport::ByteRequest) -> Result<std::unique_ptr<transport::Transport>> {
                return std::make_unique<WithTrailers>();
            });
        const auto made = make({});
        QVERIFY(made);
        QCOMPARE((*made)->trailers().size(), 1U);
    }

    /// The head at once, the body later: both moments are seen.
    void headAndBodyAreTwoMoments()
    {
        RawServer server([](const std::string &, std::size_t) {
            return Script()
                .send(ndjsonHead())
                .pause(300ms)
                .send(chunk(rowsText(0, 10)) + std::string(kLastChunk));
        });
        const auto run = m_bench.run(server.url());
        QVERIFY(run.counts());
        QVERIFY(*run.phases.firstByte - *run.phases.answerBegan >= 250ms);
        const auto late = m_bench.run(m_demo->origin() + "/api/users?rows=10&delay=200");
        QVERIFY(late.counts());
        QVERIFY(*late.phases.answerBegan >= 200ms);
    }

    /// A pipe that is full on our side is our doing, an empty one the server's.
    void whoWaitedForWhom()
    {
        RawServer slow([](const std::string &, std::size_t) {
            return Script()
                .send(ndjsonHead() + chunk(rowsText(0, 10)))
                .pause(400ms)
                .send(chunk(rowsText(10, 10)) + std::string(kLastChunk));
        });
        const auto theirs = m_bench.run(slow.url());
        QCOMPARE(theirs.rows.value(), 20);
        QVERIFY(theirs.waitedForServer >= 350ms);
        QCOMPARE(theirs.waitedForUs, 0us);
        QVERIFY(theirs.longestGap >= 200ms);
        QCOMPARE(theirs.rowsBeforeLongestGap.value(), 10);

        auto &options = m_bench.environment().transfer;
        options.networkQueue = 64_KiB;
        options.batchQueue = 64_KiB;
        options.visibleWithin = 0ms; // many small batches
        options.beforeWrite = [] {
            std::this_thread::sleep_for(50ms);
        };
        const auto ours = m_bench.run(m_demo->origin() + "/api/users/stream?rows=20000");
        options = {};
        QVERIFY(ours.waitedForUs >= 100ms);
    }

private:
    std::unique_ptr<demo::DemoServer> m_demo;
    RunBench m_bench;
};

QTEST_GUILESS_MAIN(TestSingleRun)
#include "tst_single_run.moc"
