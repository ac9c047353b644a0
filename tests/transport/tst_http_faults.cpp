// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "support/raw_server.h"
#include "support/test_certificate.h"
#include "transport/collecting_sink.h"
#include "transport/encoded.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\n";

enum class Ending { Close, Reset };

} // namespace

/// Faults 1–20 of HTTP itself: what arrived is delivered, and nothing broken passes for whole.
class TestHttpFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outcome_data();
    void outcome();
    void llhttpReply_data();
    void llhttpReply();
    void headerBeyondTheLimit_data();
    void headerBeyondTheLimit();
    void cutCompressedBodyGivesWhatArrived_data();
    void cutCompressedBodyGivesWhatArrived();
    void tlsCloseWithoutNotify_data();
    void tlsCloseWithoutNotify();
    void selfSignedCertificateIsRefused();
    void statusError_data();
    void statusError();
    void statusErrorWithACompressedBody();
    void statusErrorWithAStalledBody();
    void longErrorBodyIsNotRead();
    void refusalKeepsTheHead();
    void secretsStayOutOfErrors();
    void errorOfTheSinkEndsTheTransfer_data();
    void errorOfTheSinkEndsTheTransfer();
    void connectionRefused();
    void nameNotFound();
    void namesHttp2WhereTheServerMaySpeakNone_data();
    void namesHttp2WhereTheServerMaySpeakNone();
};

