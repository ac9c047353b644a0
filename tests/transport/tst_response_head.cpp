// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/response_head.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

namespace {

struct Parsed
{
    Status status;
    bool isComplete = false;
    MessageHead head;
};

/// Feed `text` line by line, as libcurl does.
Parsed parse(std::string_view text, std::string_view method = "GET", const Limits &limits = {})
{
    ResponseHeadParser parser(method, limits);
    Parsed parsed;
    while (!text.empty() && parsed.status) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        parsed.status = parser.addLine(text.substr(0, end));
        text.remove_prefix(end);
    }
    parsed.isComplete = parser.isComplete();
    parsed.head = parser.head();
    return parsed;
}

QString framingName(BodyFraming framing)
{
    switch (framing) {
    case BodyFraming::None:
        return QStringLiteral("None");
    case BodyFraming::Length:
        return QStringLiteral("Length");
    case BodyFraming::Chunked:
        return QStringLiteral("Chunked");
    case BodyFraming::Stream:
        return QStringLiteral("Stream");
    case BodyFraming::UntilClose:
        return QStringLiteral("UntilClose");
    }
    return {};
}

} // namespace

class TestResponseHead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framing_data();
    void framing();
    void violations_data();
    void violations();
    void interimAnswersAreSkipped();
    void interimAloneIsNotComplete();
    void foldedFieldIsJoined();
    void listsAreSplit();
    void sizeIsLimited();
    void headHasNoBody();
};

