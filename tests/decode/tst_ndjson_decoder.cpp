// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/json_decoding.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

DecodeOptions ndjson()
{
    DecodeOptions options;
    options.format = Format::Ndjson;
    return options;
}

} // namespace

class TestNdjsonDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodes_data();
    void decodes();
    void rejectsAndGoesOn_data();
    void rejectsAndGoesOn();
    void breaks_data();
    void breaks();
    void stopsWhenTheSinkSaysSo();
    void keepsNestedObjectsWhole();
    void namesColumnsAsTold();
    void findsTheRowInEachLine();
    void positionIsAfterTheLastWholeRow();
    void showsRowsOnFlush();
    void startsAgainAfterReset();
    void badRowsOfAnotherTypeTakeNoTime();
    void limitsRows_data();
    void limitsRows();
    void limitsColumns();
    void staysBroken();
};

void TestNdjsonDecoder::decodes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("notes");

    const auto row = [](const char *name, const QByteArray &text, const char *rows,
                        const char *notes = "") {
        QTest::newRow(name) << text << QString::fromUtf8(rows) << QString::fromUtf8(notes);
    };
    const char *const twoRows = "a:int64 [1 | 2]";
    row("lines end in LF", "{\"a\":1}\n{\"a\":2}\n", twoRows);
    row("lines end in CR", "{\"a\":1}\r{\"a\":2}\r", twoRows);
    row("lines end in CRLF", "{\"a\":1}\r\n{\"a\":2}\r\n", twoRows);
    row("rows that begin with an error", "{\"error\":\"x\"}\n{\"error\":\"y\"}\n",
        "error:string [\"x\" | \"y\"]");
    row("an error that is not the last line", "{\"a\":1}\n{\"error\":[1]}\n{\"a\":2}\n",
        "a:int64 [1 | ? | 2]\nerror:json [? | [1] | ?]");
    row("an error that is none", "{\"a\":1}\n{\"error\":null}\n",
        "a:int64 [1 | ?]\nerror:null [? | null]");
    row("the last line has no end", "{\"a\":1}\n{\"a\":2}", twoRows);
    row("blank lines are passed over", "\n\n{\"a\":1}\n \t\n{\"a\":2}\n\n", twoRows);
    row("a byte order mark is passed over", "\xEF\xBB\xBF{\"a\":1}\n{\"a\":2}\n", twoRows);
    row("record separators are passed over", "\x1E{\"a\":1}\n\x1E{\"a\":2}\n", twoRows);
    row("objects share a line", "{\"a\":1}{\"a\":2}", twoRows);
    row("objects share a line with blanks", "{\"a\":1} \t{\"a\":2} \n", twoRows);
    row("objects share a later line", "{\"a\":1}\n{\"a\":2}{\"a\":3}\n{\"a\":4}\n",
        "a:int64 [1 | 2 | 3 | 4]");
    row("objects spread over lines", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", twoRows);
    row("objects spread over lines that end in CRLF", "{\r\n\"a\":1\r\n}\r\n{\r\n\"a\":2\r\n}",
        twoRows);
    row("blanks wherever they may be", " { \"a\" : 1 } \n\t{\t\"a\"\t:\t2\t}\t\n", twoRows);
    row("no rows", "\n  \n", "");
    row("a row without members", "{}\n{\"a\":1}\n", "a:int64 [? | 1]");
    row("scalars", "1\n2\n", "value:int64 [1 | 2]");
    row("a scalar among objects", "{\"a\":1}\n\"x\"\n",
        "a:int64 [1 | ?]\nvalue:string [? | \"x\"]");

    row("members come and go", "{\"a\":1}\n{\"b\":2}\n{\"a\":3,\"b\":4}\n",
        "a:int64 [1 | ? | 3]\nb:int64 [? | 2 | 4]");
    row("members in another order", "{\"a\":1,\"b\":2}\n{\"b\":3,\"a\":4}\n",
        "a:int64 [1 | 4]\nb:int64 [2 | 3]");
    row("null and missing differ", "{\"a\":null,\"b\":1}\n{\"b\":2}\n{\"a\":\"\"}\n",
        "a:string [null | ? | \"\"]\nb:int64 [1 | 2 | ?]");
    row("objects flatten", "{\"a\":{\"b\":{\"c\":1}},\"d\":2}\n", "a.b.c:int64 [1]\nd:int64 [2]");
    row("an empty object stays json", "{\"a\":{}}\n{\"a\":{ }}\n", "a:json [{} | { }]");
    row("arrays stay json as sent", "{\"a\":[1, {\"b\" :2.50}]}\n", "a:json [[1, {\"b\" :2.50}]]");
    row("an object here, a scalar there", "{\"a\":{\"b\":1}}\n{\"a\":2}\n{\"a\":null}\n",
        "a.b:int64 [1 | ? | ?]\na:int64 [? | 2 | null]");
    row("an empty key", "{\"\":1}\n", ":int64 [1]");
    row("a key with escapes", "{\"\\u0061\\\"\":1}\n{\"a\\\"\":2}\n", "a\":int64 [1 | 2]");
    row("a key longer than a vector",
        "{\"abcdefghijklmnopqrstuvwxyz\":1}\n{\"abcdefghijklmnopqrstuvwxyz\":2}\n"
        "{\"abcdefghijklmnopqrstuvwxyZ\":3}\n",
        "abcdefghijklmnopqrstuvwxyz:int64 [1 | 2 | ?]\nabcdefghijklmnopqrstuvwxyZ:int64 [? | ? | "
        "3]");
    row("a duplicate key", "{\"a\":1,\"a\":2,\"a\":3}\n",
        "a:int64 [1]\na#2:int64 [2]\na#3:int64 [3]",
        "duplicate key \"a\" kept as \"a#2\"; duplicate key \"a\" kept as \"a#3\"");
    row("a duplicate object", "{\"a\":{\"b\":1},\"a\":{\"b\":2}}\n",
        "a.b:int64 [1]\na.b#2:int64 [2]", "duplicate key \"a.b\" kept as \"a.b#2\"");
    row("a dotted key meets a flattened one", "{\"a.b\":1,\"a\":{\"b\":2}}\n",
        "a.b:int64 [1]\na.b#2:int64 [2]", "duplicate key \"a.b\" kept as \"a.b#2\"");
    row("deeper than objects flatten",
        QByteArray("{\"a\":").repeated(18) + "1" + QByteArray("}").repeated(18),
        "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a:json [{\"a\":1}]");

    row("escapes", R"({"a":"\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00"})",
        "a:string [\"\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"]");
    row("a lone surrogate keeps its escape", R"({"a":"x\ud800y\udc00\ud83d\u0041"})",
        "a:string [\"x\\ud800y\\udc00\\ud83dA\"]",
        "a lone surrogate in column \"a\" is kept as its escape");
    row("text beyond ASCII", "{\"a\":\"\xE3\x82\xA4\xF0\x9F\x98\x80\"}\n",
        "a:string [\"\xE3\x82\xA4\xF0\x9F\x98\x80\"]");
    const QByteArray longText = QByteArray("0123456789abcdef").repeated(20);
    const QByteArray longTexts = "a:string [\"" + longText + "\" | \"" + longText + "x\"]";
    row("long texts", "{\"a\":\"" + longText + "\"}\n{\"a\":\"" + longText + "x\"}\n",
        longTexts.constData());
    row("big integers", "{\"a\":9007199254740993}\n{\"a\":-9223372036854775808}\n",
        "a:int64 [9007199254740993 | -9223372036854775808]");
    row("a uint64", "{\"a\":18446744073709551615}\n", "a:uint64 [18446744073709551615]");
    row("negative zero stays what it is", "{\"a\":-0}\n", "a:double [-0]");
    row("a number beyond double", "{\"a\":1e400}\n", "a:string [\"1e400\"]");
    row("booleans", "{\"a\":true}\n{\"a\":false}\n", "a:bool [true | false]");

    row("arrays as rows", "[42,\"x\",[0,1]]\n[43,\"y\",[]]\n",
        "column0:int64 [42 | 43]\ncolumn1:string [\"x\" | \"y\"]\ncolumn2:json [[0,1] | []]");
    row("arrays with names and types",
        "[\"n\",\"s\"]\n[\"Int32\",\"Nullable(String)\"]\n[1,\"x\"]\n[2,null]\n",
        "n:int64 [1 | 2]\ns:string [\"x\" | null]", "the first row names the columns");
    row("arrays with names", "[\"n\",\"s\"]\n[1,\"x\"]\n[2,\"y\",3]\n",
        "n:int64 [1 | 2]\ns:string [\"x\" | \"y\"]\ncolumn2:int64 [? | 3]",
        "the first row names the columns");
    row("arrays of texts only have no names", "[\"a\",\"b\"]\n[\"c\",\"d\"]\n",
        "column0:string [\"a\" | \"c\"]\ncolumn1:string [\"b\" | \"d\"]");
    row("one array of texts is a row", "[\"a\",\"b\"]\n",
        "column0:string [\"a\"]\ncolumn1:string [\"b\"]");
    row("an array, then an object", "[\"a\",\"b\"]\n{\"c\":1}\n",
        "column0:string [\"a\" | ?]\ncolumn1:string [\"b\" | ?]\nc:int64 [? | 1]");
    row("an object in an array row flattens", "[1,{\"a\":2}]\n",
        "column0:int64 [1]\ncolumn1.a:int64 [2]");
    row("empty arrays are rows", "[]\n[ ]\n[1]\n", "column0:int64 [? | ? | 1]");

    row("wrapped rows with progress",
        "{\"row\":{\"a\":1}}\n{\"progress\":{\"read_rows\":\"2\"}}\n{\"row\":{\"a\":2}}\n",
        twoRows);
    row("a member called row among others", "{\"row\":{\"a\":1},\"b\":2}\n{\"row\":{\"a\":3}}\n",
        "row.a:int64 [1 | 3]\nb:int64 [2 | ?]");
}

