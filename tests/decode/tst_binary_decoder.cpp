// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/json_decoding.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;

namespace {

DecodeOptions options(Format format)
{
    DecodeOptions options;
    options.format = format;
    return options;
}

/// `81 'a' 01`: bytes in hex, text in quotes.
QByteArray bytes(const char *spelled)
{
    QByteArray all;
    const QList<QByteArray> parts = QByteArray(spelled).split('\'');
    for (qsizetype i = 0; i < parts.size(); ++i)
        all += i % 2 == 0 ? QByteArray::fromHex(parts[i]) : parts[i];
    return all;
}

} // namespace

/// MessagePack and CBOR.
class TestBinaryDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data();
    void rows();
    void withoutFlattening();
    void envelopes_data();
    void envelopes();
    void aLongEnvelopeIsReadWhileItComes();
    void aLongMemberIsReadOnce();
    void tagsInPlaceOfAKeyEnd();
    void longTagsBeforeAnArrayAreNoRow();
    void aSequenceIsNoEnvelope();
    void badRows_data();
    void badRows();
    void breaks_data();
    void breaks();
    void refusesAPath();
};

void TestBinaryDecoder::rows_data()
{
    QTest::addColumn<bool>("isCbor");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("notes");
    const auto pack = [](const char *name, const char *input, const char *rows,
                         const char *notes = "") {
        QTest::addRow("MessagePack, %s", name)
            << false << bytes(input) << QString::fromUtf8(rows) << QString::fromUtf8(notes);
    };
    const auto cbor = [](const char *name, const char *input, const char *rows,
                         const char *notes = "") {
        QTest::addRow("CBOR, %s", name)
            << true << bytes(input) << QString::fromUtf8(rows) << QString::fromUtf8(notes);
    };
    pack("nothing", "", "");
    pack("maps one after another", "81 A1'a' 01 82 A1'a' 02 A1'b' C3",
         "a:int64 [1 | 2]\nb:bool [? | true]");
    pack("an array of maps", "92 81 A1'a' 01 81 A1'a' 02", "a:int64 [1 | 2]");
    pack("arrays one after another", "91 81 A1'a' 01 DC 0001 81 A1'a' 02 90", "a:int64 [1 | 2]");
    pack("an empty array", "90", "");
    pack("rows that are arrays", "92 92 01 A1'x' 92 02 A1'y'",
         "column0:int64 [1 | 2]\ncolumn1:string [\"x\" | \"y\"]");
    pack("rows that are scalars", "92 01 C0", "value:int64 [1 | null]");
    pack("a row without members", "80 81 A1'a' 01", "a:int64 [? | 1]");
    pack("integers of every size",
         "9A 7F E0 CC FF CD FFFF CE FFFFFFFF D0 80 D1 8000 D2 80000000 D3 8000000000000000 "
         "CF 7FFFFFFFFFFFFFFF",
         "value:int64 [127 | -32 | 255 | 65535 | 4294967295 | -128 | -32768 | -2147483648 | "
         "-9223372036854775808 | 9223372036854775807]");
    pack("integers beyond int64", "92 01 CF FFFFFFFFFFFFFFFF",
         "value:uint64 [1 | 18446744073709551615]");
    pack("a float32 as its exact value", "92 CA 3DCCCCCD CA 3F000000",
         "value:double [0.10000000149011612 | 0.5]");
    pack("float64", "92 CB 3FB999999999999A CB 8000000000000000", "value:double [0.1 | -0]");
    pack("text of every length", "94 A1'a' D9 01'b' DA 0001'c' DB 00000001'd'",
         "value:string [\"a\" | \"b\" | \"c\" | \"d\"]");
    pack("text that is a time", "81 A1't' D9 14'2026-01-02T03:04:05Z'",
         "t:timestamp;T;0;Z [2026-01-02T03:04:05Z]");
    pack("bytes", "93 C4 02 00FF C5 0001 01 C6 00000000", "value:binary [\\x00ff | \\x01 | \\x]");
    pack("timestamps of 32, 64 and 96 bits",
         "93 D6 FF 00000001 D7 FF 001E848000000001 C7 0C FF 000003E8 FFFFFFFFFFFFFFFF",
         "value:timestamp;T;6;Z [1970-01-01T00:00:01.000000Z | 1970-01-01T00:00:01.000500Z | "
         "1969-12-31T23:59:59.000001Z]");
    pack("a timestamp with nanoseconds", "91 D7 FF 0000000400000001",
         "value:string [\"1970-01-01T00:00:01.000000001Z\"]");
    pack("other extensions", "92 D4 05 2A C7 03 06 010203", "value:binary [\\x2a | \\x010203]",
         "extension type 5 kept as its bytes; extension type 6 kept as its bytes");
    pack("an extension inside others", "81 A1'a' 91 D4 05 2A", "a:json [[\"\\\\x2a\"]]",
         "extension type 5 kept as its bytes");
    pack("maps flatten", "81 A1'a' 82 A1'b' 01 A1'c' 81 A1'd' C2",
         "a.b:int64 [1]\na.c.d:bool [false]");
    pack("an empty map stays json", "81 A1'a' 80", "a:json [{}]");
    pack("arrays stay json",
         "81 A1'a' 97 01 A1'\"' C0 CA 3F000000 81 02 C3 C4 01 0F D6 FF 00000001",
         "a:json "
         "[[1,\"\\\"\",null,0.5,{\"2\":true},\"\\\\x0f\",\"1970-01-01T00:00:01.000000000Z\"]]");
    pack("keys that are no text", "84 01 A1'a' FF A1'b' C3 A1'c' C4 01 0A A1'd'",
         "1:string [\"a\"]\n-1:string [\"b\"]\ntrue:string [\"c\"]\n\\\\x0a:string [\"d\"]");
    pack("a key twice", "82 A1'a' 01 A1'a' 02", "a:int64 [1]\na#2:int64 [2]",
         "duplicate key \"a\" kept as \"a#2\"");
    pack("members in another order", "82 A1'a' 01 A1'b' 02 82 A1'b' 03 A1'a' 04",
         "a:int64 [1 | 4]\nb:int64 [2 | 3]");

    cbor("maps one after another", "A1 61'a' 01 A2 61'a' 02 61'b' F5",
         "a:int64 [1 | 2]\nb:bool [? | true]");
    cbor("an array of maps", "82 A1 61'a' 01 A1 61'a' 02", "a:int64 [1 | 2]");
    cbor("an open array of open maps", "9F BF 61'a' 01 FF BF 61'a' 02 FF FF", "a:int64 [1 | 2]");
    cbor("an open array of nothing", "9F FF", "");
    cbor("its own mark", "D9D9F7 82 A1 61'a' 01 D9D9F7 A1 61'a' 02", "a:int64 [1 | 2]");
    cbor("integers", "86 17 1818 190100 1A 00010000 20 3863",
         "value:int64 [23 | 24 | 256 | 65536 | -1 | -100]");
    cbor("integers beyond int64", "82 1B FFFFFFFFFFFFFFFF 3B FFFFFFFFFFFFFFFF",
         "value:decimal;38;0 [18446744073709551615 | -18446744073709551616]");
    cbor("bignums", "82 C2 49 010000000000000000 C3 49 010000000000000000",
         "value:decimal;38;0 [18446744073709551616 | -18446744073709551617]");
    cbor("a bignum of more than 38 digits", "81 C2 51 0100000000000000000000000000000000",
         "value:string [\"340282366920938463463374607431768211456\"]");
    cbor("decimal fractions", "83 C4 82 21 19 04D2 C4 82 21 18 5A C4 82 21 38 63",
         "value:decimal;18;2 [12.34 | 0.90 | -1.00]");
    cbor("floats of 16, 32 and 64 bits",
         "85 F9 3E00 F9 0001 FA 3DCCCCCD FB 3FF199999999999A F9 C400",
         "value:double [1.5 | 5.960464477539063e-8 | 0.10000000149011612 | 1.1 | -4]");
    cbor("false, null, undefined and simple values", "84 F4 F6 F7 F820",
         "value:string [\"false\" | null | null | \"simple(32)\"]");
    cbor("chunks of text and bytes", "82 A1 61'a' 7F 61'x' 62'yz' FF A1 61'b' 5F 41 01 41 02 FF",
         "a:string [\"xyz\" | ?]\nb:binary [? | \\x0102]");
    cbor("a key in chunks", "A1 7F 61'a' 61'b' FF 01", "ab:int64 [1]");
    cbor("times as text", "81 C0 74'2026-01-02T03:04:05Z'",
         "value:timestamp;T;0;Z [2026-01-02T03:04:05Z]");
    cbor("times as numbers", "83 C1 00 C1 FB 3FF8000000000000 C1 20",
         "value:timestamp;T;6;Z [1970-01-01T00:00:00.000000Z | 1970-01-01T00:00:01.500000Z | "
         "1969-12-31T23:59:59.000000Z]");
    cbor("a time between two microseconds", "81 C1 FB 41D954FC400FCD6F",
         "value:string [\"2023-11-14T22:13:20.246913671Z\"]");
    cbor("a time of more digits than a time has", "81 C1 FB 3FBF9ADD3746F65E",
         "value:double [0.12345678901234566]", "tag 1 passed over");
    cbor("a time that is none", "81 C1 1B FFFFFFFFFFFFFFFF", "value:uint64 [18446744073709551615]",
         "tag 1 passed over");
    cbor("dates", "82 D864 0A D864 29", "value:date [1970-01-11 | 1969-12-22]");
    cbor("a date as text", "81 D903EC 6A'2026-01-02'", "value:date [2026-01-02]");
    cbor("other tags", "81 D820 61'x'", "value:string [\"x\"]", "tag 32 passed over");
    cbor("a tagged map in a row", "A1 61'a' D9012C A1 61'b' 01", "a:json [{\"b\":1}]",
         "tag 300 passed over");
    cbor("nested values", "A1 61'a' 84 3B FFFFFFFFFFFFFFFF F97E00 9F 01 FF BF 01 41 FF FF",
         "a:json [[-18446744073709551616,\"NaN\",[1],{\"1\":\"\\\\xff\"}]]");
    cbor(
        "numbers of many digits inside others",
        "A1 61'a' 84 C2 49 010000000000000000 C3 49 010000000000000000 C4 82 21 19 04D2 D820 61'x'",
        "a:json [[18446744073709551616,-18446744073709551617,12.34,\"x\"]]", "tag 32 passed over");
}

