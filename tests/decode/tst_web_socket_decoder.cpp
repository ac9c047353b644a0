// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/json_decoding.h"
#include "support/web_socket_bytes.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;

namespace {

DecodeOptions options(const std::string &rowsAt = {})
{
    DecodeOptions options;
    options.format = Format::WebSocket;
    options.rowsAt = rowsAt;
    return options;
}

QByteArray stream(std::initializer_list<const char *> messages)
{
    std::string bytes;
    for (const char *const text : messages)
        bytes += test::message(text);
    return QByteArray::fromStdString(bytes);
}

} // namespace

class TestWebSocketDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data();
    void rows();
    void rowsAtAPlace_data();
    void rowsAtAPlace();
    void badRows_data();
    void badRows();
    void endsWhenToldTo_data();
    void endsWhenToldTo();
    void checksTheBatches_data();
    void checksTheBatches();
    void tellsProgress();
    void breaks_data();
    void breaks();
    void keepsRowsBeforeAnError();
    void passesOverWhatFollowsTheEnd();
    void startsAgain();
};

void TestWebSocketDecoder::rows_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("notes");
    const auto row = [](const char *name, std::initializer_list<const char *> messages,
                        const char *rows, const char *notes = "") {
        QTest::newRow(name) << stream(messages) << QString::fromUtf8(rows)
                            << QString::fromUtf8(notes);
    };
    row("an object is a row", {R"({"a":1})", R"({"a":2,"b":{"c":true}})"},
        "a:int64 [1 | 2]\nb.c:bool [? | true]");
    row("an array of objects is a batch", {R"([{"a":1},{"a":2}])", "[]", R"( [ {"a":3} ] )"},
        "a:int64 [1 | 2 | 3]");
    row("an array of arrays is a batch", {"[[1,\"x\"],[2,\"y\"]]"},
        "column0:int64 [1 | 2]\ncolumn1:string [\"x\" | \"y\"]");
    row("another array is a row", {"[42,{\"b\":1},\"trade\"]"},
        "column0:int64 [42]\ncolumn1.b:int64 [1]\ncolumn2:string [\"trade\"]");
    row("an envelope",
        {R"({"type":"batch","batchNumber":1,"data":[{"a":1},{"a":2}]})",
         R"({"type":"batch","batchNumber":2,"data":[]})"},
        "a:int64 [1 | 2]",
        "the rows are at $.data of the messages; left out beside them: type, batchNumber");
    row("an envelope without a type", {R"({"records":[{"a":1}]})"}, "a:int64 [1]");
    row("an envelope of values", {R"({"type":"x","rows":[1,2]})"}, "value:int64 [1 | 2]",
        "the rows are at $.rows of the messages; left out beside them: type");
    row("a row with an id that has items", {R"({"id":7,"items":[{"a":1}]})"},
        "id:int64 [7]\nitems:json [[{\"a\":1}]]");
    row("a row with a list of values", {R"({"a":1,"values":[1,2]})"},
        "a:int64 [1]\nvalues:json [[1,2]]");
    row("several lines in one message", {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":3} {\"a\":4}"},
        "a:int64 [1 | 2 | 3 | 4]");
    row("a type that says nothing of the stream", {R"({"type":"tick","p":1})"},
        "type:string [\"tick\"]\np:int64 [1]");
    row("text", {"hello", "12"}, "message:string [\"hello\" | \"12\"]");
    row("numbers in text", {"12", "13"}, "message:int64 [12 | 13]");
    row("text that starts like JSON", {"{x}", "[y"}, "message:string [\"{x}\" | \"[y\"]");
    row("objects and text", {R"({"a":1})", "x"}, "a:int64 [1 | ?]\nmessage:string [? | \"x\"]");
    row("empty messages", {"", " \n", "{\"a\":1}"}, "a:int64 [1]");
    row("notices",
        {R"({"type":"welcome"})", R"({"type":"start","total":2})", R"({"a":1})",
         R"({"type":"pong"})", R"({"event":"ACK","n":1})"},
        "a:int64 [1]",
        "messages of type \"ACK\" passed over: 1; messages of type \"pong\" passed over: 1; "
        "messages of type \"start\" passed over: 1; messages of type \"welcome\" passed over: 1");
    row("nothing", {}, "");
}

void TestWebSocketDecoder::rows()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, rows);
    QFETCH(QString, notes);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(bytes, options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.notes, notes);
    QCOMPARE(outcome.position, bytes.size());
}