void TestNdjsonDecoder::decodes()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, rows);
    QFETCH(QString, notes);
    const DecodeOutcome outcome = decodeInEverySplit(text, ndjson());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.notes, notes);
}

void TestNdjsonDecoder::rejectsAndGoesOn_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rejects");
    QTest::addColumn<QString>("rows");

    const auto row = [](const char *name, const QByteArray &bad, const char *reject) {
        QTest::newRow(name) << "{\"a\":1}\n" + bad + "\n{\"a\":2}\n"
                            << QString::fromUtf8(reject) << QStringLiteral("a:int64 [1 | 2]");
    };
    row("an HTML page in place of a row", "<html><h1>502 Bad Gateway</h1></html>",
        "line 2, byte 8: InBandError: the server sent an HTML page in place of a row");
    row("an exception in place of a row", "__exception__",
        "line 2, byte 8: InBandError: the server sent an exception in place of a row");
    row("text behind the value", "{\"a\":3}TRAILER",
        "line 2, byte 15: SyntaxError: unexpected text after the value");
    row("a comma behind the value", "{\"a\":3},",
        "line 2, byte 15: SyntaxError: unexpected text after the value");
    row("a duplicate key in a line that is none", "{\"a\":3,\"a\":4}x",
        "line 2, byte 21: SyntaxError: unexpected text after the value");
    row("a line cut in a text", "{\"a\":\"x",
        "line 2, byte 15: SyntaxError: the line ends inside a string");
    row("a line cut after a comma", "{\"a\":3,",
        "line 2, byte 15: SyntaxError: the line ends inside a value");
    row("a line cut in a word", "{\"a\":tru",
        "line 2, byte 16: SyntaxError: the line ends inside a value");
    row("a control character", QByteArray("{\"a\":\"x\x01\"}"),
        "line 2, byte 15: SyntaxError: control character in a string");
    row("a NUL", QByteArray("{\"a\":\0}", 7), "line 2, byte 13: SyntaxError: a value is missing");
    row("an unknown escape", R"({"a":"\x"})",
        "line 2, byte 15: SyntaxError: unknown escape in a string");
    row("half an escape", R"({"a":"\u12G4"})",
        "line 2, byte 18: SyntaxError: \\u without four hexadecimal digits");
    row("a superfluous zero", "{\"a\":01}",
        "line 2, byte 14: SyntaxError: a number starts with a superfluous zero");
    row("a negative superfluous zero", "{\"a\":-01}",
        "line 2, byte 15: SyntaxError: a number starts with a superfluous zero");
    row("a plus sign", "{\"a\":+1}", "line 2, byte 13: SyntaxError: a value is missing");
    row("a point without digits", "{\"a\":1.}",
        "line 2, byte 15: SyntaxError: a digit is missing after the decimal point");
    row("a minus alone", "{\"a\":-}", "line 2, byte 14: SyntaxError: a digit is missing");
    row("a bad number in an array", "{\"a\":[1,2,.5]}",
        "line 2, byte 18: SyntaxError: a value is missing");
    row("a bad text in an array", "{\"a\":[\"\x80\"]}",
        "line 2, byte 15: InvalidUtf8: invalid UTF-8");
    row("brackets that do not match", "{\"a\":[1}",
        "line 2, byte 15: SyntaxError: ',' or ']' is missing");
    row("a comma too many", "{\"a\":1,}", "line 2, byte 15: SyntaxError: a key is missing");
    row("a comma too many in an array", "{\"a\":[1,]}",
        "line 2, byte 16: SyntaxError: a value is missing");
    row("a key without quotes", "{a:1}", "line 2, byte 9: SyntaxError: a key is missing");
    row("no colon", "{\"a\" 1}", "line 2, byte 13: SyntaxError: ':' is missing");
    row("a bad word", "{\"a\":nul1}", "line 2, byte 16: SyntaxError: neither true, false nor null");
    row("an overlong form", "{\"a\":\"\xC0\xAF\"}", "line 2, byte 14: InvalidUtf8: invalid UTF-8");
    row("an encoded surrogate", "{\"a\":\"xy\xED\xA0\x80\"}",
        "line 2, byte 16: InvalidUtf8: invalid UTF-8");
    row("invalid UTF-8 in a new key", "{\"a\xFF\":1}",
        "line 2, byte 11: InvalidUtf8: invalid UTF-8");
    row("no JSON at all", "hello", "line 2, byte 8: SyntaxError: a value is missing");
    row("nested too deep", QByteArray("{\"a\":") + QByteArray("[").repeated(100'000),
        "line 2, byte 1012: NestingTooDeep: nested too deep");

    QTest::newRow("the first line is cut")
        << QByteArray("{\"b\":\n{\"a\":1}\n{\"a\":2}\n")
        << QStringLiteral("line 1, byte 5: SyntaxError: the line "
                          "ends inside a value")
        << QStringLiteral("a:int64 [1 | 2]");
    QTest::newRow("the last line, without its end, is wrong")
        << QByteArray("{\"a\":1}\n{\"a\":2}\n{\"a\":x")
        << QStringLiteral("line 3, byte 21: SyntaxError: a value is missing")
        << QStringLiteral("a:int64 [1 | 2]");
    QTest::newRow("among values that spread over lines")
        << QByteArray("{\n\"a\":1\n}\n{\n\"a\":x,\n\"b\":[\n]}\n{\n\"a\":2}\n")
        << QStringLiteral("line 5, byte 16: SyntaxError: a value is missing")
        << QStringLiteral("a:int64 [1 | 2]");
    QTest::newRow("lines that end in CR")
        << QByteArray("{\"a\":1}\r{\"a\"}\r\r\n{\"a\"]\r{\"a\":2}\r")
        << QStringLiteral("line 2, byte 12: SyntaxError: ':' is missing\n"
                          "line 4, byte 20: SyntaxError: ':' is missing")
        << QStringLiteral("a:int64 [1 | 2]");
    QTest::newRow("a column that only a bad row has")
        << QByteArray("{\"a\":1}\n{\"b\":1,\"c\":{\"d\":2,\"e\":x}}\n{\"a\":2}\n")
        << QStringLiteral("line 2, byte 30: SyntaxError: a value is missing")
        << QStringLiteral("a:int64 [1 | 2]");
    QTest::newRow("a row after a bad one brings the same columns")
        << QByteArray("{\"a\":1}\n{\"b\":1,\"a\":x}\n{\"c\":1,\"b\":{\"d\":5}}\n")
        << QStringLiteral("line 2, byte 19: SyntaxError: a value is missing")
        << QStringLiteral("a:int64 [1 | ?]\nc:int64 [? | 1]\nb.d:int64 [? | 5]");
}

