// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demo_server.h"
#include "demo/socket_server.h"
#include "support/raw_server.h"
#include "support/web_socket_bytes.h"
#include "transfer/row_history.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

const std::string kAll = R"({"type":"fetch-all"})";
const std::string kResume = R"({"type":"resume","after":"${last.id}"})";

std::vector<std::uint64_t> tableOf(const Transfer &transfer)
{
    std::vector<std::uint64_t> rows;
    const auto scan = transfer.dataset()->snapshot().scan();
    for (;;) {
        const auto batch = scan->next();
        if (!batch)
            qFatal("%s", batch.error().toString().c_str());
        if (!*batch)
            break;
        const auto more = rowHashes(**batch);
        rows.insert(rows.end(), more.begin(), more.end());
    }
    return rows;
}

QString evidence(const Progress &progress)
{
    QStringList sentences;
    for (const std::string &sentence : progress.verdict->evidence)
        sentences << QString::fromStdString(sentence);
    return sentences.join(u'\n');
}

} // namespace

/// Whole downloads over WebSocket, from the demo server (Qt's) and from scripted ones.
class TestWebSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void equalsTheSameRowsAsNdjson();
    void goesOnAfterEachCut();
    void goesOnInALaterRun_data();
    void goesOnInALaterRun();
    void dropsTheRowOfAnInclusiveBorder();
    void closedWithoutACompleteMessageHasEnded();
    void aLoginPageIsRefused();
    void keepsRowsBeforeALargeMessage();
    void noticesAServerThatStartsOver();

private:
    struct Ran
    {
        std::unique_ptr<Transfer> transfer;
        Progress progress;
    };
    Ran finish(Result<std::unique_ptr<Transfer>> started);
    Ran get(const std::string &url, const std::string &resumeMessage = kResume);
    Ran ndjson(int rows);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
    std::unique_ptr<demo::DemoServer> m_http;
    std::unique_ptr<demo::SocketServer> m_sockets;
};

void TestWebSocket::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
    auto http = demo::DemoServer::start();
    auto sockets = demo::SocketServer::start();
    QVERIFY(http.has_value() && sockets.has_value());
    m_http = std::move(*http);
    m_sockets = std::move(*sockets);
}

TestWebSocket::Ran TestWebSocket::finish(Result<std::unique_ptr<Transfer>> started)
{
    if (!started)
        qFatal("%s", started.error().toString().c_str());
    Ran ran{std::move(*started), {}};
    if (!ran.transfer->waitFor(60s))
        qFatal("the transfer does not end");
    ran.progress = ran.transfer->progress();
    return ran;
}

TestWebSocket::Ran TestWebSocket::get(const std::string &url, const std::string &resumeMessage)
{
    DownloadRequest request;
    request.bytes.url = url;
    request.bytes.body = kAll;
    request.webSocket.resumeMessage = resumeMessage;
    request.retry.firstDelay = 1ms;
    return finish(Transfer::start(m_library, std::move(request), {}));
}

TestWebSocket::Ran TestWebSocket::ndjson(int rows)
{
    DownloadRequest request;
    request.bytes.url = m_http->origin() + "/api/users/stream?rows=" + std::to_string(rows);
    return finish(Transfer::start(m_library, std::move(request), {}));
}

