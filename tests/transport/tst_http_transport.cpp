// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/nginx_server.h"
#include "support/raw_server.h"
#include "transport/collecting_sink.h"
#include "transport/encoded.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

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
using Scheme = NginxServer::Scheme;

Q_DECLARE_METATYPE(std::string)
Q_DECLARE_METATYPE(freshet::test::NginxServer::Scheme)

namespace {

bool holds(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

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

class TestHttpTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void serves_data();
    void serves();
    void gzipStatic();
    void compressedFileWithoutContentEncoding_data();
    void compressedFileWithoutContentEncoding();
    void rangeOfAFile();
    void missingFile();
    void timesAreInOrder();

    void requestSaysWhatWasAsked();
    void emptyValueAndOwnHeaders();
    void headIsAnsweredWithoutABody();
    void invalidRequests_data();
    void invalidRequests();
    void environmentProxyIsIgnored();

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

private:
    ByteRequest nginxRequest(Scheme scheme, const char *path) const;

    QTemporaryDir m_folder;
    std::string m_rows;
    std::unique_ptr<NginxServer> m_nginx;
};

#define REQUIRE_NGINX()                                                                            \
    do {                                                                                           \
        if (!m_nginx)                                                                              \
            QSKIP("nginx is not installed");                                                       \
    } while (false)

void TestHttpTransport::initTestCase()
{
    m_rows = sampleText(3'000'000);
    const auto put = [this](const char *name, const std::string &bytes) {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::WriteOnly) &&
               file.write(bytes.data(), qint64(bytes.size())) == qint64(bytes.size());
    };
    QVERIFY(put("rows.ndjson", m_rows) && put("rows.ndjson.gz", gzipOf(m_rows)) &&
            put("rows.csv.zst", zstdOf(m_rows)) && put("rows.csv.br", brotliOf(m_rows)) &&
            put("rows.csv.lz4", lz4Of(m_rows)) && put("plain.gz", m_rows));
    // Holes: a large file that takes no room.
    QFile large(m_folder.filePath(QStringLiteral("large.bin")));
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(qint64(4) << 30));

    if (!NginxServer::isInstalled())
        return;
    m_nginx = std::make_unique<NginxServer>();
    QVERIFY(m_nginx->start({.folder = m_folder.path(), .gzipStatic = true}));
}

ByteRequest TestHttpTransport::nginxRequest(Scheme scheme, const char *path) const
{
    ByteRequest request;
    request.url = m_nginx->url(scheme, QString::fromLatin1(path)).toStdString();
    request.caFile = m_nginx->certificateFile().toStdString();
    request.acceptEncoding = "identity";
    return request;
}

void TestHttpTransport::serves_data()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<int>("version");
    QTest::addColumn<std::string>("spoken");
    const auto row = [](const char *name, Scheme scheme, HttpVersion version, const char *spoken) {
        QTest::newRow(name) << scheme << int(version) << std::string(spoken);
    };
    row("plain", Scheme::Plain, HttpVersion::Auto, "1.1");
    row("TLS", Scheme::Tls, HttpVersion::Auto, "1.1");
    row("HTTP/2", Scheme::Http2, HttpVersion::Auto, "2");
    row("HTTP/2 wanted", Scheme::Http2, HttpVersion::Http2, "2");
    row("HTTP/2 in plain text", Scheme::PlainHttp2, HttpVersion::Http2, "2");
    row("HTTP/1.1 wanted", Scheme::Http2, HttpVersion::Http1, "1.1");
}

void TestHttpTransport::serves()
{
    REQUIRE_NGINX();
    QFETCH(const Scheme, scheme);
    QFETCH(const int, version);
    QFETCH(const std::string, spoken);
    ByteRequest request = nginxRequest(scheme, "rows.ndjson");
    request.version = HttpVersion(version);
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == "LengthReached", fetched.error().c_str());
    QVERIFY(fetched.sink.text == m_rows);
    const ResponseHead &head = fetched.sink.head;
    QCOMPARE(head.status, 200);
    QCOMPARE(head.httpVersion, spoken);
    QCOMPARE(head.contentType, std::string("application/x-ndjson"));
    QCOMPARE(head.finalUrl, request.url);
    QVERIFY(head.contentLength == ByteCount(qint64(m_rows.size())));
    QVERIFY(findHeader(head.headers, "ETag"));
    QCOMPARE(fetched.end->wireBytes.value(), qint64(m_rows.size()));
    QCOMPARE(fetched.end->decodedBytes.value(), qint64(m_rows.size()));
}

void TestHttpTransport::gzipStatic()
{
    REQUIRE_NGINX();
    ByteRequest request = nginxRequest(Scheme::Plain, "rows.ndjson");
    request.acceptEncoding = "gzip";
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == "LengthReached", fetched.error().c_str());
    QVERIFY(fetched.sink.text == m_rows);
    QVERIFY(fetched.sink.head.contentCodings == std::vector<std::string>{"gzip"});
    QVERIFY(fetched.end->wireBytes.value() < qint64(m_rows.size()) / 2);
}

