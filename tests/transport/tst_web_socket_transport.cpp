// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "support/test_certificate.h"
#include "support/web_socket_bytes.h"
#include "transport/collecting_sink.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>
#include <mutex>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(std::string)

namespace {

std::string urlOf(const RawServer &server, const std::string &path = "/ws")
{
    const std::string url = server.url(path);
    return "ws" + url.substr(4);
}

ByteRequest requestTo(const RawServer &server)
{
    ByteRequest request;
    request.url = urlOf(server);
    return request;
}

/// VmRSS of this process.
std::int64_t residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

/// A run on a thread of its own, until it is over.
struct Run
{
    explicit Run(ByteRequest request) : transport(std::move(*makeTransport(std::move(request)))) {}
    ~Run()
    {
        cancel.cancel();
        join();
    }
    void start()
    {
        thread = std::thread([this] { end = transport->run(sink, cancel); });
    }
    void join()
    {
        if (thread.joinable())
            thread.join();
    }

    CancelToken cancel;
    CollectingSink sink;
    std::unique_ptr<Transport> transport;
    Result<TransportEnd> end = fail(ErrorCode::Internal, "not run");
    std::thread thread;
};

} // namespace

class TestWebSocketTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outcome_data();
    void outcome();
    void refusals_data();
    void refusals();
    void sendsTheHandshake();
    void refusesHeadersOfTheHandshake();
    void goesOverTls();
    void distrustsUnknownCertificates();
    void cancelsAtOnce_data();
    void cancelsAtOnce();
    void noticesADeadPeer();
    void givesUpOnASilentHandshake();
    void slowSinkHoldsTheServerBack();
    void tellsTheSinksError();
};

void TestWebSocketTransport::outcome_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<bool>("isReset");
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<int>("nativeCode");
    QTest::addColumn<std::string>("out");
    const auto row = [](const char *name, const std::string &bytes, const char *outcome, int code,
                        const std::string &out, bool isReset = false) {
        QTest::newRow(name) << bytes << isReset << std::string(outcome) << code << out;
    };
    const std::string a = serverFrame("{\"a\":1}");
    const std::string outA = message("{\"a\":1}");
    const std::string big(400'000, 'b');
    row("closed in the proper way", a + closeFrame(1000, "done"), "FramingComplete", 0,
        outA + message(closePayload(1000, "done"), MessageFlag::Close));
    row("closed without a code", a + serverFrame("", 8), "FramingComplete", 0,
        outA + message(closePayload(1005), MessageFlag::Close));
    row("nothing counts behind a close", closeFrame(1000) + a, "FramingComplete", 0,
        message(closePayload(1000), MessageFlag::Close));
    row("cut without a close frame", a, "ConnectionLost", 1006, outA);
    row("half a frame", a + a.substr(0, 5), "ConnectionLost", 1006, outA);
    row("half a message", a + serverFrame("{", 1, false), "ConnectionLost", 1006, outA);
    row("going away", a + closeFrame(1001), "ConnectionLost", 1001,
        outA + message(closePayload(1001), MessageFlag::Close));
    row("message too big for the server", closeFrame(1009), "SizeLimitExceeded", 1009,
        message(closePayload(1009), MessageFlag::Close));
    row("code of the application", a + closeFrame(4001, "expired"), "InBandError", 4001,
        outA + message(closePayload(4001, "expired"), MessageFlag::Close));
    row("pings only", serverFrame("1", 9) + serverFrame("2", 9) + closeFrame(1000),
        "FramingComplete", 0, message(closePayload(1000), MessageFlag::Close));
    row("binary", serverFrame("\x01\x02", 2) + closeFrame(1000), "FramingComplete", 0,
        message("\x01\x02", MessageFlag::Binary) + message(closePayload(1000), MessageFlag::Close));
    row("in pieces",
        serverFrame("{\"a\"", 1, false) + serverFrame("p", 9) + serverFrame(":1}", 0) +
            closeFrame(1000),
        "FramingComplete", 0, outA + message(closePayload(1000), MessageFlag::Close));
    row("larger than what is gathered", a + serverFrame(big) + a + closeFrame(1000),
        "FramingComplete", 0,
        outA + message(big) + outA + message(closePayload(1000), MessageFlag::Close));
    row("beyond the limit", a + "\x81\x7F" + std::string("\0\0\0\0\x10\0\0\0", 8),
        "SizeLimitExceeded", 0, outA);
    row("masked by the server", a + std::string("\x81\x80\0\0\0\0", 6), "ProtocolViolation", 0,
        outA);
    row("bad close code", a + closeFrame(1006), "ProtocolViolation", 0, outA);
}