void TestWebSocket::equalsTheSameRowsAsNdjson()
{
    const Ran ran = get(m_sockets->url() + "?rows=20300");
    QCOMPARE(ran.progress.verdict->kind, VerdictKind::Verified);
    QCOMPARE(ran.progress.format, decode::Format::WebSocket);
    QVERIFY(evidence(ran.progress).contains(QStringLiteral("= rows 20,300")));
    const auto table = tableOf(*ran.transfer);
    QCOMPARE(table.size(), 20'300U);
    QVERIFY(table == tableOf(*ndjson(20'300).transfer));
}

/// Each connection is cut after 1,700 rows.
void TestWebSocket::goesOnAfterEachCut()
{
    const Ran ran = get(m_sockets->url() + "?rows=10000&fault=cut:1700");
    QVERIFY2(ran.progress.verdict->kind == VerdictKind::Verified,
             qPrintable(evidence(ran.progress)));
    QVERIFY(evidence(ran.progress).contains(QStringLiteral("reconnected 5 times")));
    QVERIFY(tableOf(*ran.transfer) == tableOf(*ndjson(10'000).transfer));
}

void TestWebSocket::goesOnInALaterRun_data()
{
    QTest::addColumn<QString>("resumeMessage");
    QTest::newRow("with a resume message") << QString::fromStdString(kResume);
    QTest::newRow("reading the whole again") << QString();
}

void TestWebSocket::goesOnInALaterRun()
{
    QFETCH(QString, resumeMessage);
    DownloadRequest request;
    request.bytes.url = m_sockets->url() + "?rows=3000&rate=3000";
    request.bytes.body = kAll;
    request.webSocket.resumeMessage = resumeMessage.toStdString();
    std::string name;
    {
        auto first = Transfer::start(m_library, request, {});
        QVERIFY(first.has_value());
        name = (*first)->datasetName();
        QTRY_VERIFY_WITH_TIMEOUT((*first)->progress().rows.value() >= 500, 60'000);
        (*first)->cancel();
        QVERIFY((*first)->waitFor(60s));
        QCOMPARE((*first)->progress().verdict->kind, VerdictKind::Incomplete);
    }
    const Ran ran = finish(Transfer::resume(m_library, name, {}, {}));
    QVERIFY2(ran.progress.verdict->kind == VerdictKind::Verified,
             qPrintable(evidence(ran.progress)));
    QVERIFY(tableOf(*ran.transfer) == tableOf(*ndjson(3'000).transfer));
}

/// The resume message of some servers means "from here", which brings the last row again.
void TestWebSocket::dropsTheRowOfAnInclusiveBorder()
{
    test::RawServer server(
        {test::Script().upgrade().send(test::serverFrame(R"([{"id":1},{"id":2},{"id":3}])")),
         test::Script().upgrade().send(test::serverFrame(R"([{"id":3},{"id":4}])") +
                                       test::serverFrame(R"({"type":"done","total":4})"))});
    const Ran ran = get("ws" + server.url("/ws").substr(4));
    QVERIFY2(ran.progress.verdict->kind == VerdictKind::Verified,
             qPrintable(evidence(ran.progress)));
    QCOMPARE(ran.progress.rows.value(), 4);
}

/// A polite end that nothing vouches for.
void TestWebSocket::closedWithoutACompleteMessageHasEnded()
{
    test::RawServer server({test::Script().upgrade().send(
        test::serverFrame(R"([{"id":1},{"id":2}])") + test::closeFrame(1000))});
    const Ran ran = get("ws" + server.url("/ws").substr(4));
    QCOMPARE(ran.progress.verdict->kind, VerdictKind::Ended);
    QCOMPARE(ran.progress.rows.value(), 2);
}

void TestWebSocket::aLoginPageIsRefused()
{
    test::RawServer server({test::Script().send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")});
    const Ran ran = get("ws" + server.url("/ws").substr(4));
    QCOMPARE(ran.progress.error->code, ErrorCode::HttpStatus);
    QCOMPARE(ran.progress.error->nativeCode, 200);
    QCOMPARE(ran.progress.rows.value(), 0);
    QCOMPARE(server.requests().size(), 1U);
}

void TestWebSocket::keepsRowsBeforeALargeMessage()
{
    test::RawServer server({test::Script().upgrade().send(
        test::serverFrame(R"([{"id":1}])") + "\x81\x7F" + std::string("\0\0\1\0\0\0\0\0", 8))});
    const Ran ran = get("ws" + server.url("/ws").substr(4));
    QCOMPARE(ran.progress.verdict->kind, VerdictKind::Incomplete);
    QCOMPARE(ran.progress.error->code, ErrorCode::SizeLimitExceeded);
    QCOMPARE(ran.progress.rows.value(), 1);
}

void TestWebSocket::noticesAServerThatStartsOver()
{
    test::RawServer server(
        {test::Script().upgrade().send(test::serverFrame(R"([{"id":1},{"id":2},{"id":3}])"))});
    const Ran ran = get("ws" + server.url("/ws").substr(4));
    QCOMPARE(ran.progress.error->code, ErrorCode::SourceChanged);
    QCOMPARE(ran.progress.rows.value(), 3);
}

QTEST_GUILESS_MAIN(TestWebSocket)
#include "tst_web_socket.moc"