void TestHttpTransport::compressedFileWithoutContentEncoding_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("coding");
    QTest::newRow("gzip") << std::string("rows.ndjson.gz") << std::string("gzip");
    QTest::newRow("zstd") << std::string("rows.csv.zst") << std::string("zstd");
    QTest::newRow("br") << std::string("rows.csv.br") << std::string("br");
    QTest::newRow("lz4") << std::string("rows.csv.lz4") << std::string("lz4");
    QTest::newRow("plain text named .gz") << std::string("plain.gz") << std::string();
}

void TestHttpTransport::compressedFileWithoutContentEncoding()
{
    REQUIRE_NGINX();
    QFETCH(const std::string, path);
    QFETCH(const std::string, coding);
    const Fetched fetched = fetch(nginxRequest(Scheme::Plain, path.c_str()));
    QVERIFY2(fetched.outcome() == "LengthReached", fetched.error().c_str());
    QVERIFY(fetched.sink.text == m_rows);
    const auto &codings = fetched.sink.head.contentCodings;
    QCOMPARE(codings.empty() ? std::string() : codings.front(), coding);
}

void TestHttpTransport::rangeOfAFile()
{
    REQUIRE_NGINX();
    ByteRequest request = nginxRequest(Scheme::Http2, "rows.ndjson");
    request.headers = {{"Range", "bytes=1000-"}};
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == "LengthReached", fetched.error().c_str());
    QCOMPARE(fetched.sink.head.status, 206);
    QVERIFY(fetched.sink.text == m_rows.substr(1000));
}

void TestHttpTransport::missingFile()
{
    REQUIRE_NGINX();
    const Fetched fetched = fetch(nginxRequest(Scheme::Http2, "nothing"));
    QCOMPARE(fetched.outcome(), std::string("HttpStatus"));
    QCOMPARE(fetched.end.error().nativeCode, 404);
    QVERIFY(
        fetched.end.error().detail.starts_with("the server answered 404 Not Found to GET https:"));
    QVERIFY(holds(fetched.end.error().excerpt, "<html>"));
}

void TestHttpTransport::timesAreInOrder()
{
    REQUIRE_NGINX();
    const Fetched fetched = fetch(nginxRequest(Scheme::Http2, "rows.ndjson"));
    const TransportTiming &timing = fetched.progress.timing;
    QVERIFY(timing.nameLookup && timing.connected && timing.tlsDone && timing.requestSent &&
            timing.firstByte && timing.lastByte);
    QVERIFY(*timing.nameLookup <= *timing.connected);
    QVERIFY(*timing.connected <= *timing.tlsDone);
    QVERIFY(*timing.tlsDone <= *timing.requestSent);
    QVERIFY(*timing.requestSent <= *timing.firstByte);
    QVERIFY(*timing.firstByte <= *timing.lastByte);
    QVERIFY(!fetch(nginxRequest(Scheme::Plain, "rows.ndjson")).progress.timing.tlsDone);
}