void TestNdjsonDecoder::rejectsAndGoesOn()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, rejects);
    QFETCH(QString, rows);
    // Byte by byte costs the square of a long line in no case, but the test's own work grows.
    const DecodeOutcome outcome =
        decodeInEverySplit(text, ndjson(), text.size() > 10'000 ? 20 : 400);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, rejects);
    QCOMPARE(outcome.rows, rows);
}

void TestNdjsonDecoder::breaks_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<int>("position");

    QTest::newRow("the last line is half")
        << QByteArray("{\"a\":1}\n{\"a\":2}\n{\"a\":")
        << QStringLiteral("line 3, byte 16: Truncated: the input ends inside the last row")
        << QStringLiteral("a:int64 [1 | 2]") << 16;
    QTest::newRow("the only line is half")
        << QByteArray("{\"a\":\"x")
        << QStringLiteral("line 1, byte 0: Truncated: the input ends inside the last row")
        << QString() << 0;
    QTest::newRow("half a row behind a row of names that was held back")
        << QByteArray("[\"a\"]\n[\"b\"")
        << QStringLiteral("line 2, byte 6: Truncated: the input ends inside the last row")
        << QStringLiteral("column0:string [\"a\"]") << 5;
    QTest::newRow("values spread over lines, the last one half")
        << QByteArray("{\n\"a\":1\n}\n{\n\"a\":2\n")
        << QStringLiteral("line 4, byte 10: Truncated: the input ends inside the last row")
        << QStringLiteral("a:int64 [1]") << 10;
    QTest::newRow("an exception among wrapped rows")
        << QByteArray("{\"row\":{\"a\":1}}\n{\"exception\":\"Code: 395\"}\n{\"row\":{}}\n")
        << QStringLiteral("line 2, byte 16: InBandError: the server reports an exception in place "
                          "of a row")
        << QStringLiteral("a:int64 [1]") << 16;
}

