// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "support/fault_server.h"
#include "support/raw_server.h"
#include "transfer/recorded_downloads.h"

#include <QFile>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

using Clock = transport::ReplayPace::Clock;

/// Due times in place of a clock: nobody waits, and every time that is asked for is kept.
struct AskedTimes
{
    std::mutex mutex;
    std::vector<Clock::time_point> times;

    [[nodiscard]] transport::ReplayPace pace(double speed)
    {
        return {.speed = speed, .waitUntil = [this](Clock::time_point due, const CancelToken &) {
                    const std::lock_guard lock(mutex);
                    times.push_back(due);
                }};
    }
    /// Since the first of them.
    [[nodiscard]] std::vector<std::chrono::microseconds> sinceFirst()
    {
        std::vector<std::chrono::microseconds> since;
        for (const auto time : times)
            since.push_back(
                std::chrono::duration_cast<std::chrono::microseconds>(time - times.front()));
        return since;
    }
};

} // namespace

/// Downloads are recorded with their times, and made again without their server.
class TestRecording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto demo = demo::DemoServer::start();
        QVERIFY(demo);
        m_demo = std::move(*demo);
    }

    void theSameRowsAgain_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("coding");
        QTest::addColumn<bool>("paged");
        const auto row = [](const char *name, const char *path, const char *coding, bool paged) {
            QTest::newRow(name) << QByteArray(path) << QByteArray(coding) << paged;
        };
        row("NDJSON", "/api/users/stream?rows=3000", "identity", false);
        row("JSON, gzip", "/api/users?rows=3000", "gzip", false);
        row("CSV, zstd", "/api/users.csv?rows=3000", "zstd", false);
        row("SSE, br", "/api/users/sse?rows=500", "br", false);
        row("pages by cursor", "/api/users?rows=700&limit=100&cursor=", "identity", true);
        row("pages side by side", "/api/users?rows=700&limit=100&page=1", "gzip", true);
        row("cut", "/api/users/stream?rows=900&fault=cut:500", "identity", false);
        row("refused", "/nowhere", "identity", false);
    }

    void theSameRowsAgain()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, coding);
        QFETCH(bool, paged);
        DownloadRequest request;
        request.bytes.url = m_demo->origin() + path.toStdString();
        request.bytes.acceptEncoding = coding.toStdString();
        request.retry.maxRetries = 0;
        if (paged)
            request.pages.emplace();
        const RecordedDownloads::Outcome live = m_downloads.record(request);
        const auto recorded = RecordedDownload::load(file());
        QVERIFY2(recorded, recorded ? "" : recorded.error().toString().c_str());
        const RecordedDownloads::Outcome again = m_downloads.download(
            recorded->request, {.makeTransport = recorded->transports({.speed = 0})});
        RecordedDownloads::compare(live, again);
    }

    /// The replay asks to wait for exactly the times that were recorded.
    void atTheRecordedTimes_data()
    {
        QTest::addColumn<double>("speed");
        QTest::newRow("as it was") << 1.0;
        QTest::newRow("four times as fast") << 4.0;
    }

    void atTheRecordedTimes()
    {
        QFETCH(double, speed);
        RawServer server([](const std::string &, std::size_t) {
            Script script =
                Script().send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n" +
                              std::string(kChunked) + "\r\n");
            for (int i = 0; i < 5; ++i)
                script = std::move(script).pause(40ms).send(
                    chunk("{\"id\":" + std::to_string(i) + "}\n"));
            return std::move(script).send(std::string(kLastChunk));
        });
        DownloadRequest request;
        request.bytes.url = server.url("/rows");
        (void)m_downloads.record(request);
        const auto recorded = RecordedDownload::load(file());
        QVERIFY(recorded);
        const auto &exchange = recorded->recording->exchanges().front();
        std::vector<std::chrono::microseconds> expected;
        for (const auto &event : exchange.events)
            expected.push_back(event.at);
        expected.push_back(exchange.endedAt);
        QVERIFY(expected.back() >= 200ms);

        AskedTimes asked;
        const RecordedDownloads::Outcome again = m_downloads.download(
            recorded->request, {.makeTransport = recorded->transports(asked.pace(speed))});
        QCOMPARE(again.progress.rows.value(), 5);
        const auto since = asked.sinceFirst();
        QCOMPARE(since.size(), expected.size());
        for (std::size_t i = 0; i < since.size(); ++i) {
            const auto due = (expected[i] - expected.front()) / speed;
            QVERIFY(std::chrono::abs(since[i] - due) <= 2us);
        }
    }

    void secretsStayOut()
    {
        RawServer server([](const std::string &, std::size_t) {
            return Script().send("HTTP/1.1 200 OK\r\nSet-Cookie: id=hush\r\nLink: "
                                 "<http://127.0.0.1/rows?token=hush>; rel=\"self\"\r\n"
                                 "Content-Length: 9\r\n\r\n{\"id\":1}\n");
        });
        DownloadRequest request;
        request.bytes.url = server.url("/rows.ndjson?api_key=hush");
        request.bytes.headers = {{"Authorization", "Bearer hush"}};
        QCOMPARE(m_downloads.record(request).progress.rows.value(), 1);
        QFile kept(QString::fromStdString(file().string()));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QVERIFY(!kept.readAll().contains("hush"));
        const auto recorded = RecordedDownload::load(file());
        QVERIFY(recorded);
        const RecordedDownloads::Outcome again = m_downloads.download(
            recorded->request, {.makeTransport = recorded->transports({.speed = 0})});
        QCOMPARE(again.progress.rows.value(), 1);
    }

    void aBoundCutsIt()
    {
        DownloadRequest request;
        request.bytes.url = m_demo->origin() + "/api/users/stream?rows=20000";
        request.bytes.acceptEncoding = "identity";
        auto writer =
            transport::RecordingWriter::create(file(), request.toJson(), ByteCount(1'000'000));
        QVERIFY(writer);
        const RecordedDownloads::Outcome live =
            m_downloads.download(request, {.makeTransport = recordingTransports(*writer)});
        QVERIFY((*writer)->close());
        QCOMPARE(live.progress.rows.value(), 20'000);
        QVERIFY(QFile(QString::fromStdString(file().string())).size() < 1'100'000);
        const auto recorded = RecordedDownload::load(file());
        QVERIFY(recorded);
        const RecordedDownloads::Outcome again = m_downloads.download(
            recorded->request, {.makeTransport = recorded->transports({.speed = 0})});
        const std::int64_t rows = again.progress.rows.value();
        QVERIFY2(rows > 500 && rows < 20'000, std::to_string(rows).c_str());
        QCOMPARE(again.progress.verdict->kind, VerdictKind::Incomplete);
        QCOMPARE(again.progress.error->code, ErrorCode::Truncated);
    }

    void cancellingDoesNotWait()
    {
        DownloadRequest request;
        request.bytes.url = m_demo->origin() + "/api/users/stream?rows=10";
        (void)m_downloads.record(request);
        const auto recorded = RecordedDownload::load(file());
        QVERIFY(recorded);
        auto transfer = Transfer::start(m_downloads.library(), recorded->request,
                                        {.makeTransport = recorded->transports({.speed = 1e-9})});
        QVERIFY(transfer);
        (*transfer)->cancel();
        QVERIFY((*transfer)->waitFor(60s));
        QCOMPARE((*transfer)->progress().state, TransferState::Cancelled);
    }

    /// What a damaged file says of times no clock can tell; the rows are the same.
    void impossibleTimes_data()
    {
        QTest::addColumn<std::chrono::microseconds>("at");
        QTest::addColumn<double>("speed");
        QTest::newRow("never") << std::chrono::microseconds::max() << 1.0;
        QTest::newRow("before it began") << std::chrono::microseconds::min() << 1.0;
        QTest::newRow("slower than time") << std::chrono::microseconds(1'000) << 1e-300;
    }

    void impossibleTimes()
    {
        QFETCH(std::chrono::microseconds, at);
        QFETCH(double, speed);
        DownloadRequest request;
        request.bytes.url = "http://127.0.0.1:1/rows.ndjson";
        auto writer = beginRecording(file(), request);
        QVERIFY(writer);
        const transport::ResponseHead head{.status = 200, .contentType = "application/x-ndjson"};
        const auto exchange = (*writer)->begin(request.bytes);
        (*writer)->head(exchange, at, head);
        (*writer)->bytes(exchange, at, "{\"id\":1}\n");
        (*writer)->end(exchange, at, {});
        QVERIFY((*writer)->close());
        const auto recorded = RecordedDownload::load(file());
        QVERIFY2(recorded, recorded ? "" : recorded.error().toString().c_str());
        AskedTimes asked;
        const auto before = Clock::now();
        const auto outcome = m_downloads.download(
            recorded->request, {.makeTransport = recorded->transports(asked.pace(speed))});
        QCOMPARE(outcome.progress.rows, RowCount(1));
        QVERIFY(!asked.times.empty());
        for (const auto due : asked.times)
            QVERIFY(due >= before && due <= Clock::now() + 24h * 366);
    }

    void damagedFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ErrorCode>("code");
        const QByteArray magic(recordingMagic());
        QTest::newRow("empty") << QByteArray() << ErrorCode::InvalidArgument;
        QTest::newRow("something else") << QByteArray("{\"id\":1}\n") << ErrorCode::InvalidArgument;
        QTest::newRow("cut in a frame's head") << magic + "Q\1\0" << ErrorCode::Truncated;
        QTest::newRow("longer than the file")
            << magic + QByteArray("Q\0\0\0\0\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF", 17)
            << ErrorCode::Truncated;
        QTest::newRow("an exchange that has not begun")
            << magic + QByteArray("B\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17)
            << ErrorCode::SyntaxError;
        QTest::newRow("an unknown frame")
            << magic + QByteArray("Q\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17) +
                   QByteArray("?\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17)
            << ErrorCode::SyntaxError;
        QTest::newRow("without a description") << magic << ErrorCode::InvalidArgument;
    }

    void damagedFiles()
    {
        QFETCH(QByteArray, bytes);
        QFile kept(QString::fromStdString(file().string()));
        QVERIFY(kept.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(kept.write(bytes), bytes.size());
        kept.close();
        const auto recorded = RecordedDownload::load(file());
        QVERIFY(!recorded);
        QTEST(recorded.error().code, "code");
    }

private:
    [[nodiscard]] static QByteArray recordingMagic()
    {
        return QByteArray(transport::recording::kMagic.data(),
                          std::ssize(transport::recording::kMagic));
    }
    [[nodiscard]] std::filesystem::path file() const { return m_downloads.file(); }

    std::unique_ptr<demo::DemoServer> m_demo;
    RecordedDownloads m_downloads;
};

QTEST_GUILESS_MAIN(TestRecording)
#include "tst_recording.moc"
