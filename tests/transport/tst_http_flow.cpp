// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transport/collecting_sink.h"
#include "transport/http_case.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

namespace {

/// A transport running on a thread of its own, with a gate in its sink.
class BackgroundRun
{
public:
    explicit BackgroundRun(ByteRequest request)
        : m_transport(std::move(*makeTransport(std::move(request))))
    {
        sink.onPiece = [this](std::string_view) -> Status {
            std::unique_lock lock(m_mutex);
            m_isBlocked = m_isClosed;
            m_changed.wait(lock, [this] { return !m_isClosed; });
            m_isBlocked = false;
            return {};
        };
    }
    ~BackgroundRun()
    {
        token.cancel();
        openGate();
        if (m_thread.joinable())
            m_thread.join();
    }

    void start()
    {
        m_thread = std::thread([this] {
            end = m_transport->run(sink, token);
            m_isDone = true;
        });
    }
    void join() { m_thread.join(); }
    void closeGate()
    {
        const std::lock_guard lock(m_mutex);
        m_isClosed = true;
    }
    void openGate()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isClosed = false;
        }
        m_changed.notify_all();
    }
    [[nodiscard]] bool isBlocked() const { return m_isBlocked; }
    [[nodiscard]] bool isDone() const { return m_isDone; }
    [[nodiscard]] TransportProgress progress() const { return m_transport->progress(); }

    CollectingSink sink;
    CancelToken token;
    Result<TransportEnd> end = fail(ErrorCode::Internal, "not run");

private:
    std::unique_ptr<Transport> m_transport;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isClosed = false;
    std::atomic<bool> m_isBlocked = false;
    std::atomic<bool> m_isDone = false;
    std::thread m_thread;
};

/// The address sanitizer keeps freed memory for a while: what went through is then no measure.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kFreedMemoryLingers = true;
#else
constexpr bool kFreedMemoryLingers = false;
#endif

/// Resident memory of this process in bytes.
qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').at(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

} // namespace

/// Who waits for whom: cancelling, silence, slow sinks, servers that die.
class TestHttpFlow : public QObject, private HttpCase
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cancelActs_data();
    void cancelActs();
    void cancelWhileConnecting();
    void cancelledBefore();
    void idleTimeoutActs_data();
    void idleTimeoutActs();
    void idleTimeDoesNotCountInTheSink();
    void piecesAreHandedOnAtOnce();
    void slowSinkHoldsTheServerBack_data();
    void slowSinkHoldsTheServerBack();
    void rawServerIsHeldBack();
    void serverThatDies_data();
    void serverThatDies();
};

void TestHttpFlow::initTestCase()
{
    QVERIFY(putLarge());
    QVERIFY(startNginx());
}