void TestNdjsonDecoder::breaks()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, error);
    QFETCH(QString, rows);
    QFETCH(int, position);
    const DecodeOutcome outcome = decodeInEverySplit(text, ndjson());
    QCOMPARE(outcome.error, error);
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.position, position);
}

void TestNdjsonDecoder::stopsWhenTheSinkSaysSo()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder(false);
    auto decoder = makeDecoder(ndjson(), {builder, recorder, recorder});
    QVERIFY(decoder);
    const Status fed = (*decoder)->feed("{\"a\":1}\n{\"a\"}\n{\"a\":2}\n");
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::SyntaxError);
    QCOMPARE(fed.error().excerpt, std::string("{\"a\"}"));
    QCOMPARE(recorder.rejects.size(), std::size_t(1));
    QCOMPARE(recorder.rejects.front().rawText, std::string("{\"a\"}"));
    QCOMPARE(recorder.rejects.front().error.row, RowIndex(1));
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1]"));
}

void TestNdjsonDecoder::keepsNestedObjectsWhole()
{
    DecodeOptions options = ndjson();
    options.flatten = false;
    const DecodeOutcome outcome =
        decodeInEverySplit("{\"a\":{\"b\" : 1},\"c\":2}\n{\"a\":null}\n", options);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, QStringLiteral("a:json [{\"b\" : 1} | null]\nc:int64 [2 | ?]"));
}

