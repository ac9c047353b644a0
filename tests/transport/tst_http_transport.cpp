// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"
#include "transport/collecting_sink.h"
#include "transport/encoded.h"
#include "transport/http_case.h"

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

namespace {

bool holds(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// What is asked of a server, and what its answers become.
class TestHttpTransport : public QObject, private HttpCase
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

private:
    std::string m_rows;
};

void TestHttpTransport::initTestCase()
{
    m_rows = sampleText(3'000'000);
    QVERIFY(put("rows.ndjson", m_rows) && put("rows.ndjson.gz", gzipOf(m_rows)) &&
            put("rows.csv.zst", zstdOf(m_rows)) && put("rows.csv.br", brotliOf(m_rows)) &&
            put("rows.csv.lz4", lz4Of(m_rows)) && put("plain.gz", m_rows));
    QVERIFY(startNginx());
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

QTEST_GUILESS_MAIN(TestHttpTransport)
#include "tst_http_transport.moc"