void TestHttpFlow::cancelActs_data()
{
    QTest::addColumn<std::string>("reply");
    QTest::newRow("while waiting for the headers") << std::string();
    QTest::newRow("in the middle of the headers") << std::string("HTTP/1.1 200 OK\r\nA");
    QTest::newRow("while waiting for the body") << std::string("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("in the middle of the body") << std::string("HTTP/1.1 200 OK\r\n\r\nhello");
    QTest::newRow("in the middle of an error") << std::string("HTTP/1.1 500 Oops\r\n\r\nhello");
}

void TestHttpFlow::cancelActs()
{
    QFETCH(const std::string, reply);
    RawServer server({Script().send(reply).stall()});
    ByteRequest request;
    request.url = server.url();
    BackgroundRun run(request);
    run.start();
    QTRY_VERIFY(server.hanging() == 1);
    if (reply.ends_with("hello") && reply.find("200") != std::string::npos)
        QTRY_COMPARE(run.progress().decodedBytes.value(), 5);
    run.token.cancel();
    run.join(); // comes back at all: nothing else would end this transfer for minutes
    QVERIFY(!run.end);
    QCOMPARE(run.end.error().code, ErrorCode::Cancelled);
}

void TestHttpFlow::cancelWhileConnecting()
{
    // A listener that accepts nobody: once its backlog is full, further connections hang.
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *const generic = reinterpret_cast<sockaddr *>(&address);
    QVERIFY(::bind(listener, generic, size) == 0 && ::listen(listener, 0) == 0 &&
            ::getsockname(listener, generic, &size) == 0);
    std::vector<int> fillers;
    for (int i = 0; i < 4; ++i) {
        fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        (void)::connect(fillers.back(), generic, size); // some get in, the last ones hang
    }
    ByteRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
    BackgroundRun run(request);
    run.start();
    QTest::qWait(50); // long enough to be connecting; nothing depends on it
    QVERIFY(!run.isDone());
    run.token.cancel();
    run.join();
    QVERIFY(!run.end);
    QCOMPARE(run.end.error().code, ErrorCode::Cancelled);
    QVERIFY(!run.progress().timing.connected);
    for (const int filler : fillers)
        ::close(filler);
    ::close(listener);
}

void TestHttpFlow::cancelledBefore()
{
    RawServer server({Script().stall()});
    ByteRequest request;
    request.url = server.url();
    auto transport = makeTransport(request);
    QVERIFY(transport);
    CollectingSink sink;
    CancelToken token;
    token.cancel();
    const auto end = (*transport)->run(sink, token);
    QVERIFY(!end);
    QCOMPARE(end.error().code, ErrorCode::Cancelled);
}

void TestHttpFlow::idleTimeoutActs_data()
{
    QTest::addColumn<std::string>("reply");
    QTest::newRow("no answer") << std::string();
    QTest::newRow("no body") << std::string("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("half a body") << std::string(
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
}

void TestHttpFlow::idleTimeoutActs()
{
    QFETCH(const std::string, reply);
    RawServer server({Script().send(reply).stall()});
    ByteRequest request;
    request.url = server.url();
    request.idleTimeout = std::chrono::milliseconds(100);
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == "Timeout", fetched.error().c_str());
    QCOMPARE(fetched.sink.text, reply.ends_with("hello") ? std::string("hello") : std::string());
}

void TestHttpFlow::idleTimeDoesNotCountInTheSink()
{
    // The sink takes longer than the idle timeout, then the server still has to say the rest.
    RawServer server(
        {Script().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello").send("world")});
    ByteRequest request;
    request.url = server.url();
    request.idleTimeout = std::chrono::milliseconds(50);
    auto transport = makeTransport(request);
    QVERIFY(transport);
    CollectingSink sink;
    sink.onPiece = [](std::string_view) -> Status {
        QTest::qSleep(150);
        return {};
    };
    const auto end = (*transport)->run(sink, CancelToken());
    QVERIFY2(end, end ? "" : end.error().toString().c_str());
    QCOMPARE(sink.text, std::string("helloworld"));
}

void TestHttpFlow::piecesAreHandedOnAtOnce()
{
    // Nothing may wait for a fuller buffer: the server says no more until the client is gone.
    const std::string row = "{\"id\":1}\n";
    RawServer server({Script().send("HTTP/1.1 200 OK\r\n\r\n" + row).stall()});
    ByteRequest request;
    request.url = server.url();
    BackgroundRun run(request);
    run.start();
    QTRY_COMPARE(run.progress().decodedBytes.value(), qint64(row.size()));
    QVERIFY(run.progress().timing.firstByte);
}

void TestHttpFlow::slowSinkHoldsTheServerBack_data()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::newRow("HTTP/1.1") << Scheme::Plain;
    QTest::newRow("TLS") << Scheme::Tls;
    QTest::newRow("HTTP/2") << Scheme::Http2;
}

void TestHttpFlow::slowSinkHoldsTheServerBack()
{
    REQUIRE_NGINX();
    QFETCH(const Scheme, scheme);
    BackgroundRun run(nginxRequest(scheme, "large.bin"));
    run.sink.onPiece = [gate = run.sink.onPiece, &run](std::string_view piece) -> Status {
        run.sink.text.clear(); // only the gate matters here
        return gate(piece);
    };
    run.closeGate();
    run.start();
    QTRY_VERIFY(run.isBlocked());
    const qint64 before = residentBytes();
    const qint64 arrived = run.progress().wireBytes.value();
    // Time in which a server that is not held back would send gigabytes.
    QTest::qWait(1'000);
    QVERIFY(run.isBlocked());
    QCOMPARE(run.progress().wireBytes.value(), arrived);
    QVERIFY2(residentBytes() - before < (qint64(16) << 20),
             qPrintable(QString::number(residentBytes() - before)));

    // Slowly on, piece by piece, then freely: the server is still there.
    for (int piece = 0; piece < 20; ++piece) {
        run.openGate();
        run.closeGate();
        QTRY_VERIFY(run.isBlocked());
    }
    run.openGate();
    QTRY_VERIFY_WITH_TIMEOUT(run.progress().wireBytes.value() > arrived + (qint64(200) << 20),
                             60'000);
    QVERIFY2(kFreedMemoryLingers || residentBytes() - before < (qint64(32) << 20),
             qPrintable(QString::number(residentBytes() - before)));
    run.token.cancel();
    run.join();
    QCOMPARE(run.end.error().code, ErrorCode::Cancelled);
}

void TestHttpFlow::rawServerIsHeldBack()
{
    RawServer server({Script().send("HTTP/1.1 200 OK\r\n\r\n").flood(std::string(64 * 1024, 'x'))});
    ByteRequest request;
    request.url = server.url();
    BackgroundRun run(request);
    run.closeGate();
    run.start();
    QTRY_VERIFY(run.isBlocked());
    // The server fills the socket buffers and then stands still.
    qint64 sent = -1;
    QTRY_VERIFY([&] {
        QTest::qWait(200);
        return std::exchange(sent, server.bytesSent()) == server.bytesSent();
    }());
    QVERIFY2(sent < (qint64(32) << 20), qPrintable(QString::number(sent)));
}

void TestHttpFlow::serverThatDies_data()
{
    slowSinkHoldsTheServerBack_data();
}

void TestHttpFlow::serverThatDies()
{
    REQUIRE_NGINX();
    QFETCH(const Scheme, scheme);
    NginxServer doomed;
    QVERIFY(doomed.start({.folder = folder()}));
    ByteRequest request;
    request.url = doomed.url(scheme, QStringLiteral("large.bin")).toStdString();
    request.caFile = doomed.certificateFile().toStdString();
    BackgroundRun run(request);
    run.sink.onPiece = [gate = run.sink.onPiece, &run](std::string_view piece) -> Status {
        run.sink.text.clear();
        return gate(piece);
    };
    run.closeGate();
    run.start();
    QTRY_VERIFY(run.isBlocked());
    doomed.process().kill();
    run.openGate();
    run.join();
    QVERIFY(!run.end);
    QVERIFY2(run.end.error().code == ErrorCode::ConnectionLost, run.end.error().toString().c_str());
    // What the kernel had taken in still came.
    QCOMPARE(run.end.error().byteOffset->value(), run.progress().decodedBytes.value());
}

QTEST_GUILESS_MAIN(TestHttpFlow)
#include "tst_http_flow.moc"
