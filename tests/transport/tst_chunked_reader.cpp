// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/chunked_reader.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

namespace {

struct Read
{
    std::string payload;
    Status status;
    bool isComplete = false;

    bool operator==(const Read &other) const
    {
        return payload == other.payload && status.has_value() == other.status.has_value() &&
               isComplete == other.isComplete &&
               (status || status.error().detail == other.status.error().detail);
    }
};

Read readIn(std::string_view bytes, std::size_t cut, bool isByteByByte = false)
{
    ChunkedReader reader(1_MiB);
    Read read;
    const auto keep = [&read](std::string_view piece) -> Status {
        read.payload.append(piece);
        return {};
    };
    const auto feed = [&](std::string_view piece) {
        if (read.status)
            read.status = reader.feed(piece, keep);
    };
    if (isByteByByte) {
        for (std::size_t i = 0; i < bytes.size(); ++i)
            feed(bytes.substr(i, 1));
    } else {
        feed(bytes.substr(0, cut));
        feed(bytes.substr(std::min(cut, bytes.size())));
    }
    read.isComplete = reader.isComplete();
    return read;
}

} // namespace

class TestChunkedReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void lineIsLimited();
    void trailersAreLimited();
};

void TestChunkedReader::reads_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("payload");
    QTest::addColumn<QString>("end"); // complete, open, violation
    const auto row = [](const char *name, const std::string &bytes, const char *payload,
                        const char *end) {
        QTest::newRow(name) << bytes << std::string(payload) << QString::fromLatin1(end);
    };
    const char *const complete = "complete";
    const char *const open = "open";
    const char *const violation = "violation";
    row("two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", complete);
    row("empty body", "0\r\n\r\n", "", complete);
    row("hex in both cases", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
        "01234567890123456789", complete);
    row("leading zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello", complete);
    row("line breaks in the payload", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n", complete);
    row("extensions", "5;a;b=c;d=\"e;\\\"f\"\r\nhello\r\n0; x = y\r\n\r\n", "hello", complete);
    row("blanks after the size", "5  \r\nhello\r\n0 \t\r\n\r\n", "hello", complete);
    row("trailers", "1\r\na\r\n0\r\nX-Rows: 1\r\nY:\r\n\r\n", "a", complete);
    row("bytes after the end", "1\r\na\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", "a", complete);
    row("nothing", "", "", open);
    row("no last chunk", "5\r\nhello\r\n", "hello", open);
    row("cut in the payload", "5\r\nhel", "hel", open);
    row("last chunk without its empty line", "1\r\na\r\n0\r\n", "a", open);
    row("cut in a trailer", "1\r\na\r\n0\r\nX-Ro", "a", open);
    row("no size", "\r\nhello", "", violation);
    row("rubbish for a size after a good chunk", "1\r\na\r\nxyz\r\nb", "a", violation);
    row("negative size", "-5\r\nhello", "", violation);
    row("size with 0x", "0x5\r\nhello", "", violation);
    row("size beyond 63 bits", "8000000000000000\r\nhello", "", violation);
    row("size beyond 64 bits", "10000000000000000\r\nhello", "", violation);
    row("rubbish after the size", "2 erfrferferf\r\naa\r\n0 rrrr\r\n\r\n", "", violation);
    row("extension without a name", "2;\r\naa\r\n0\r\n\r\n", "", violation);
    row("open quote in an extension", "5;a=\"b;c\r\nhello\r\n0\r\n\r\n", "", violation);
    row("chunk longer than its size", "5\r\nhello!\r\n0\r\n\r\n", "hello", violation);
    row("LF alone", "5\nhello\n0\n\n", "", violation);
    row("CR in the size line", "5\r;a\r\nhello", "", violation);
    row("trailer without a colon", "0\r\nrubbish\r\n\r\n", "", violation);
    row("zero byte in a trailer", std::string("0\r\na: b\0c\r\n\r\n", 14), "", violation);
}

void TestChunkedReader::reads()
{
    QFETCH(const std::string, bytes);
    QFETCH(const std::string, payload);
    QFETCH(const QString, end);
    const Read whole = readIn(bytes, std::string::npos);
    QCOMPARE(whole.payload, payload);
    QCOMPARE(whole.isComplete, end == QStringLiteral("complete"));
    QCOMPARE(whole.status.has_value(), end != QStringLiteral("violation"));
    if (!whole.status)
        QCOMPARE(whole.status.error().code, ErrorCode::ProtocolViolation);

    QVERIFY(readIn(bytes, 0, true) == whole);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
        QVERIFY2(readIn(bytes, cut) == whole, qPrintable(QString::number(cut)));
}

void TestChunkedReader::lineIsLimited()
{
    ChunkedReader reader(1_MiB);
    const auto drop = [](std::string_view) -> Status {
        return {};
    };
    Status status = reader.feed("5;", drop);
    for (int i = 0; i < 10'000 && status; ++i)
        status = reader.feed("extension", drop);
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::SizeLimitExceeded);
}

void TestChunkedReader::trailersAreLimited()
{
    ChunkedReader reader(ByteCount(1'000));
    const auto drop = [](std::string_view) -> Status {
        return {};
    };
    Status status = reader.feed("0\r\n", drop);
    for (int i = 0; i < 1'000 && status; ++i)
        status = reader.feed("a: b\r\n", drop);
    QVERIFY(!status);
    QCOMPARE(status.error().code, ErrorCode::SizeLimitExceeded);
}

QTEST_APPLESS_MAIN(TestChunkedReader)
#include "tst_chunked_reader.moc"