void TestNdjsonDecoder::namesColumnsAsTold()
{
    DecodeOptions options = ndjson();
    options.hasHeader = true;
    QCOMPARE(decodeInEverySplit("[\"a\"]\n[\"b\"]\n", options).rows,
             QStringLiteral("a:string [\"b\"]"));
    options.hasHeader = false;
    QCOMPARE(decodeInEverySplit("[\"a\"]\n[1]\n", options).rows,
             QStringLiteral("column0:string [\"a\" | \"1\"]"));
}

void TestNdjsonDecoder::findsTheRowInEachLine()
{
    DecodeOptions options = ndjson();
    options.rowsAt = "$.record.fields";
    const DecodeOutcome outcome =
        decodeInEverySplit("{\"n\":1,\"record\":{\"fields\":{\"a\":1}}}\n{\"record\":{\"fields\":{"
                           "\"a\":2},\"id\":7}}\n",
                           options);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows,
             QStringLiteral("n:int64 [1 | ?]\na:int64 [1 | 2]\nrecord.id:int64 [? | 7]"));

    options.rowsAt = "$[0].a";
    WholeRun run;
    decodeWhole(run, "{}\n", options);
    QCOMPARE(run.status.error().code, ErrorCode::InvalidArgument);
}

void TestNdjsonDecoder::positionIsAfterTheLastWholeRow()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(ndjson(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed("{\"a\":1}\n{\"a\":2}\n{\"a\""));
    QCOMPARE((*decoder)->position(), ByteOffset(16));
    QVERIFY((*decoder)->feed(":3}"));
    QCOMPARE((*decoder)->position(), ByteOffset(16));
    QVERIFY((*decoder)->feed("\n"));
    QCOMPARE((*decoder)->position(), ByteOffset(24));
}

void TestNdjsonDecoder::showsRowsOnFlush()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(ndjson(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed("{\"a\":1}\n{\"a\":2}\n{"));
    QVERIFY((*decoder)->flush());
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1 | 2]"));
    QCOMPARE(recorder.positions.back(), ByteOffset(16));
    const std::size_t batches = recorder.batches.size();
    QVERIFY((*decoder)->flush());
    QCOMPARE(recorder.batches.size(), batches);
}

