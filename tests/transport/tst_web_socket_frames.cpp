// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/web_socket_frames.h"

#include "support/split_feeder.h"
#include "support/web_socket_bytes.h"

#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transport;

Q_DECLARE_METATYPE(std::string)

namespace {

/// What came out, one message after the other: `1:text|8:…`, then the error.
std::string parsed(std::string_view bytes, const Split &split, const Limits &limits)
{
    WebSocketParser parser(limits);
    std::string out;
    const WebSocketParser::Sink sink = [&out](WebSocketOpcode kind,
                                              std::string_view payload) -> Status {
        out += std::to_string(static_cast<int>(kind)) + ':';
        out +=
            payload.size() > 200 ? std::to_string(payload.size()) + " bytes" : std::string(payload);
        out += '|';
        return {};
    };
    std::size_t from = 0;
    for (std::size_t i = 0; i <= split.cuts.size(); ++i) {
        const std::size_t to = i < split.cuts.size() ? split.cuts[i] : bytes.size();
        if (const Status fed = parser.feed(bytes.substr(from, to - from), sink); !fed)
            return out + std::string(errorCodeName(fed.error().code));
        from = to;
    }
    return out + (parser.isInsideMessage() ? "inside" : "");
}

} // namespace

class TestWebSocketFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsFrames_data();
    void joinsFrames();
    void announcedLengthTakesNoMemory();
    void masksWhatItSends_data();
    void masksWhatItSends();
    void readsCloses_data();
    void readsCloses();
};

void TestWebSocketFrames::joinsFrames_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("out");
    const auto row = [](const char *name, const std::string &bytes, const std::string &out) {
        QTest::newRow(name) << bytes << out;
    };
    const std::string big(300, 'x');
    const std::string huge(70'000, 'y');
    row("text", serverFrame("hello"), "1:hello|");
    row("several", serverFrame("a") + serverFrame("b", 2) + serverFrame(""), "1:a|2:b|1:|");
    row("two-byte length", serverFrame(big), "1:300 bytes|");
    row("eight-byte length", serverFrame(huge), "1:70000 bytes|");
    row("in pieces",
        serverFrame("he", 1, false) + serverFrame("l", 0, false) + serverFrame("lo", 0),
        "1:hello|");
    row("empty pieces", serverFrame("", 1, false) + serverFrame("", 0, false) + serverFrame("", 0),
        "1:|");
    row("control frames between pieces",
        serverFrame("he", 1, false) + serverFrame("?", 9) + serverFrame("!", 10) +
            serverFrame("llo", 0),
        "9:?|10:!|1:hello|");
    row("close", closeFrame(1000, "bye"),
        "8:\x03\xE8"
        "bye|");
    row("half a header", serverFrame(big).substr(0, 3), "inside");
    row("half a frame", serverFrame("hello").substr(0, 4), "inside");
    row("half a message", serverFrame("he", 1, false), "inside");

    row("masked", std::string("\x81\x80\0\0\0\0", 6), "ProtocolViolation");
    row("reserved bit", "\xC1" + serverFrame("a").substr(1), "ProtocolViolation");
    row("unknown opcode", serverFrame("a", 3), "ProtocolViolation");
    row("unknown control opcode", serverFrame("a", 11), "ProtocolViolation");
    row("nothing to continue", serverFrame("a", 0), "ProtocolViolation");
    row("a message inside a message", serverFrame("a", 1, false) + serverFrame("b"),
        "ProtocolViolation");
    row("ping in pieces", serverFrame("a", 9, false), "ProtocolViolation");
    row("ping too long", serverFrame(big, 9), "ProtocolViolation");
    row("length longer than need be", serverFrame("a", 1, true, 2), "ProtocolViolation");
    row("eight bytes where two do", serverFrame(big, 1, true, 8), "ProtocolViolation");
    row("length beyond 63 bits", "\x81\x7F\xFF" + std::string(7, '\0'), "ProtocolViolation");
    row("too long", "\x81\x7F" + std::string("\0\0\0\0\0\2\0\0", 8), "SizeLimitExceeded");
    row("too long in pieces", serverFrame(huge, 1, false) + serverFrame(huge, 0),
        "SizeLimitExceeded");
    row("what came before a fault", serverFrame("a") + serverFrame("b", 3),
        "1:a|ProtocolViolation");
}