void TestHttpTransport::requestSaysWhatWasAsked()
{
    RawServer server({Script().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")});
    ByteRequest request;
    request.url = server.url("/rows?q=a%2Cb#part");
    QVERIFY(fetch(request).end);
    const std::string sent = server.requests().at(0);
    QVERIFY(sent.starts_with("GET /rows?q=a%2Cb HTTP/1.1\r\n"));
    QVERIFY(holds(sent, "\r\nAccept-Encoding: zstd, br, gzip, deflate\r\n"));
    QVERIFY(holds(sent, "\r\nUser-Agent: Freshet/" FRESHET_VERSION "\r\n"));
    QVERIFY(!holds(sent, "Authorization"));
}

void TestHttpTransport::emptyValueAndOwnHeaders()
{
    RawServer server({Script().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")});
    ByteRequest request;
    request.url = server.url();
    request.method = "POST";
    request.body = std::string("a\0b", 3);
    request.headers = {{"X-Empty", ""}, {"User-Agent", "mine"}, {"Accept-Encoding", "br"}};
    QVERIFY(fetch(request).end);
    const std::string sent = server.requests().at(0);
    QVERIFY(sent.starts_with("POST / HTTP/1.1\r\n"));
    QVERIFY(holds(sent, "\r\nX-Empty:\r\n") && holds(sent, "\r\nUser-Agent: mine\r\n") &&
            holds(sent, "\r\nAccept-Encoding: br\r\n"));
    QVERIFY(!holds(sent, "Freshet") && !holds(sent, "zstd") && !holds(sent, "Content-Type"));
    QVERIFY(sent.ends_with(std::string("\r\n\r\na\0b", 7)));
}

void TestHttpTransport::headIsAnsweredWithoutABody()
{
    RawServer server({Script().send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n").stall()});
    ByteRequest request;
    request.url = server.url();
    request.method = "HEAD";
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.end, fetched.error().c_str());
    QVERIFY(fetched.sink.head.contentLength == ByteCount(99));
    QVERIFY(fetched.sink.text.empty());
}

void TestHttpTransport::invalidRequests_data()
{
    QTest::addColumn<std::string>("url");
    QTest::addColumn<std::string>("method");
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<std::string>("code");
    const auto row = [](const char *title, const char *url, const char *method, const char *name,
                        const char *value, const char *code) {
        QTest::newRow(title) << std::string(url) << std::string(method) << std::string(name)
                             << std::string(value) << std::string(code);
    };
    row("empty URL", "", "GET", "A", "b", "UrlInvalid");
    row("unknown scheme", "gopher://h/", "GET", "A", "b", "Unsupported");
    row("port of letters", "http://h:x/", "GET", "A", "b", "UrlInvalid");
    row("method with a blank", "http://h/", "GET /", "A", "b", "InvalidArgument");
    row("header name with a colon", "http://h/", "GET", "A:", "b", "InvalidArgument");
    row("header value with a line break", "http://h/", "GET", "A", "b\r\nC: d", "InvalidArgument");
}

void TestHttpTransport::invalidRequests()
{
    QFETCH(const std::string, url);
    QFETCH(const std::string, method);
    QFETCH(const std::string, name);
    QFETCH(const std::string, value);
    QFETCH(const std::string, code);
    ByteRequest request;
    request.url = url;
    request.method = method;
    request.headers = {{name, value}};
    const auto transport = makeTransport(request);
    QVERIFY(!transport);
    QCOMPARE(std::string(errorCodeName(transport.error().code)), code);
}

void TestHttpTransport::environmentProxyIsIgnored()
{
    RawServer proxy({Script().send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy")});
    RawServer server({Script().send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect")});
    qputenv("http_proxy", QByteArray::fromStdString(proxy.url()));
    ByteRequest request;
    request.url = server.url();
    QCOMPARE(fetch(request).sink.text, std::string("direct"));
    qunsetenv("http_proxy");
    request.proxy = proxy.url();
    QCOMPARE(fetch(request).sink.text, std::string("proxy"));
}

void TestHttpTransport::cancelActs_data()
{
    QTest::addColumn<std::string>("reply");
    QTest::newRow("while waiting for the headers") << std::string();
    QTest::newRow("in the middle of the headers") << std::string("HTTP/1.1 200 OK\r\nA");
    QTest::newRow("while waiting for the body") << std::string("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("in the middle of the body") << std::string("HTTP/1.1 200 OK\r\n\r\nhello");
    QTest::newRow("in the middle of an error") << std::string("HTTP/1.1 500 Oops\r\n\r\nhello");
}

void TestHttpTransport::cancelActs()
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

void TestHttpTransport::cancelWhileConnecting()
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

void TestHttpTransport::cancelledBefore()
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

void TestHttpTransport::idleTimeoutActs_data()
{
    QTest::addColumn<std::string>("reply");
    QTest::newRow("no answer") << std::string();
    QTest::newRow("no body") << std::string("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("half a body") << std::string(
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
}

void TestHttpTransport::idleTimeoutActs()
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

void TestHttpTransport::idleTimeDoesNotCountInTheSink()
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

void TestHttpTransport::piecesAreHandedOnAtOnce()
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

void TestHttpTransport::slowSinkHoldsTheServerBack_data()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::newRow("HTTP/1.1") << Scheme::Plain;
    QTest::newRow("TLS") << Scheme::Tls;
    QTest::newRow("HTTP/2") << Scheme::Http2;
}

void TestHttpTransport::slowSinkHoldsTheServerBack()
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
    QTRY_VERIFY(run.progress().wireBytes.value() > arrived + (qint64(200) << 20));
    QVERIFY2(kFreedMemoryLingers || residentBytes() - before < (qint64(32) << 20),
             qPrintable(QString::number(residentBytes() - before)));
    run.token.cancel();
    run.join();
    QCOMPARE(run.end.error().code, ErrorCode::Cancelled);
}

void TestHttpTransport::rawServerIsHeldBack()
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

void TestHttpTransport::serverThatDies_data()
{
    slowSinkHoldsTheServerBack_data();
}

void TestHttpTransport::serverThatDies()
{
    REQUIRE_NGINX();
    QFETCH(const Scheme, scheme);
    NginxServer doomed;
    QVERIFY(doomed.start({.folder = m_folder.path()}));
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

QTEST_GUILESS_MAIN(TestHttpTransport)
#include "tst_http_transport.moc"