void TestBinaryDecoder::rows()
{
    QFETCH(bool, isCbor);
    QFETCH(QByteArray, input);
    QFETCH(QString, rows);
    QFETCH(QString, notes);
    const test::DecodeOutcome outcome =
        test::decodeInEverySplit(input, options(isCbor ? Format::Cbor : Format::MsgPack));
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.notes, notes);
    QCOMPARE(outcome.position, input.size());
}

void TestBinaryDecoder::withoutFlattening()
{
    DecodeOptions whole = options(Format::MsgPack);
    whole.flatten = false;
    QCOMPARE(test::decodeInEverySplit(bytes("81 A1'a' 81 A1'b' 01"), whole).rows,
             QStringLiteral("a:json [{\"b\":1}]"));
}

void TestBinaryDecoder::envelopes_data()
{
    QTest::addColumn<bool>("isCbor");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("rowsAt");
    QTest::addColumn<QString>("total");
    const QString twoRows = QStringLiteral("a:int64 [1 | 2]");
    QTest::newRow("the total before the rows")
        << false << bytes("82 A5'total' 02 A4'data' 92 81 A1'a' 01 81 A1'a' 02") << twoRows
        << QStringLiteral("$.data") << QStringLiteral("2");
    QTest::newRow("the total behind them")
        << true << bytes("A2 64'data' 82 A1 61'a' 01 A1 61'a' 02 65'total' 02") << twoRows
        << QStringLiteral("$.data") << QStringLiteral("2");
    QTest::newRow("open containers")
        << true << bytes("BF 65'total' 02 64'rows' 9F A1 61'a' 01 A1 61'a' 02 FF 61'x' 80 FF")
        << twoRows << QStringLiteral("$.rows") << QStringLiteral("2");
    QTest::newRow("a usual name goes first")
        << false << bytes("82 A1'x' 91 81 A1'b' 09 A5'items' 92 81 A1'a' 01 81 A1'a' 02") << twoRows
        << QStringLiteral("$.items") << QString();
    QTest::newRow("a map that is followed by another is a row")
        << false << bytes("81 A4'data' 91 81 A1'a' 01 81 A4'data' 91 81 A1'a' 02")
        << QStringLiteral("data:json [[{\"a\":1}] | [{\"a\":2}]]") << QStringLiteral("$")
        << QString();
    QTest::newRow("a map without an array of maps is a row")
        << false << bytes("82 A1'a' 01 A4'data' 91 01")
        << QStringLiteral("a:int64 [1]\ndata:json [[1]]") << QStringLiteral("$") << QString();
}