void TestWebSocketDecoder::rowsAtAPlace_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char *name, const char *place,
                        std::initializer_list<const char *> messages, const char *rows) {
        QTest::newRow(name) << QString::fromUtf8(place) << stream(messages)
                            << QString::fromUtf8(rows);
    };
    row("a list", "$.data", {R"({"id":1,"data":[{"a":1},{"a":2}]})"}, "a:int64 [1 | 2]");
    row("an object", "$.data", {R"({"type":"row","data":{"a":1}})"}, "a:int64 [1]");
    row("deeper", "$.payload.rows", {R"({"payload":{"x":1,"rows":[{"a":1}]}})"}, "a:int64 [1]");
    row("inside each element", "$.hits[*].doc", {R"({"hits":[{"k":5,"doc":{"a":1}}]})"},
        "k:int64 [5]\na:int64 [1]");
    row("not there", "$.data", {R"({"type":"tick","x":1})", R"({"data":[{"a":1}]})", "[1]"},
        "a:int64 [1]");
    row("not there, further down", "$.a.b.c", {R"({"a":{"b":1}})", R"({"a":2})"}, "");
    row("each message, whatever its type", "$",
        {R"({"type":"end","a":1})", R"({"type":"error","data":[{"a":1}]})"},
        "type:string [\"end\" | \"error\"]\na:int64 [1 | ?]\ndata:json [? | [{\"a\":1}]]");
}

void TestWebSocketDecoder::rowsAtAPlace()
{
    QFETCH(QString, place);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, rows);
    const test::DecodeOutcome outcome =
        test::decodeInEverySplit(bytes, options(place.toStdString()));
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, rows);
}

void TestWebSocketDecoder::badRows_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("rejects");
    const auto row = [](const char *name, const QByteArray &bytes, const char *rows,
                        const char *rejects) {
        QTest::newRow(name) << bytes << QString::fromUtf8(rows) << QString::fromUtf8(rejects);
    };
    row("binary",
        QByteArray::fromStdString(test::message("\x01", MessageFlag::Binary)) +
            stream({"{\"a\":1}"}),
        "a:int64 [1]",
        "line 1, byte 5: Unsupported: a binary message: only text messages are read");
    row("no JSON among JSON", stream({"{\"a\":1}", "{\"a\":}", "{\"a\":2}"}), "a:int64 [1 | 2]",
        "line 2, byte 22: SyntaxError: a value is missing");
    row("text behind a value", stream({"{\"a\":1}", "{\"a\":2} x"}), "a:int64 [1]",
        "line 2, byte 25: SyntaxError: unexpected text after the value");
    row("no UTF-8", stream({"\xFF"}), "", "line 1, byte 5: InvalidUtf8: the message is not UTF-8");
    row("no UTF-8 in JSON", stream({"{\"a\":\"\xFF\"}", "{\"a\":1}"}), "a:int64 [1]",
        "line 1, byte 11: InvalidUtf8: invalid UTF-8");
}

void TestWebSocketDecoder::badRows()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, rows);
    QFETCH(QString, rejects);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(bytes, options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.rejects, rejects);
}

void TestWebSocketDecoder::endsWhenToldTo_data()
{
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<QString>("stated");
    QTest::addColumn<qint64>("total");
    const auto row = [](const char *name, const char *end, const char *stated, qint64 total) {
        QTest::newRow(name) << stream({"{\"a\":1}", end}) << QString::fromUtf8(stated) << total;
    };
    row("complete", R"({"type":"complete","total":1})", "a \"complete\" message", 1);
    row("done without a total", R"({"type":"done"})", "a \"done\" message", -1);
    row("end with a count", R"({"type":"end","count":5})", "an \"end\" message", 5);
    row("totalRows", R"({"type":"complete","totalRows":7})", "a \"complete\" message", 7);
    row("a total inside", R"({"type":"complete","data":{"total":3}})", "a \"complete\" message", 3);
    row("by event", R"({"event":"complete"})", "a \"complete\" message", -1);
    row("with the last rows", R"({"type":"complete","total":2,"data":[{"a":2}]})",
        "a \"complete\" message", 2);
}

void TestWebSocketDecoder::endsWhenToldTo()
{
    QFETCH(QByteArray, end);
    QFETCH(QString, stated);
    QFETCH(qint64, total);
    test::WholeRun run;
    test::decodeWhole(run, end, options());
    QCOMPARE(run.error(), QString());
    QCOMPARE(QString::fromStdString(run.findings.endStated.value_or("")), stated);
    QCOMPARE(run.findings.declaredTotal ? run.findings.declaredTotal->value() : -1, total);
    QCOMPARE(run.rows, end.contains("\"a\":2") ? 2 : 1);
}

void TestWebSocketDecoder::checksTheBatches_data()
{
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<QString>("problem");
    QTest::newRow("as many") << QByteArray(R"({"type":"complete","totalBatches":2})") << QString();
    QTest::newRow("not stated") << QByteArray(R"({"type":"complete"})") << QString();
    QTest::newRow("one is missing")
        << QByteArray(R"({"type":"complete","totalBatches":3})")
        << QStringLiteral("a \"complete\" message counts 3 batches, 2 came");
}