void TestResponseHead::framing_data()
{
    QTest::addColumn<std::string>("fields");
    QTest::addColumn<QString>("framing");
    QTest::addColumn<qint64>("length");
    const auto row = [](const char *name, const char *fields, const char *framing,
                        qint64 length = -1) {
        QTest::newRow(name) << std::string(fields) << QString::fromLatin1(framing) << length;
    };
    row("length", "HTTP/1.1 200 OK\r\nContent-Length: 42\r\n", "Length", 42);
    row("length between tabs", "HTTP/1.1 200 OK\r\nContent-Length:\t42\t\r\n", "Length", 42);
    row("length twice, equal", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\ncontent-length: 6\r\n",
        "Length", 6);
    row("list of equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 6, 06,6\r\n", "Length", 6);
    row("no length", "HTTP/1.1 200 OK\r\n", "UntilClose");
    row("name only like a length", "HTTP/1.1 200 OK\r\nContent-Length-X: 0\r\n", "UntilClose");
    row("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n", "Chunked");
    row("chunked beats length",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n", "Chunked");
    row("204 with a length", "HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n", "None", 10);
    row("304 that is chunked", "HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n", "None");
    row("LF alone", "HTTP/1.1 200 OK\nContent-Length: 3\n", "Length", 3);
    row("HTTP/1.0", "HTTP/1.0 200 OK\r\n", "UntilClose");
    row("HTTP/2", "HTTP/2 200 \r\n", "Stream");
    row("HTTP/2 with length", "HTTP/2 200\r\ncontent-length: 5\r\n", "Length", 5);
    row("no reason", "HTTP/1.1 200\r\n", "UntilClose");
    row("reason with other letters", "HTTP/1.1 500 Orlá\r\n", "UntilClose");
}

void TestResponseHead::framing()
{
    QFETCH(const std::string, fields);
    QFETCH(const QString, framing);
    QFETCH(const qint64, length);
    const Parsed parsed = parse(fields + "\r\n");
    QVERIFY2(parsed.status, parsed.status ? "" : parsed.status.error().toString().c_str());
    QVERIFY(parsed.isComplete);
    QCOMPARE(framingName(parsed.head.framing), framing);
    QCOMPARE(parsed.head.length ? qint64(parsed.head.length->value()) : -1, length);
}

void TestResponseHead::violations_data()
{
    QTest::addColumn<std::string>("text");
    const auto row = [](const char *name, const std::string &text) {
        QTest::newRow(name) << text + "\r\n\r\n";
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    row("two different lengths", ok + "Content-Length: 5\r\nContent-Length: 6");
    row("list of different lengths", ok + "Content-Length: 5, 6");
    row("negative length", ok + "Content-Length: -5");
    row("signed length", ok + "Content-Length: +5");
    row("length with rubbish", ok + "Content-Length: 6badness");
    row("length with a fraction", ok + "Content-Length: 6.0");
    row("length in hex", ok + "Content-Length: 0x6");
    row("length of 2^65", ok + "Content-Length: 36893488147419103232");
    row("empty length", ok + "Content-Length:");
    row("unknown transfer coding", ok + "Transfer-Encoding: shrunk");
    row("gzip as transfer coding", ok + "Transfer-Encoding: gzip, chunked");
    row("chunked not last", ok + "Transfer-Encoding: chunked, deflate");
    row("chunked not last, in two fields",
        ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
    row("chunked twice", ok + "Transfer-Encoding: chunked, chunked");
    row("chunkedchunked", ok + "Transfer-Encoding: chunkedchunked");
    row("folded length", ok + "Content-Length:\r\n 5");
    row("switched protocols", "HTTP/1.1 101 Switching Protocols");
    row("no field name", ok + ": x");
    row("blank before the colon", ok + "Content-Length : 5");
    row("blank in a field name", ok + "en-US Content-Type: text/xml");
    row("no colon", ok + "rubbish");
    row("blank first", ok + " Host: foo");
    row("bare CR in a field", ok + "Foo: 1\rBar: 2");
    row("bare CR in the status line", "HTTP/1.1 200 OK\rContent-Length: 0");
    row("zero byte", ok + std::string("Foo: a\0b", 8));
    row("not HTTP", "HTPP/1.1 200 OK");
    row("version with too many digits", "HTTP/01.1 200 OK");
    row("unknown version", "HTTP/5.6 200 OK");
    row("HTTP/0.9", "HTTP/0.9 200 OK");
    row("tab after the version", "HTTP/1.1\t200 OK");
    row("two blanks before the status", "HTTP/1.1  200 OK");
    row("status of one digit", "HTTP/1.1 2 OK");
    row("status of 100 digits", "HTTP/1.1 " + std::string(100, '2') + " OK");
    row("status in letters", "HTTP/1.1 abc OK");
    row("status 099", "HTTP/1.1 099 OK");
}

void TestResponseHead::violations()
{
    QFETCH(const std::string, text);
    const Parsed parsed = parse(text);
    QVERIFY(!parsed.status);
    QCOMPARE(parsed.status.error().code, ErrorCode::ProtocolViolation);
}

void TestResponseHead::interimAnswersAreSkipped()
{
    const Parsed parsed = parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
                                "Content-Length: 3\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n");
    QVERIFY(parsed.status && parsed.isComplete);
    QCOMPARE(parsed.head.status, 200);
    QCOMPARE(parsed.head.headers.size(), std::size_t(1));
}

void TestResponseHead::interimAloneIsNotComplete()
{
    const Parsed parsed = parse("HTTP/1.1 100 Continue\r\n\r\n");
    QVERIFY(parsed.status);
    QVERIFY(!parsed.isComplete);
}

void TestResponseHead::foldedFieldIsJoined()
{
    const Parsed parsed = parse("HTTP/1.1 200 OK\r\nA: b\r\n\t c \r\n\r\n");
    QVERIFY(parsed.status && parsed.isComplete);
    QVERIFY(findHeader(parsed.head.headers, "a") == "b c");
}

void TestResponseHead::listsAreSplit()
{
    const Parsed parsed = parse("HTTP/1.1 200 OK\r\nContent-Encoding: deflate,, identity\r\n"
                                "content-encoding:\tgzip\r\n\r\n");
    const std::vector<std::string> expected{"deflate", "identity", "gzip"};
    QVERIFY(parsed.head.list("Content-Encoding") == expected);
}

void TestResponseHead::sizeIsLimited()
{
    Limits limits;
    limits.headerBytes = ByteCount(1'000);
    const std::string text = "HTTP/1.1 200 OK\r\nA: " + std::string(900, 'a') + "\r\n\r\n";
    QVERIFY(parse(text, "GET", limits).status);
    const Parsed parsed =
        parse("HTTP/1.1 103 x\r\n\r\n" + text + std::string(60, 'T'), "GET", limits);
    QVERIFY(!parsed.status);
    QCOMPARE(parsed.status.error().code, ErrorCode::SizeLimitExceeded);
}

void TestResponseHead::headHasNoBody()
{
    const Parsed parsed = parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD");
    QCOMPARE(framingName(parsed.head.framing), QStringLiteral("None"));
}

QTEST_APPLESS_MAIN(TestResponseHead)
#include "tst_response_head.moc"