void TestHttpFaults::outcome_data()
{
    QTest::addColumn<std::string>("reply");
    QTest::addColumn<int>("ending");
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<std::string>("text");
    const auto row = [](const char *name, const std::string &reply, const char *outcome,
                        const std::string &text = {}, Ending ending = Ending::Close) {
        QTest::newRow(name) << reply << int(ending) << std::string(outcome) << text;
    };
    const std::string chunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";
    const auto encoded = [](const char *coding, const std::string &body) {
        return kOk + "Content-Encoding: " + coding +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const std::string text = sampleText(2'000);

    row("length reached", kOk + "Content-Length: 5\r\n\r\nhello", "LengthReached", "hello");
    row("1: closed before the length", kOk + "Content-Length: 9\r\n\r\nhello", "ConnectionLost",
        "hello");
    row("1: reset before the length", kOk + "Content-Length: 9\r\n\r\n", "ConnectionLost", "",
        Ending::Reset);
    row("2: chunked, no last chunk", chunked + "5\r\nhello\r\n", "ConnectionLost", "hello");
    row("2: chunked, cut in a chunk", chunked + "9\r\nhello", "ConnectionLost", "hello");
    row("chunked, whole", chunked + "5\r\nhello\r\n0\r\n\r\n", "FramingComplete", "hello");
    row("chunked, with trailers", chunked + "5\r\nhello\r\n0\r\nX-Rows: 1\r\n\r\n",
        "FramingComplete", "hello");
    row("chunked over HTTP/1.0",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "FramingComplete", "hello");
    row("3: illegal chunk size", chunked + "5\r\nhello\r\nxyz\r\n", "ProtocolViolation", "hello");
    row("4: chunk size beyond 64 bits", chunked + "fffffffffffffffff\r\nhello",
        "ProtocolViolation");
    row("6: no length, closed", kOk + "\r\nhello", "ConnectionClosed", "hello");
    row("6: no length, reset", kOk + "\r\n", "ConnectionLost", "", Ending::Reset);
    row("7: length and chunked",
        kOk + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
              "5\r\nhello\r\n0\r\n\r\n",
        "FramingComplete", "hello");
    row("7: chunked and a longer length",
        kOk + "Transfer-Encoding: chunked\r\nContent-Length: 300\r\n\r\n"
              "5\r\nhello\r\n0\r\n\r\n",
        "FramingComplete", "hello");
    row("8: two different lengths", kOk + "Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
        "ProtocolViolation");
    row("9: negative length", kOk + "Content-Length: -5\r\n\r\nhello", "ProtocolViolation");
    row("9: length with rubbish", kOk + "Content-Length: 5badness\r\n\r\nhello",
        "ProtocolViolation");
    row("9: length of 2^65", kOk + "Content-Length: 36893488147419103232\r\n\r\nhello",
        "ProtocolViolation");
    row("10: length twice, equal", kOk + "Content-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello",
        "LengthReached", "hello");
    row("11: unknown transfer coding", kOk + "Transfer-Encoding: shrunk\r\n\r\nhello",
        "ProtocolViolation");
    row("11: chunked not last", kOk + "Transfer-Encoding: chunked, gzip\r\n\r\nhello",
        "ProtocolViolation");
    row("12: bytes after the length", kOk + "Content-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n",
        "LengthReached", "hello");
    row("12: bytes after the last chunk", chunked + "5\r\nhello\r\n0\r\n\r\nrubbish",
        "FramingComplete", "hello");
    row("13: 204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        "LengthReached");
    row("13: 205", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", "LengthReached");
    row("13: 304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HttpStatus");
    row("14: 100 and 103 first",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\n" + kOk +
            "Content-Length: 5\r\n\r\nhello",
        "LengthReached", "hello");
    row("14: 100 only", "HTTP/1.1 100 Continue\r\n\r\n", "ConnectionLost");
    row("14: 101 unasked", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nhello",
        "ProtocolViolation");
    row("15: no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "ProtocolViolation");
    row("15: status of 100 digits", "HTTP/1.1 " + std::string(100, '2') + " OK\r\n\r\nhello",
        "ProtocolViolation");
    row("15: zero byte in a header", kOk + std::string("A: b\0c\r\n\r\nhello", 13),
        "ProtocolViolation");
    row("nothing at all", "", "ConnectionLost");
    row("reset at once", "", "ConnectionLost", "", Ending::Reset);
    row("cut in the headers", kOk + "Content-Le", "ConnectionLost");
    row("206 unasked",
        "HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-4/9\r\n"
        "Content-Length: 5\r\n\r\nhello",
        "ProtocolViolation");
    row("16: damaged gzip header", encoded("gzip", "no gzip"), "CodingCorrupt");
    row("16: damaged zstd header", encoded("zstd", "no zstd"), "CodingCorrupt");
    row("17: gzip cut, length kept",
        encoded("gzip", gzipOf(text).substr(0, gzipOf(text).size() - 1)), "CodingTruncated", text);
    row("18: two gzip members", encoded("gzip", gzipOf("Hello, ") + gzipOf("World!")),
        "LengthReached", "Hello, World!");
    row("20: GZIP", encoded("GZIP", gzipOf(text)), "LengthReached", text);
    row("20: deflate, identity, gzip", encoded("deflate, identity, gzip", gzipOf(zlibOf(text))),
        "LengthReached", text);
    row("20: bare deflate", encoded("deflate", rawDeflateOf(text)), "LengthReached", text);
    row("20: none", encoded("none", text), "CodingUnsupported");
    row("unrequested lz4", encoded("lz4", lz4Of(text)), "LengthReached", text);
    row("empty gzip body that says so", kOk + "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        "LengthReached");
    row("empty gzip body that does not", kOk + "Content-Encoding: gzip\r\n\r\n", "CodingTruncated");
}

void TestHttpFaults::outcome()
{
    QFETCH(const std::string, reply);
    QFETCH(const int, ending);
    QFETCH(const std::string, outcome);
    QFETCH(const std::string, text);
    for (const std::size_t pieceSize : {std::size_t(0), std::size_t(1)}) {
        Script script = Script().send(reply, pieceSize);
        if (Ending(ending) == Ending::Reset)
            script = std::move(script).reset();
        RawServer server({std::move(script)});
        const Fetched fetched = fetch(server.url());
        QVERIFY2(fetched.outcome() == outcome, (fetched.outcome() + ' ' + fetched.error()).c_str());
        if (Ending(ending) == Ending::Close) // a reset may overtake what was sent
            QCOMPARE(fetched.sink.text, text);
        QVERIFY(fetched.sink.heads <= 1);
        QCOMPARE(fetched.progress.decodedBytes.value(), qint64(fetched.sink.text.size()));
    }
}

void TestHttpFaults::llhttpReply_data()
{
    QTest::addColumn<std::string>("raw");
    QTest::addColumn<QJsonObject>("answer");
    QFile file(corpusPath(QStringLiteral("http-faults/llhttp_responses.json")));
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the llhttp replies are not here");
    const auto cases = QJsonDocument::fromJson(file.readAll())[QStringLiteral("cases")].toArray();
    for (const auto &item : cases) {
        const QJsonObject answer = item.toObject();
        const QByteArray raw =
            QByteArray::fromBase64(answer[QStringLiteral("raw_b64")].toString().toLatin1());
        QTest::newRow(qPrintable(answer[QStringLiteral("id")].toString()))
            << raw.toStdString() << answer;
    }
}

void TestHttpFaults::llhttpReply()
{
    QFETCH(const std::string, raw);
    QFETCH(const QJsonObject, answer);
    const QString id = answer[QStringLiteral("id")].toString();
    // The table keeps the replies without the line end that closes them.
    RawServer server({Script().send(raw + "\r\n")});
    const Fetched fetched = fetch(server.url());
    const std::string outcome = fetched.outcome();

    // Where the strict parser is stricter than RFC 9112 asks of a client, and nothing can be lost:
    // LF alone ends a line (§2.2), blanks pad a chunk size (Apache 1.3 did), bytes after the end
    // are dropped (§6.3).
    const QStringList lenient{
        QStringLiteral("llhttp/invalid/27"), QStringLiteral("llhttp/transfer-encoding/4"),
        QStringLiteral("llhttp/connection/53"), QStringLiteral("llhttp/connection/54")};
    const QString verdict = answer[QStringLiteral("strict_verdict")].toString();
    const bool isProven = outcome == "LengthReached" || outcome == "FramingComplete";
    if (!verdict.contains(QStringLiteral("complete message")) && !lenient.contains(id))
        QVERIFY2(!isProven, outcome.c_str());

    // Only answers that are whole, final and 2xx can come out well.
    const QJsonArray statuses = answer[QStringLiteral("status")].toArray();
    const int first = statuses.isEmpty() ? 0 : statuses[0].toInt();
    if (verdict.contains(QStringLiteral("complete message"))) {
        // libcurl 7.88 takes blank lines before the status line for HTTP/0.9: an error, no loss.
        if (id == QStringLiteral("llhttp/sample/47"))
            QCOMPARE(outcome, std::string("ProtocolViolation"));
        // Here the parser was told that no body follows, which a client cannot know.
        else if (id == QStringLiteral("llhttp/content-length/2"))
            QCOMPARE(outcome, std::string("ConnectionLost"));
        else if (first >= 200 && first < 300)
            QVERIFY2(isProven, (outcome + ' ' + fetched.error()).c_str());
    }
    if (first >= 400) {
        QCOMPARE(outcome, std::string("HttpStatus"));
        QCOMPARE(fetched.end.error().nativeCode, first);
    }
}

void TestHttpFaults::headerBeyondTheLimit_data()
{
    QTest::addColumn<std::string>("reply");
    std::string many = kOk;
    for (int i = 0; i < 500; ++i)
        many += "X-Header-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
    QTest::newRow("many headers") << many + "\r\n";
    QTest::newRow("one line of 90 KiB") << kOk + "X: " + std::string(90 * 1024, 'x') + "\r\n\r\n";
    QTest::newRow("one line of 2 MiB") << kOk + "X: " + std::string(2 << 20, 'x') + "\r\n\r\n";
}

void TestHttpFaults::headerBeyondTheLimit()
{
    QFETCH(const std::string, reply);
    RawServer server({Script().send(reply)});
    ByteRequest request;
    request.url = server.url();
    request.limits.headerBytes = 32_KiB;
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == "SizeLimitExceeded", fetched.error().c_str());
    QCOMPARE(fetched.sink.heads, 0);
}

void TestHttpFaults::cutCompressedBodyGivesWhatArrived_data()
{
    QTest::addColumn<QString>("coding");
    for (const char *coding : {"gzip", "deflate", "br", "zstd"})
        QTest::newRow(coding) << QString::fromLatin1(coding);
}

void TestHttpFaults::cutCompressedBodyGivesWhatArrived()
{
    QFETCH(const QString, coding);
    const std::string text = sampleText(600'000);
    const std::string body = coding == QStringLiteral("gzip")      ? gzipOf(text)
                             : coding == QStringLiteral("deflate") ? zlibOf(text)
                             : coding == QStringLiteral("br")      ? brotliOf(text)
                                                                   : zstdOf(text);
    RawServer server({Script().send(kOk + "Content-Encoding: " + coding.toStdString() +
                                    "\r\nContent-Length: " + std::to_string(body.size()) +
                                    "\r\n\r\n" + body.substr(0, body.size() / 2))});
    const Fetched fetched = fetch(server.url());
    QCOMPARE(fetched.outcome(), std::string("ConnectionLost"));
    QVERIFY(text.starts_with(fetched.sink.text));
    QVERIFY(fetched.sink.text.size() > text.size() / 4);
    QVERIFY(fetched.end.error().byteOffset ==
            ByteOffset(static_cast<std::int64_t>(fetched.sink.text.size())));
}

void TestHttpFaults::tlsCloseWithoutNotify_data()
{
    QTest::addColumn<bool>("isBare");
    QTest::addColumn<std::string>("head");
    QTest::addColumn<std::string>("outcome");
    QTest::newRow("5: no length, no close_notify") << true << kOk + "\r\n"
                                                   << std::string("ConnectionLost");
    QTest::newRow("no length, close_notify") << false << kOk + "\r\n"
                                             << std::string("ConnectionClosed");
    QTest::newRow("length reached, no close_notify") << true << kOk + "Content-Length: 5\r\n\r\n"
                                                     << std::string("LengthReached");
    QTest::newRow("length not reached, close_notify") << false << kOk + "Content-Length: 9\r\n\r\n"
                                                      << std::string("ConnectionLost");
}

void TestHttpFaults::tlsCloseWithoutNotify()
{
    QFETCH(const bool, isBare);
    QFETCH(const std::string, head);
    QFETCH(const std::string, outcome);
    QTemporaryDir folder;
    const auto certificate = TestCertificate::create(folder.path());
    QVERIFY(certificate);
    Script script = Script().send(head + "hello");
    if (isBare)
        script = std::move(script).closeBare();
    RawServer server({std::move(script)}, {certificate->certificateFile.toStdString(),
                                           certificate->keyFile.toStdString()});
    ByteRequest request;
    request.url = server.url();
    request.caFile = certificate->certificateFile.toStdString();
    const Fetched fetched = fetch(request);
    QVERIFY2(fetched.outcome() == outcome, fetched.error().c_str());
    QCOMPARE(fetched.sink.text, std::string("hello"));
    QVERIFY(fetched.progress.timing.tlsDone);
}

void TestHttpFaults::selfSignedCertificateIsRefused()
{
    QTemporaryDir folder;
    const auto certificate = TestCertificate::create(folder.path());
    QVERIFY(certificate);
    RawServer server(
        {Script().send(kOk + "\r\nhello")},
        {certificate->certificateFile.toStdString(), certificate->keyFile.toStdString()});
    const Fetched fetched = fetch(server.url());
    QVERIFY2(fetched.outcome() == "TlsFailed", fetched.error().c_str());
    QVERIFY(server.requests().empty());
}

void TestHttpFaults::statusError_data()
{
    QTest::addColumn<std::string>("reply");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("detail");
    QTest::addColumn<std::string>("excerpt");
    const auto row = [](const char *name, const char *reply, int status, const char *detail,
                        const char *excerpt) {
        QTest::newRow(name) << std::string(reply) << status << std::string(detail)
                            << std::string(excerpt);
    };
    row("503 with words", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\ncome back",
        503, "the server answered 503 Service Unavailable to GET ", "come back");
    row("404 without a reason", "HTTP/1.1 404\r\n\r\n", 404,
        "the server answered 404 Not Found to GET ", "");
    row("unknown status", "HTTP/1.1 799\r\n\r\n", 799, "the server answered 799 to GET ", "");
    row("chunked explanation",
        "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 500,
        "the server answered 500 Oops to GET ", "abc");
    row("explanation cut short", "HTTP/1.1 500 Oops\r\nContent-Length: 90\r\n\r\nabc", 500,
        "the server answered 500 Oops to GET ", "abc");
    row("binary explanation", "HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\n\x01\x02\x03", 500,
        "the server answered 500 Oops to GET ", "");
    row("300 is no redirect of ours", "HTTP/1.1 300 Multiple\r\nLocation: /x\r\n\r\n", 300,
        "the server answered 300 Multiple to GET ", "");
}

void TestHttpFaults::statusError()
{
    QFETCH(const std::string, reply);
    QFETCH(const int, status);
    QFETCH(const std::string, detail);
    QFETCH(const std::string, excerpt);
    RawServer server({Script().send(reply)});
    const Fetched fetched = fetch(server.url("/rows"));
    QCOMPARE(fetched.outcome(), std::string("HttpStatus"));
    QCOMPARE(fetched.end.error().nativeCode, status);
    QCOMPARE(fetched.end.error().detail, detail + server.url("/rows"));
    QCOMPARE(fetched.end.error().excerpt, excerpt);
    QCOMPARE(fetched.sink.heads, 0);
    QCOMPARE(fetched.sink.text, std::string());
}

void TestHttpFaults::statusErrorWithACompressedBody()
{
    const std::string body = gzipOf("{\"error\":\"no such table\"}");
    RawServer server({Script().send("HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip\r\n"
                                    "Content-Length: " +
                                    std::to_string(body.size()) + "\r\n\r\n" + body)});
    const Fetched fetched = fetch(server.url());
    QCOMPARE(fetched.outcome(), std::string("HttpStatus"));
    QCOMPARE(fetched.end.error().excerpt, std::string("{\"error\":\"no such table\"}"));
}

void TestHttpFaults::statusErrorWithAStalledBody()
{
    RawServer server({Script().send("HTTP/1.1 502 Bad Gateway\r\n\r\nupstream").stall()});
    ByteRequest request;
    request.url = server.url();
    request.idleTimeout = std::chrono::milliseconds(200);
    const Fetched fetched = fetch(request);
    QCOMPARE(fetched.outcome(), std::string("HttpStatus"));
    QCOMPARE(fetched.end.error().excerpt, std::string("upstream"));
}

void TestHttpFaults::longErrorBodyIsNotRead()
{
    // The server never ends the body: only who stops by himself comes back.
    RawServer server({Script().send("HTTP/1.1 500 Oops\r\n\r\n").flood(std::string(8192, 'e'))});
    const Fetched fetched = fetch(server.url());
    QCOMPARE(fetched.outcome(), std::string("HttpStatus"));
    QCOMPARE(fetched.end.error().excerpt, std::string(Error::kMaxExcerpt, 'e') + "…");
}

void TestHttpFaults::refusalKeepsTheHead()
{
    RawServer server({Script().send("HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\n\r\n")});
    const Fetched fetched = fetch(server.url());
    QCOMPARE(fetched.outcome(), std::string("HttpStatus"));
    QVERIFY(fetched.refusal);
    QCOMPARE(fetched.refusal->status, 429);
    QVERIFY(findHeader(fetched.refusal->headers, "retry-after") == "7");
}

void TestHttpFaults::secretsStayOutOfErrors()
{
    RawServer server({Script().send("HTTP/1.1 401 Unauthorized\r\n\r\n"),
                      Script().send(kOk + "Content-Length: 9\r\n\r\nhello")});
    for (int run = 0; run < 2; ++run) {
        ByteRequest request;
        request.url =
            "http://me:hunter2@127.0.0.1:" + std::to_string(server.port()) + "/x?api_key=hunter2";
        request.headers = {{"X-Api-Key", "hunter2"}};
        const Fetched fetched = fetch(request);
        QVERIFY(!fetched.end);
        const Error &error = fetched.end.error();
        QVERIFY(error.detail.find("hunter2") == std::string::npos);
        QVERIFY(error.detail.find("api_key=***") != std::string::npos);
        QVERIFY(fetched.sink.head.finalUrl.find("hunter2") == std::string::npos);
    }
    QVERIFY(server.requests()[0].find("GET /x?api_key=hunter2 HTTP/1.1") == 0);
    QVERIFY(server.requests()[0].find("Authorization: Basic bWU6aHVudGVyMg==") !=
            std::string::npos);
}

void TestHttpFaults::errorOfTheSinkEndsTheTransfer_data()
{
    QTest::addColumn<bool>("atHead");
    QTest::newRow("at the head") << true;
    QTest::newRow("at the first bytes") << false;
}

void TestHttpFaults::errorOfTheSinkEndsTheTransfer()
{
    QFETCH(const bool, atHead);
    RawServer server({Script().send(kOk + "\r\n").flood(std::string(8192, 'x'))});
    ByteRequest request;
    request.url = server.url();
    auto transport = makeTransport(request);
    QVERIFY(transport);
    CollectingSink sink;
    const auto full = fail(ErrorCode::DiskFull, "full");
    if (atHead)
        sink.headStatus = full;
    else
        sink.onPiece = [&](std::string_view) -> Status {
            return full;
        };
    const auto end = (*transport)->run(sink, CancelToken());
    QVERIFY(!end);
    QCOMPARE(end.error().code, ErrorCode::DiskFull);
}

void TestHttpFaults::connectionRefused()
{
    int port = 0;
    {
        const RawServer server;
        port = server.port();
    }
    const Fetched fetched = fetch("http://127.0.0.1:" + std::to_string(port) + "/");
    QVERIFY2(fetched.outcome() == "ConnectFailed", fetched.error().c_str());
    QCOMPARE(fetched.end.error().nativeCode, ECONNREFUSED);
}

void TestHttpFaults::nameNotFound()
{
    const Fetched fetched = fetch(std::string("http://name.invalid/")); // RFC 6761 §6.4
    QVERIFY2(fetched.outcome() == "ResolveFailed", fetched.error().c_str());
}

void TestHttpFaults::namesHttp2WhereTheServerMaySpeakNone_data()
{
    QTest::addColumn<std::string>("answer");
    QTest::newRow("a refusal in HTTP/1.1")
        << std::string("HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("an answer in HTTP/1.1") << kOk + "Content-Length: 2\r\n\r\n{}";
    QTest::newRow("nothing") << std::string();
}

void TestHttpFaults::namesHttp2WhereTheServerMaySpeakNone()
{
    QFETCH(const std::string, answer);
    const RawServer server({Script().send(answer)});
    const Fetched fetched = fetch({.url = server.url(), .version = HttpVersion::Http2});
    QVERIFY2(
        fetched.error().find("HTTP/2 was asked for, and this server may speak only HTTP/1.1") !=
            std::string::npos,
        fetched.error().c_str());
}

QTEST_GUILESS_MAIN(TestHttpFaults)
#include "tst_http_faults.moc"