void TestBinaryDecoder::envelopes()
{
    QFETCH(bool, isCbor);
    QFETCH(QByteArray, input);
    QFETCH(QString, rows);
    QFETCH(QString, rowsAt);
    QFETCH(QString, total);
    const DecodeOptions made = options(isCbor ? Format::Cbor : Format::MsgPack);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(input, made);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, rows);
    test::WholeRun run;
    decodeWhole(run, input, made);
    QCOMPARE(QString::fromStdString(run.findings.rowsAt), rowsAt);
    QCOMPARE(run.findings.arrayClosed, rowsAt != QStringLiteral("$"));
    const auto found = run.findings.envelope.find("$.total");
    QCOMPARE(found == run.findings.envelope.end() ? QString()
                                                  : QString::fromStdString(found->second),
             total);
}

void TestBinaryDecoder::aLongEnvelopeIsReadWhileItComes()
{
    QByteArray input = bytes("81 A4'data' DD 00100000"); // 2^20 rows
    const QByteArray row = bytes("81 A1'a' 01");
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    auto decoder = makeDecoder(options(Format::MsgPack), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed(input.toStdString()));
    constexpr int kRows = 1 << 20;
    for (int i = 0; i < kRows / 1024; ++i) {
        QVERIFY((*decoder)->feed(row.repeated(1024).toStdString()));
        if (i == 512)
            QVERIFY(builder.nextRow() > RowIndex(500'000));
    }
    QVERIFY((*decoder)->finish());
    QCOMPARE(builder.nextRow(), RowIndex(kRows));
    QVERIFY((*decoder)->findings().arrayClosed);
}

namespace {

/// A map with one row in `data` that is long enough to be entered before its end is there.
std::string enteredEnvelope()
{
    constexpr int kBytes = 2 << 20;
    QByteArray head = bytes("A2 64'data' 82 A1 61'a' 5A");
    for (int shift = 24; shift >= 0; shift -= 8)
        head += static_cast<char>(kBytes >> shift & 0xFF);
    head += QByteArray(kBytes, 'x') + bytes("A1 61'a' 41 01");
    return head.toStdString();
}

} // namespace

/// In small pieces, a long member behind the rows must not be looked at from its start each time.
void TestBinaryDecoder::aLongMemberIsReadOnce()
{
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    auto decoder = makeDecoder(options(Format::Cbor), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed(enteredEnvelope()));
    constexpr int kElements = 4 << 20;
    QVERIFY((*decoder)->feed(bytes("61'm' 9A 00400000").toStdString()));
    const std::string piece(64, '\0');
    for (int i = 0; i < kElements / 64; ++i)
        QVERIFY((*decoder)->feed(piece));
    QVERIFY((*decoder)->finish());
    QVERIFY((*decoder)->findings().arrayClosed);
    QCOMPARE(builder.nextRow(), RowIndex(2));
}

void TestBinaryDecoder::tagsInPlaceOfAKeyEnd()
{
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    auto decoder = makeDecoder(options(Format::Cbor), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed(enteredEnvelope()));
    const Status fed = (*decoder)->feed(std::string(2000, '\xC9'));
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::NestingTooDeep);
}

void TestBinaryDecoder::longTagsBeforeAnArrayAreNoRow()
{
    DecodeOptions limited = options(Format::Cbor);
    limited.limits.rowBytes = ByteCount(20);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(
        bytes("A1 61'a' 01") + QByteArray(21, '\xC9') + bytes("81 01"), limited);
    QCOMPARE(outcome.error, QStringLiteral("line -1, byte 4: RowTooLarge: an item is larger than "
                                           "20 bytes"));
}

void TestBinaryDecoder::aSequenceIsNoEnvelope()
{
    DecodeOptions sequence = options(Format::Cbor);
    sequence.contentType = "application/cbor-seq";
    QCOMPARE(test::decodeInEverySplit(bytes("A1 64'data' 81 A1 61'a' 01"), sequence).rows,
             QStringLiteral("data:json [[{\"a\":1}]]"));
}

void TestBinaryDecoder::badRows_data()
{
    QTest::addColumn<bool>("isCbor");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("rejects");
    QTest::newRow("text that is not UTF-8")
        << false << bytes("81 A1'a' 01 81 A1'a' A1 FF 81 A1'a' 02")
        << QStringLiteral("line -1, byte 8: InvalidUtf8: text that is not UTF-8");
    QTest::newRow("a key that is not UTF-8")
        << true << bytes("A1 61'a' 01 A1 61 FF 05 A1 61'a' 02")
        << QStringLiteral("line -1, byte 6: InvalidUtf8: text that is not UTF-8");
    QTest::newRow("a chunk of another kind")
        << true << bytes("A1 61'a' 01 A1 61'a' 7F 41 00 FF A1 61'a' 02")
        << QStringLiteral("line -1, byte 8: SyntaxError: no chunk of a string");
    QTest::newRow("maps as keys of maps, and so on")
        << true
        << bytes("A1 61'a' 01") + QByteArray(60, '\xA1') + QByteArray(61, '\0') +
               bytes("A1 61'a' 02")
        << QStringLiteral("line -1, byte 9: NestingTooDeep: too many keys inside each other");
    QTest::newRow("a key without a value")
        << true << bytes("A1 61'a' 01 BF 61'a' FF A1 61'a' 02")
        << QStringLiteral("line -1, byte 8: SyntaxError: no value where one belongs");
}

void TestBinaryDecoder::badRows()
{
    QFETCH(bool, isCbor);
    QFETCH(QByteArray, input);
    QFETCH(QString, rejects);
    const test::DecodeOutcome outcome =
        test::decodeInEverySplit(input, options(isCbor ? Format::Cbor : Format::MsgPack));
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, rejects);
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1 | 2]"));
}