void TestWebSocketTransport::outcome()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, outcome);
    QFETCH(int, nativeCode);
    QFETCH(std::string, out);
    for (const std::size_t piece : {std::size_t(0), std::size_t(7)}) {
        if (piece != 0 && bytes.size() > 10'000)
            continue;
        RawServer server({Script().upgrade().send(bytes, piece)});
        const Fetched fetched = fetch(requestTo(server));
        QCOMPARE(fetched.outcome(), outcome);
        if (!fetched.end && nativeCode != 0)
            QCOMPARE(fetched.end.error().nativeCode, nativeCode);
        QVERIFY(fetched.sink.text == out);
        QCOMPARE(fetched.sink.head.status, 101);
        QCOMPARE(fetched.sink.head.finalUrl, urlOf(server));
        QVERIFY(fetched.progress.timing.connected && fetched.progress.timing.requestSent);
        QCOMPARE(fetched.progress.decodedBytes.value(), std::ssize(out));
    }
}

void TestWebSocketTransport::refusals_data()
{
    QTest::addColumn<std::string>("answer");
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("says");
    const auto row = [](const char *name, const std::string &answer, const char *outcome,
                        int status, const char *says) {
        QTest::newRow(name) << answer << std::string(outcome) << status << std::string(says);
    };
    row("401", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\nno token!", "HttpStatus", 401,
        "no token!");
    row("503", "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", "HttpStatus",
        503, "503 Busy");
    row("a login page",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>please sign in</html>",
        "HttpStatus", 200, "<html>please sign in");
    row("a chunked page",
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngone\r\n0\r\n\r\n",
        "HttpStatus", 404, "gone");
    row("a redirect",
        "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/login\r\nContent-Length: 0\r\n\r\n",
        "HttpStatus", 302, "leads to https://127.0.0.1/login, which is not followed");
    row("no accept", "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "ProtocolViolation", 0, "Sec-WebSocket-Accept");
    row("another protocol", "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "ProtocolViolation", 0, "another protocol");
    row("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "ProtocolViolation", 0, "HTTP status line");
    row("half a head", "HTTP/1.1 101 Swi", "ConnectionLost", 0, "during the handshake");
    row("an endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(2'000'000, 'x'),
        "SizeLimitExceeded", 0, "");
}

void TestWebSocketTransport::refusals()
{
    QFETCH(std::string, answer);
    QFETCH(std::string, outcome);
    QFETCH(int, status);
    QFETCH(std::string, says);
    RawServer server({Script().send(answer)});
    const Fetched fetched = fetch(requestTo(server));
    QCOMPARE(fetched.outcome(), outcome);
    const Error &error = fetched.end.error();
    QVERIFY2((error.detail + error.excerpt).find(says) != std::string::npos,
             error.toString().c_str());
    QCOMPARE(fetched.sink.heads, 0);
    if (status != 0) {
        QCOMPARE(error.nativeCode, status);
        QVERIFY(fetched.refusal.has_value());
        QCOMPARE(fetched.refusal->status, status);
    }
}

void TestWebSocketTransport::sendsTheHandshake()
{
    RawServer server({Script().upgrade().send(closeFrame(1000))});
    ByteRequest request = requestTo(server);
    request.url = "ws://user:pass@127.0.0.1:" + std::to_string(server.port()) + "/a%20b?x=1&y=2";
    request.headers = {{"X-Tenant", "blue"}};
    QCOMPARE(fetch(request).outcome(), std::string("FramingComplete"));
    const std::string sent = server.requests().at(0);
    QVERIFY(sent.starts_with("GET /a%20b?x=1&y=2 HTTP/1.1\r\nHost: 127.0.0.1:"));
    for (const char *line :
         {"Upgrade: websocket\r\n", "Connection: Upgrade\r\n", "X-Tenant: blue\r\n",
          "Sec-WebSocket-Version: 13\r\n", "Authorization: Basic dXNlcjpwYXNz\r\n"})
        QVERIFY2(sent.find(line) != std::string::npos, line);
    QVERIFY(sent.find("Extensions") == std::string::npos);
}

void TestWebSocketTransport::refusesHeadersOfTheHandshake()
{
    RawServer server({Script().upgrade().send(closeFrame(1000))});
    ByteRequest request = requestTo(server);
    request.headers = {{"sec-websocket-key", "x"}};
    QCOMPARE(fetch(request).outcome(), std::string("InvalidArgument"));
}

void TestWebSocketTransport::goesOverTls()
{
    const QTemporaryDir folder;
    const auto certificate = TestCertificate::create(folder.path());
    QVERIFY(certificate.has_value());
    RawServer server(
        {Script().upgrade().send(serverFrame("hi") + closeFrame(1000))},
        {certificate->certificateFile.toStdString(), certificate->keyFile.toStdString()});
    ByteRequest request = requestTo(server);
    QVERIFY(request.url.starts_with("wss://"));
    request.caFile = certificate->certificateFile.toStdString();
    const Fetched fetched = fetch(request);
    QCOMPARE(fetched.outcome(), std::string("FramingComplete"));
    QVERIFY(fetched.sink.text.starts_with(message("hi")));
    QVERIFY(fetched.progress.timing.tlsDone.has_value());
}

void TestWebSocketTransport::distrustsUnknownCertificates()
{
    const QTemporaryDir folder;
    const auto certificate = TestCertificate::create(folder.path());
    QVERIFY(certificate.has_value());
    RawServer server({Script().upgrade()}, {certificate->certificateFile.toStdString(),
                                            certificate->keyFile.toStdString()});
    QCOMPARE(fetch(requestTo(server)).outcome(), std::string("TlsFailed"));
}

void TestWebSocketTransport::cancelsAtOnce_data()
{
    QTest::addColumn<bool>("isOpen");
    QTest::newRow("in the handshake") << false;
    QTest::newRow("while the server is silent") << true;
}

/// Neither ends by itself: that `join` returns is the proof.
void TestWebSocketTransport::cancelsAtOnce()
{
    QFETCH(bool, isOpen);
    RawServer server(
        {isOpen ? Script().upgrade().send(serverFrame("a")).stall() : Script().stall()});
    Run run(requestTo(server));
    run.start();
    QTRY_COMPARE_WITH_TIMEOUT(server.hanging(), 1, 60'000);
    run.cancel.cancel();
    run.join();
    QVERIFY(!run.end);
    QCOMPARE(run.end.error().code, ErrorCode::Cancelled);
}

void TestWebSocketTransport::noticesADeadPeer()
{
    RawServer server({Script().upgrade().send(serverFrame("a")).stall()});
    ByteRequest request = requestTo(server);
    request.idleTimeout = 150ms;
    const Fetched fetched = fetch(request);
    QCOMPARE(fetched.outcome(), std::string("Timeout"));
    QVERIFY(fetched.error().find("not even an answer to a ping") != std::string::npos);
    QCOMPARE(fetched.sink.text, message("a"));
}

void TestWebSocketTransport::givesUpOnASilentHandshake()
{
    RawServer server({Script().stall()});
    ByteRequest request = requestTo(server);
    request.connectTimeout = 150ms;
    QCOMPARE(fetch(request).outcome(), std::string("Timeout"));
}

/// A server without end and a sink that takes nothing: what the server could send stays what fits
/// the sockets' buffers, and memory stays flat.
void TestWebSocketTransport::slowSinkHoldsTheServerBack()
{
    RawServer server({Script().upgrade().flood(serverFrame(std::string(20'000, 'x')))});
    std::mutex mutex;
    std::condition_variable wake;
    bool mayGoOn = false;
    Run run(requestTo(server));
    std::atomic<bool> isBlocked = false;
    run.sink.onPiece = [&](std::string_view) -> Status {
        isBlocked = true;
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return mayGoOn; });
        return fail(ErrorCode::DiskFull, "enough");
    };
    run.start();
    QTRY_VERIFY_WITH_TIMEOUT(isBlocked, 60'000);
    const std::int64_t before = residentBytes();
    std::int64_t sent = -1;
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(sent, server.bytesSent()) == server.bytesSent(), 60'000);
    QVERIFY2(server.bytesSent() < 64'000'000, std::to_string(server.bytesSent()).c_str());
    QVERIFY(residentBytes() - before < 16'000'000);
    {
        const std::lock_guard lock(mutex);
        mayGoOn = true;
    }
    wake.notify_all();
    run.join();
    QCOMPARE(run.end.error().code, ErrorCode::DiskFull);
}

void TestWebSocketTransport::tellsTheSinksError()
{
    RawServer server({Script().upgrade().send(serverFrame("a")).stall()});
    auto transport = makeTransport(requestTo(server));
    CollectingSink sink;
    sink.onPiece = [](std::string_view) {
        return fail(ErrorCode::DiskFull, "full");
    };
    const auto end = (*transport)->run(sink, CancelToken());
    QVERIFY(!end);
    QCOMPARE(end.error().code, ErrorCode::DiskFull);
}

QTEST_GUILESS_MAIN(TestWebSocketTransport)
#include "tst_web_socket_transport.moc"