void TestWebSocketDecoder::checksTheBatches()
{
    QFETCH(QByteArray, end);
    QFETCH(QString, problem);
    test::WholeRun run;
    test::decodeWhole(
        run,
        stream({R"({"type":"batch","data":[{"a":1}]})", R"([{"a":2},{"a":3}])", end.constData()}),
        options());
    QCOMPARE(run.error(), QString());
    QCOMPARE(QString::fromStdString(run.findings.inBandProblem.value_or("")), problem);
}

void TestWebSocketDecoder::tellsProgress()
{
    test::DecodeRecorder recorder;
    columnar::BatchBuilder builder;
    auto decoder = makeDecoder(options(), {builder, recorder, recorder});
    QVERIFY(decoder.has_value());
    const auto feed = [&](const char *text) {
        return (*decoder)->feed(test::message(text)).has_value();
    };
    QVERIFY(feed(R"({"type":"start","total":4})"));
    QCOMPARE((*decoder)->declaredProgress()->total->value(), 4);
    QVERIFY(feed(R"([{"a":1},{"a":2}])"));
    QVERIFY(feed(R"({"type":"progress","done":2,"total":4})"));
    QCOMPARE((*decoder)->declaredProgress()->done->value(), 2);
    QVERIFY((*decoder)->declaredProgress()->countsRows);
    QCOMPARE((*decoder)->findings().declaredTotal->value(), 4);
    QVERIFY(feed(R"({"type":"progress","done":50,"total":100})"));
    QCOMPARE((*decoder)->declaredProgress()->done->value(), 50);
    QVERIFY(!(*decoder)->declaredProgress()->countsRows);
    QVERIFY(!(*decoder)->findings().declaredTotal); // percentages are no promise
    QVERIFY(!(*decoder)->hasEnded());
    QVERIFY(feed(R"({"type":"complete"})"));
    QVERIFY((*decoder)->hasEnded());
}

void TestWebSocketDecoder::breaks_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QByteArray &bytes, const char *error) {
        QTest::newRow(name) << bytes << QString::fromUtf8(error);
    };
    const QByteArray whole = stream({"{\"a\":1}"});
    row("half a header", whole + whole.left(3),
        "line -1, byte 12: Truncated: the stream ends inside message 2, which is left out");
    row("half a message", whole + whole.left(8),
        "line -1, byte 12: Truncated: the stream ends inside message 2, which is left out");
    row("no messages", "<html>please sign in</html>",
        "line -1, byte 0: SyntaxError: the body is not a stream of WebSocket messages");
    row("too large", whole + QByteArray("\0\xFF\xFF\xFF\xFF", 5),
        "line -1, byte 12: RowTooLarge: a message of 4294967295 bytes exceeds the limit of "
        "67108864");
    row("an error message", whole + stream({R"({"type":"error","message":"no"})"}),
        "line -1, byte 12: InBandError: the server sent an error message");
    row("an error report", stream({R"({"error":{"code":7},"message":"no"})"}),
        "line -1, byte 0: InBandError: the server sent an error message");
}

void TestWebSocketDecoder::breaks()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, error);
    QCOMPARE(test::decodeInEverySplit(bytes, options()).error, error);
}

void TestWebSocketDecoder::keepsRowsBeforeAnError()
{
    const auto outcome = test::decodeInEverySplit(
        stream({"{\"a\":1}", R"({"type":"error"})", "{\"a\":2}"}), options());
    QVERIFY(!outcome.error.isEmpty());
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1]"));
    QCOMPARE(outcome.position, 12);
}

void TestWebSocketDecoder::passesOverWhatFollowsTheEnd()
{
    const auto outcome = test::decodeInEverySplit(
        stream({"{\"a\":1}", R"({"type":"end"})", "{\"a\":2}"}) + "\x7F rubbish", options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1]"));
}

void TestWebSocketDecoder::startsAgain()
{
    test::DecodeRecorder recorder;
    columnar::BatchBuilder builder;
    auto decoder = makeDecoder(options(), {builder, recorder, recorder});
    QVERIFY(decoder.has_value());
    const std::string bytes = test::message("{\"a\":1}");
    QVERIFY((*decoder)->feed(bytes + bytes.substr(0, 7)).has_value());
    (*decoder)->reset();
    QVERIFY((*decoder)->feed(bytes).has_value());
    QVERIFY((*decoder)->finish().has_value());
    QCOMPARE((*decoder)->position().value(), 12);
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1 | 1]"));
}

QTEST_APPLESS_MAIN(TestWebSocketDecoder)
#include "tst_web_socket_decoder.moc"