void TestWebSocketFrames::joinsFrames()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, out);
    Limits limits;
    limits.rowBytes = ByteCount(100'000);
    for (const Split &split : splitsOf(bytes.size(), 200))
        QCOMPARE(parsed(bytes, split, limits), out);
}

void TestWebSocketFrames::announcedLengthTakesNoMemory()
{
    WebSocketParser parser{Limits()};
    const auto fed = parser.feed("\x81\x7F" + std::string("\0\0\x7F\xFF\xFF\xFF\xFF\xFF", 8),
                                 [](WebSocketOpcode, std::string_view) { return Status(); });
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::SizeLimitExceeded);
    QVERIFY(fed.error().detail.find("67108864") != std::string::npos);
}

void TestWebSocketFrames::masksWhatItSends_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("header");
    for (const auto &[size, header] : {std::pair(0, 2), std::pair(125, 2), std::pair(126, 4),
                                       std::pair(65'535, 4), std::pair(65'536, 10)})
        QTest::addRow("%d bytes", size) << size << header;
}

void TestWebSocketFrames::masksWhatItSends()
{
    QFETCH(int, size);
    QFETCH(int, header);
    const std::string payload(static_cast<std::size_t>(size), 'p');
    std::string frame;
    appendClientFrame(frame, WebSocketOpcode::Text, payload, {1, 2, 3, 4});
    QCOMPARE(frame.size(), payload.size() + static_cast<std::size_t>(header) + 4);
    QCOMPARE(static_cast<unsigned char>(frame[0]), 0x81);
    QVERIFY((static_cast<unsigned char>(frame[1]) & 0x80) != 0);
    // Unmasked, it is what a server would have sent.
    std::string plain = frame.substr(0, static_cast<std::size_t>(header));
    plain[1] = static_cast<char>(static_cast<unsigned char>(plain[1]) & 0x7F);
    for (std::size_t i = 0; i < payload.size(); ++i)
        plain += static_cast<char>(frame[static_cast<std::size_t>(header) + 4 + i] ^
                                   static_cast<char>(1 + i % 4));
    QVERIFY(plain == serverFrame(payload));
}

void TestWebSocketFrames::readsCloses_data()
{
    QTest::addColumn<std::string>("payload");
    QTest::addColumn<int>("code");
    QTest::addColumn<std::string>("means");
    const auto row = [](const char *name, const std::string &payload, int code, const char *means) {
        QTest::newRow(name) << payload << code << std::string(means);
    };
    row("no code", "", 1005, "");
    row("normal", closePayload(1000, "bye"), 1000, "");
    row("going away", closePayload(1001), 1001, "ConnectionLost");
    row("internal error", closePayload(1011), 1011, "ConnectionLost");
    row("protocol error", closePayload(1002), 1002, "ProtocolViolation");
    row("policy", closePayload(1008), 1008, "InBandError");
    row("too big", closePayload(1009), 1009, "SizeLimitExceeded");
    row("of the application", closePayload(4001, "token expired"), 4001, "InBandError");
    row("half a code", "\x03", -1, "ProtocolViolation");
    row("may not be sent: 1005", closePayload(1005), -1, "ProtocolViolation");
    row("may not be sent: 1006", closePayload(1006), -1, "ProtocolViolation");
    row("below all codes", closePayload(999), -1, "ProtocolViolation");
    row("above all codes", closePayload(5000), -1, "ProtocolViolation");
}

void TestWebSocketFrames::readsCloses()
{
    QFETCH(std::string, payload);
    QFETCH(int, code);
    QFETCH(std::string, means);
    const auto close = WebSocketClose::parse(payload);
    if (code < 0) {
        QVERIFY(!close);
        QCOMPARE(std::string(errorCodeName(close.error().code)), means);
        return;
    }
    QVERIFY(close.has_value());
    QCOMPARE(close->code, code);
    const auto error = close->error();
    QCOMPARE(error ? std::string(errorCodeName(error->code)) : std::string(), means);
    if (error)
        QCOMPARE(error->nativeCode, code);
}

QTEST_APPLESS_MAIN(TestWebSocketFrames)
#include "tst_web_socket_frames.moc"