void TestNdjsonDecoder::startsAgainAfterReset()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(ndjson(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed("{\"a\":1,\"b\":{\"c\":1}}\n{\"a\":"));
    QVERIFY(!(*decoder)->finish());
    (*decoder)->reset();
    QCOMPARE((*decoder)->position(), ByteOffset(0));
    QVERIFY((*decoder)->feed("[7]\n{\"b\":{\"c\":2}}\n"));
    QVERIFY((*decoder)->finish());
    QCOMPARE(
        recorder.rows(builder.schema()),
        QStringLiteral("a:int64 [1 | ? | ?]\nb.c:int64 [1 | ? | 2]\ncolumn0:int64 [? | 7 | ?]"));
}

/// Each had all the rows before it cast to the type that it would need, and back.
void TestNdjsonDecoder::badRowsOfAnotherTypeTakeNoTime()
{
    constexpr int kGood = 60'000;
    constexpr int kBad = 300'000;
    DecodeOptions options;
    options.format = Format::Ndjson;
    WholeRun run;
    decodeWhole(run,
                QByteArray("{\"a\":1}\n").repeated(kGood) +
                    QByteArray("{\"a\":\"x\",\"b\":}\n").repeated(kBad),
                options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.rows, kGood);
    QCOMPARE(std::ssize(run.recorder.rejects), kBad);
    QCOMPARE(run.schema->columnCount(), 1);
    QCOMPARE(run.schema->fields.front().type.name(),
             columnar::LogicalType{columnar::TypeKind::Int64}.name());
}

void TestNdjsonDecoder::limitsRows_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("rejects");
    QTest::addColumn<QString>("rows");

    const auto bad = [](const char *name, const QByteArray &line, const char *reject) {
        QTest::newRow(name) << line << QString::fromLatin1(reject)
                            << QStringLiteral("a:int64 [1 | 2]");
    };
    const char *const tooLarge = "line 2, byte 8: RowTooLarge: the row is larger than allowed";
    bad("a long text", "{\"a\":\"" + QByteArray(300'000, 'x') + "\"}", tooLarge);
    bad("a long text without an end", "{\"a\":\"" + QByteArray(300'000, 'x'), tooLarge);
    bad("blanks inside", "{\"a\":" + QByteArray(30, ' ') + "1}", tooLarge);
    bad("blanks behind", "{\"a\":1}" + QByteArray(30, ' '), tooLarge);
    bad("a fault within the limit", "{\"a\":x" + QByteArray(30, ' ') + "1}",
        "line 2, byte 13: SyntaxError: a value is missing");
    bad("a fault behind the limit", "{\"a\":" + QByteArray(30, ' ') + "x}", tooLarge);
    bad("invalid UTF-8 within the limit", "{\"a\":\"\xFF" + QByteArray(30, 'x') + "\"}",
        "line 2, byte 14: InvalidUtf8: invalid UTF-8");
    QTest::newRow("many rows in one line") << QByteArray("{\"a\":1}").repeated(4) << QString()
                                           << QStringLiteral("a:int64 [1 | 1 | 1 | 1 | 1 | 2]");
}

void TestNdjsonDecoder::limitsRows()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, rejects);
    QFETCH(QString, rows);
    DecodeOptions options = ndjson();
    options.limits.rowBytes = ByteCount(20);
    const DecodeOutcome outcome = decodeInEverySplit("{\"a\":1}\n" + line + "\n{\"a\":2}\n",
                                                     options, line.size() > 1000 ? 5 : 400);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, rejects);
    QCOMPARE(outcome.rows, rows);
}

void TestNdjsonDecoder::limitsColumns()
{
    DecodeOptions options = ndjson();
    options.limits.columns = 2;
    WholeRun run;
    decodeWhole(run, "{\"a\":1}\n{\"a\":2,\"b\":3,\"c\":4}\n{\"a\":5,\"b\":6}\n", options);
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.recorder.rejectedRows(),
             QStringLiteral("line 2, byte 25: LimitReached: more columns than allowed"));
    QCOMPARE(run.recorder.rows(run.schema), QStringLiteral("a:int64 [1 | 5]\nb:int64 [? | 6]"));
}

void TestNdjsonDecoder::staysBroken()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(ndjson(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed("{\"a\":1}\n{"));
    QCOMPARE((*decoder)->finish().error().code, ErrorCode::Truncated);
    QCOMPARE((*decoder)->feed("\"a\":2}\n").error().code, ErrorCode::Truncated);
    QCOMPARE((*decoder)->finish().error().code, ErrorCode::Truncated);
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1]"));
}

QTEST_GUILESS_MAIN(TestNdjsonDecoder)
#include "tst_ndjson_decoder.moc"
