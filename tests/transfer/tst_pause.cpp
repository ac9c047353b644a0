// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <latch>
#include <thread>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::RawServer;
using freshet::test::Script;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

std::string rowsText(int rows)
{
    const std::string filling(1000, 'x');
    std::string text;
    for (int i = 0; i < rows; ++i)
        text += "{\"id\":" + std::to_string(i) + ",\"filling\":\"" + filling + "\"}\n";
    return text;
}

std::string head(std::size_t length, const std::string &more = {})
{
    return "HTTP/1.1 " + std::string(more.empty() ? "200 OK" : "206 Partial Content") +
           "\r\nContent-Type: application/x-ndjson\r\nETag: \"v1\"\r\n" + more +
           "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

/// A download that the user pauses: its writer stands still until `goOn`, so that the pause comes
/// while bytes are on their way.
struct PausedDownload
{
    QTemporaryDir folder;
    std::latch isPaused{1};
    std::unique_ptr<Transfer> transfer;

    explicit PausedDownload(const std::string &url)
    {
        auto library = store::Library::open(folder.path().toStdString());
        Transfer::Options options{.networkQueue = 64_KiB, .batchQueue = 64_KiB};
        options.beforeWrite = [this] {
            isPaused.wait();
        };
        DownloadRequest request{.bytes = {.url = url}};
        request.retry = {.maxRetries = 3, .firstDelay = 1ms, .maxDelay = 2ms};
        auto started = Transfer::start(*library, std::move(request), std::move(options));
        if (!started)
            qFatal("%s", started.error().toString().c_str());
        transfer = std::move(*started);
    }
    [[nodiscard]] TransferState state() const { return transfer->progress().state; }
    /// What is in the queues goes on to the disk; nothing more comes.
    void pause()
    {
        while (state() != TransferState::Receiving)
            std::this_thread::yield();
        transfer->pause();
        isPaused.count_down();
    }
    void finish()
    {
        transfer->unpause();
        if (!transfer->waitFor(kPatience))
            qFatal("the transfer does not end");
    }
};

} // namespace

/// A pause over a real connection: the server feels it, and nothing is lost by it.
class TestPause : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsTheServerBack();
    void goesOnBehindALostConnection();
    void canBeCancelled();
};

void TestPause::holdsTheServerBack()
{
    constexpr int kRows = 64 * 1024; // far more than all buffers hold
    const std::string body = rowsText(kRows);
    RawServer server({Script().send(head(body.size())).send(body, 64 * 1024)});
    PausedDownload download(server.url());
    download.pause();
    QCOMPARE(download.state(), TransferState::Paused);
    // The buffers of both sockets are full once nothing has been sent between many looks.
    std::int64_t sent = -1;
    int quietLooks = 0;
    const auto standsStill = [&] {
        const std::int64_t now = server.bytesSent();
        quietLooks = now == sent ? quietLooks + 1 : 0;
        sent = now;
        return quietLooks >= 20;
    };
    QTRY_VERIFY_WITH_TIMEOUT(standsStill(), 60'000);
    QVERIFY(sent < static_cast<std::int64_t>(body.size()));
    QVERIFY(download.transfer->progress().rows < RowCount(kRows));
    QCOMPARE(download.state(), TransferState::Paused);

    download.finish();
    const Progress progress = download.transfer->progress();
    QCOMPARE(progress.verdict->kind, VerdictKind::Verified);
    QCOMPARE(progress.rows, RowCount(kRows));
    QCOMPARE(progress.retries, 0);
    QCOMPARE(server.requests().size(), std::size_t(1));
}

void TestPause::goesOnBehindALostConnection()
{
    constexpr int kRows = 4000;
    const std::string body = rowsText(kRows);
    RawServer server([&body](const std::string &request, std::size_t number) {
        if (number == 0)
            return Script().send(head(body.size())).send(body.substr(0, 1'000'000)).reset();
        const std::size_t range = request.find("Range: bytes=");
        const std::size_t from = std::stoul(request.substr(range + 13));
        return Script().send(head(body.size() - from, "Content-Range: bytes " +
                                                          std::to_string(from) + '-' +
                                                          std::to_string(body.size() - 1) + '/' +
                                                          std::to_string(body.size()) + "\r\n") +
                             body.substr(from));
    });
    PausedDownload download(server.url());
    download.pause();
    QCOMPARE(download.state(), TransferState::Paused);
    download.finish();
    const Progress progress = download.transfer->progress();
    QCOMPARE(progress.verdict->kind, VerdictKind::Verified);
    QCOMPARE(progress.rows, RowCount(kRows));
    QCOMPARE(progress.retries, 1);
    QCOMPARE(progress.continuations.size(), std::size_t(1));
    QCOMPARE(server.requests().size(), std::size_t(2));
}

void TestPause::canBeCancelled()
{
    const std::string body = rowsText(64 * 1024);
    RawServer server({Script().send(head(body.size())).send(body, 64 * 1024)});
    PausedDownload download(server.url());
    download.pause();
    download.transfer->cancel();
    QVERIFY(download.transfer->waitFor(kPatience));
    QCOMPARE(download.state(), TransferState::Cancelled);
    const auto rows = download.transfer->progress().rows;
    QCOMPARE(download.transfer->dataset()->snapshot().rowCount(), rows);
}

QTEST_GUILESS_MAIN(TestPause)
#include "tst_pause.moc"