void TestBinaryDecoder::breaks_data()
{
    QTest::addColumn<bool>("isCbor");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("error");
    const QString cut = QStringLiteral("line -1, byte %1: Truncated: the input ends before it is "
                                       "complete");
    QTest::newRow("inside a row") << false << bytes("81 A1'a' 01 81 A1'a'") << cut.arg(4);
    QTest::newRow("inside an array") << false << bytes("92 81 A1'a' 01") << cut.arg(5);
    QTest::newRow("inside an open array") << true << bytes("9F A1 61'a' 01") << cut.arg(5);
    QTest::newRow("inside an envelope, behind the rows")
        << false << bytes("82 A4'data' 91 81 A1'a' 01 A1'b'") << cut.arg(0);
    QTest::newRow("a byte that starts no value")
        << false << bytes("81 A1'a' 01 C1 81 A1'a' 02")
        << QStringLiteral("line -1, byte 4: SyntaxError: no MessagePack value starts with the byte "
                          "0xc1");
    QTest::newRow("a reserved length") << true << bytes("A1 61'a' 01 A1 61'b' 1C")
                                       << QStringLiteral("line -1, byte 7: SyntaxError: no CBOR "
                                                         "item starts with this byte");
    QTest::newRow("a Break alone") << true << bytes("A1 61'a' 01 FF")
                                   << QStringLiteral("line -1, byte 4: SyntaxError: no CBOR item "
                                                     "starts with this byte");
    QTest::newRow("a text longer than a row may be")
        << false << bytes("81 A1'a' 01 DB FFFFFFFF 00")
        << QStringLiteral("line -1, byte 4: RowTooLarge: an item is larger than 200 bytes");
    QTest::newRow("a text of an impossible length")
        << true << bytes("A1 61'a' 01 7B FFFFFFFFFFFFFFFF")
        << QStringLiteral("line -1, byte 4: RowTooLarge: an item is larger than 200 bytes");
    QTest::newRow("a row that never ends")
        << true << bytes("A1 61'a' 01 9F 9F") + QByteArray(300, '\1')
        << QStringLiteral("line -1, byte 5: RowTooLarge: an item is larger than 200 bytes");
    QTest::newRow("nested too deep")
        << false << bytes("81 A1'a' 01") + QByteArray(50, '\x91')
        << QStringLiteral("line -1, byte 14: NestingTooDeep: nested too deep");
    QTest::newRow("too many tags before an array")
        << true << bytes("A1 61'a' 01") + QByteArray(11, '\xC9') + bytes("81 01")
        << QStringLiteral("line -1, byte 14: NestingTooDeep: nested too deep");
    QTest::newRow("tags without end")
        << true << bytes("A1 61'a' 01 A1 61'b'") + QByteArray(50, '\xC9')
        << QStringLiteral("line -1, byte 17: NestingTooDeep: nested too deep");
}

void TestBinaryDecoder::breaks()
{
    QFETCH(bool, isCbor);
    QFETCH(QByteArray, input);
    QFETCH(QString, error);
    DecodeOptions limited = options(isCbor ? Format::Cbor : Format::MsgPack);
    limited.limits.rowBytes = ByteCount(200);
    limited.limits.nestingDepth = 10;
    const test::DecodeOutcome outcome = test::decodeInEverySplit(input, limited);
    QCOMPARE(outcome.error, error);
    if (!error.contains(QStringLiteral("byte 0:")))
        QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1]"));
}

void TestBinaryDecoder::refusesAPath()
{
    DecodeOptions path = options(Format::Cbor);
    path.rowsAt = "$.data";
    test::WholeRun run;
    decodeWhole(run, {}, path);
    QCOMPARE(run.status.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestBinaryDecoder)
#include "tst_binary_decoder.moc"
