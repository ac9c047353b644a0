// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/json_decoding.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

DecodeOptions json(const char *rowsAt = "")
{
    DecodeOptions options;
    options.format = Format::Json;
    options.rowsAt = rowsAt;
    return options;
}

} // namespace

class TestJsonDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsRows_data();
    void findsRows();
    void obeysRowsAt_data();
    void obeysRowsAt();
    void takesPages_data();
    void takesPages();
    void refusesBadPaths();
    void rejectsAndGoesOn_data();
    void rejectsAndGoesOn();
    void breaks_data();
    void breaks();
    void tellsAFailingServersReport_data();
    void tellsAFailingServersReport();
    void keepsTheEnvelope();
    void boundsTheEnvelope();
    void tellsProblems_data();
    void tellsProblems();
    void declaresTotals();
    void rowsComeWhileTheArrayArrives();
    void searchIsBounded_data();
    void searchIsBounded();
    void limitsRows();
    void takesItsTimeOnce_data();
    void takesItsTimeOnce();
    void startsAgainAfterReset();
};

void TestJsonDecoder::findsRows_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rowsAt");
    QTest::addColumn<QString>("rows");

    const auto row = [](const char *name, const QByteArray &text, const char *rowsAt,
                        const char *rows) {
        QTest::newRow(name) << text << QString::fromUtf8(rowsAt) << QString::fromUtf8(rows);
    };
    const char *const two = "a:int64 [1 | 2]";
    row("a top-level array", "[{\"a\":1},{\"a\":2}]", "$", two);
    row("with a byte order mark", "\xEF\xBB\xBF[{\"a\":1},{\"a\":2}]", "$", two);
    row("with blanks everywhere", " \n[ {\"a\":1} ,\r\n {\"a\" :2}\t] \n ", "$", two);
    row("with leading commas", "[{\"a\":1}\n,{\"a\":2}]", "$", two);
    row("an empty array", "[ ]", "$", "");
    row("an array of scalars", "[1,2.5,-3]", "$", "value:double [1 | 2.5 | -3]");
    row("an array of arrays", "[[1,\"x\"],[2,\"y\"]]", "$",
        "column0:int64 [1 | 2]\ncolumn1:string [\"x\" | \"y\"]");
    row("an array of arrays with names first", "[[\"n\",\"s\"],[1,\"x\"]]", "$",
        "n:int64 [1]\ns:string [\"x\"]");
    row("a usual name", R"({"ok":true,"data":[{"a":1},{"a":2}],"next":null})", "$.data", two);
    row("a usual name, in capitals", R"({"Items":[{"a":1},{"a":2}]})", "$.Items", two);
    row("two levels down", R"({"result":{"records":[{"a":1},{"a":2}]}})", "$.result.records", two);
    row("an empty array under a usual name", R"({"records":[],"done":true})", "$.records", "");
    row("another name", R"({"users":[{"a":1},{"a":2}],"page":1})", "$.users", two);
    row("a usual name after another", R"({"tags":[{"t":1}],"items":[{"a":1},{"a":2}]})", "$.items",
        two);
    row("objects before arrays", R"({"m":[[1]],"users":[{"a":1},{"a":2}]})", "$.users", two);
    row("GraphQL", R"({"data":{"users":[{"a":1},{"a":2}]}})", "$.data.users", two);
    row("not among metadata", R"({"meta":{"data":[{"m":1}]},"users":[{"a":1},{"a":2}]})", "$.users",
        two);
    row("not inside of rows", R"({"users":[{"data":[{"b":1}],"a":1}]})", "$.users",
        "data:json [[{\"b\":1}]]\na:int64 [1]");
    row("Elasticsearch hits",
        R"({"took":1,"hits":{"total":{"value":9},"hits":[{"_id":"x","_source":{"a":{"b":1},"_id":2}}]}})",
        "$.hits.hits[*]._source", "_id:string [\"x\"]\na.b:int64 [1]\n_id#2:int64 [2]");
    row("ClickHouse JSONCompact",
        R"({"meta":[{"name":"n","type":"Int32"},{"name":"s","type":"String"}],"data":[[1,"x"],[2,"y"]],"rows":2})",
        "$.data", "n:int64 [1 | 2]\ns:string [\"x\" | \"y\"]");
    row("columns as a list of names", R"({"columns":["n","s"],"rows":[[1,"x"]]})", "$.rows",
        "n:int64 [1]\ns:string [\"x\"]");
    row("OpenSearch", R"({"schema":[{"name":"n","type":"long"}],"datarows":[[1],[2]]})",
        "$.datarows", "n:int64 [1 | 2]");
    row("columns beside nested rows", R"({"results":{"columns":["n"],"rows":[[1]]}})",
        "$.results.rows", "n:int64 [1]");
    row("columns come too late", R"({"rows":[[1,2]],"columns":["a","b"]})", "$.rows",
        "column0:int64 [1]\ncolumn1:int64 [2]");
    row("BigQuery",
        R"({"schema":{"fields":[{"name":"n"},{"name":"s"}]},"rows":[{"f":[{"v":"1"},{"v":null}]},{ "f" : [ {"v":"2"} , {"v":[{"v":"x"}]} ] }]})",
        "$.rows[*].f[*].v", "n:string [\"1\" | \"2\"]\ns:json [null | [{\"v\":\"x\"}]]");
    row("BigQuery without its schema", R"({"rows":[{"f":[{"v":"1"}]}]})", "$.rows[*].f[*].v",
        "column0:string [\"1\"]");
    row("a member called f is no cell", R"({"rows":[{"f":[{"v":1,"w":2}]},{"f":3}]})", "$.rows",
        "f:json [[{\"v\":1,\"w\":2}] | 3]");
    row("an object of equally long arrays", R"({"n":[1,2],"s":["x","y"],"t":[[1],[2]]})", "$",
        "n:int64 [1 | 2]\ns:string [\"x\" | \"y\"]\nt:json [[1] | [2]]");
    row("the same under data, with its columns named",
        R"({"meta":[{"name":"n"}],"data":{"n":[1,2]},"rows":2})", "$.data", "n:int64 [1 | 2]");
    row("an object of objects alike", R"({"r1":{"a":1,"b":{"c":2}},"r2":{"a":2}})", "$",
        "_key:string [\"r1\" | \"r2\"]\na:int64 [1 | 2]\nb.c:int64 [2 | ?]");
    row("one object", R"({"a":1,"b":{"c":"x"},"d":[1,2]})", "$",
        "a:int64 [1]\nb.c:string [\"x\"]\nd:json [[1,2]]");
    row("an empty object", "{}", "$", "");
    row("one scalar", "42", "$", "value:int64 [42]");
    row("NDJSON under a wrong name", "{\"a\":1}\n{\"a\":2}\n", "$", two);
    row("a member called message is no error", R"([{"message":"x","a":1}])", "$",
        "message:string [\"x\"]\na:int64 [1]");
    row("numbers as sent", "[{\"a\":1.50},{\"a\":2.25}]", "$", "a:decimal;18;2 [1.50 | 2.25]");
}

void TestJsonDecoder::findsRows()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, rowsAt);
    QFETCH(QString, rows);
    const DecodeOutcome outcome = decodeInEverySplit(text, json());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);

    WholeRun run;
    decodeWhole(run, text, json());
    QCOMPARE(QString::fromStdString(run.findings.rowsAt), rowsAt);
    if (run.findings.format == Format::Json) // NDJSON has nothing to close
        QVERIFY(run.findings.arrayClosed);
}

void TestJsonDecoder::obeysRowsAt_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");

    const auto row = [](const char *name, const QByteArray &path, const QByteArray &text,
                        const char *rows) {
        QTest::newRow(name) << path << text << QString::fromUtf8(rows);
    };
    const QByteArray nested = R"({"data":[{"x":0}],"my.rows":{"list":[{"a":1},{"a":2}]}})";
    row("names", "$['my.rows'].list", nested, "a:int64 [1 | 2]");
    row("with [*]", "$[\"my.rows\"].list[*]", nested, "a:int64 [1 | 2]");
    row("without $", "data", nested, "x:int64 [0]");
    row("one object", "$.data[0]", nested, "x:int64 [0]");
    row("the root", "$", "[{\"a\":1}]", "a:int64 [1]");
    row("the root, which is an object", "$", R"({"data":[{"a":1}]})", "data:json [[{\"a\":1}]]");
    row("arrays in every element", "$[*].rows[*]",
        R"([{"rows":[{"a":1}]},{"x":[]},{"rows":[{"a":2},{"a":3}]}])", "a:int64 [1 | 2 | 3]");
    row("one element", "$[1].rows", R"([{"rows":[{"a":1}]},{"rows":[{"a":2}]}])", "a:int64 [2]");
    row("the row inside of each element", "$.d[*].p.q",
        R"({"d":[{"i":1,"p":{"z":2,"q":{"a":3}}}]})", "i:int64 [1]\np.z:int64 [2]\na:int64 [3]");
    row("an inner row that is no object", "$.d[*].q", R"({"d":[{"q":1},{"q":{"a":2}}]})",
        "q:int64 [1 | ?]\na:int64 [? | 2]");
}

void TestJsonDecoder::obeysRowsAt()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, text);
    QFETCH(QString, rows);
    const DecodeOutcome outcome = decodeInEverySplit(text, json(path.constData()));
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, rows);
}

void TestJsonDecoder::takesPages_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("rowsAt");
    QTest::addColumn<QString>("foundAt");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const char *text, const char *rowsAt, const char *foundAt,
                        const char *rows, const char *error = "") {
        QTest::newRow(name) << QByteArray(text) << QByteArray(rowsAt) << QString::fromUtf8(foundAt)
                            << QString::fromUtf8(rows) << QString::fromUtf8(error);
    };
    row("with rows", R"({"data":[{"a":1}],"next":"x"})", "", "$.data", "a:int64 [1]");
    row("Trino's first, which has no rows", R"({"id":"q","nextUri":"http://x/1","stats":{"s":1}})",
        "", "", "");
    row("of objects alike", R"({"stats":{"s":1},"links":{"s":2}})", "", "", "");
    row("without anything at the named place", R"({"nextUri":"x"})", "$.data", "", "");
    row("later, without a schema", R"({"datarows":[[1,"x"]],"cursor":"c"})", "", "$.datarows",
        "n:int64 [1]\ns:string [\"x\"]");
    row("an empty list", R"({"data":[]})", "", "$.data", "");
    row("an empty list of another name", R"({"users":[],"page":9})", "", "$.users", "");
    row("a single value", "7", "", "$", "value:int64 [7]");
    row("an error report", R"({"error":{"message":"no"}})", "", "", "", "InBandError");
}

void TestJsonDecoder::takesPages()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, rowsAt);
    QFETCH(QString, foundAt);
    QFETCH(QString, rows);
    QFETCH(QString, error);
    DecodeOptions options = json(rowsAt.constData());
    options.isPage = true;
    options.columnNames = {"n", "s"};
    const DecodeOutcome outcome = decodeInEverySplit(text, options);
    const bool isAsWanted =
        error.isEmpty() ? outcome.error.isEmpty() : outcome.error.contains(error);
    QVERIFY2(isAsWanted, qPrintable(outcome.error));
    QCOMPARE(outcome.rows, rows);
    WholeRun run;
    decodeWhole(run, text, options);
    QCOMPARE(QString::fromStdString(run.findings.rowsAt), foundAt);
}

void TestJsonDecoder::refusesBadPaths()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    const auto decoder = makeDecoder(json("$.a["), {builder, recorder, recorder});
    QVERIFY(!decoder);
    QCOMPARE(decoder.error().code, ErrorCode::InvalidArgument);
}

void TestJsonDecoder::rejectsAndGoesOn_data()
{
    QTest::addColumn<QByteArray>("bad");
    QTest::addColumn<QString>("reject");

    QTest::newRow("a bad number") << QByteArray("{\"b\":01}")
                                  << QStringLiteral("line 2, byte 21: SyntaxError: a number starts "
                                                    "with a superfluous zero");
    QTest::newRow("a bad escape")
        << QByteArray("{\"b\":\"\\x]\"}")
        << QStringLiteral("line 2, byte 22: SyntaxError: unknown escape in a string");
    QTest::newRow("invalid UTF-8") << QByteArray("{\"b\":{\"c\":\"\xFF\"}}")
                                   << QStringLiteral("line 2, byte 26: InvalidUtf8: invalid UTF-8");
    QTest::newRow("a comma too many")
        << QByteArray("{\"b\":[1,{}],}")
        << QStringLiteral("line 2, byte 27: SyntaxError: a key is missing");
    QTest::newRow("a bare word") << QByteArray("undefined")
                                 << QStringLiteral(
                                        "line 2, byte 15: SyntaxError: a value is missing");
    QTest::newRow("nested too deep")
        << QByteArray("[").repeated(1200) + QByteArray("]").repeated(1200)
        << QStringLiteral("line 2, byte 1013: NestingTooDeep: nested too deep");
}

void TestJsonDecoder::rejectsAndGoesOn()
{
    QFETCH(QByteArray, bad);
    QFETCH(QString, reject);
    const DecodeOutcome outcome =
        decodeInEverySplit("{\"r\":[{\"a\":1},\n" + bad + ",{\"a\":2}],\"z\":0}", json("$.r"), 100);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, reject);
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1 | 2]"));
}

void TestJsonDecoder::breaks_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("rows");

    const auto row = [](const char *name, const QByteArray &text, const char *error,
                        const char *rows) {
        QTest::newRow(name) << text << QString::fromUtf8(error) << QString::fromUtf8(rows);
    };
    row("an empty body", "",
        "line -1, byte -1: RowsNotFound: the body is empty: no document, no rows", "");
    row("only blanks", " \n",
        "line -1, byte -1: RowsNotFound: the body is empty: no document, no rows", "");
    row("the array is not closed", "[{\"a\":1},\n{\"a\":2}",
        "line 2, byte 17: Truncated: the document ends before it is complete, inside its rows",
        "a:int64 [1 | 2]");
    row("cut inside a row", "[{\"a\":1},{\"a\"",
        "line 1, byte 13: Truncated: the document ends before it is complete, inside its rows",
        "a:int64 [1]");
    row("cut behind the rows", "{\"data\":[{\"a\":1}],\"x\":",
        "line 1, byte 22: Truncated: the document ends before it is complete, behind its rows",
        "a:int64 [1]");
    row("cut before the rows", "{\"data\"",
        "line 1, byte 7: Truncated: the document ends before it is complete", "");
    row("text behind the document", "[{\"a\":1}]\n</html>",
        "line 2, byte 10: SyntaxError: text behind the end of the document", "a:int64 [1]");
    row("a bracket too many", "[{\"a\":1}]]",
        "line 1, byte 9: SyntaxError: text behind the end of the document", "a:int64 [1]");
    row("a second array", "[{\"a\":1}]\n[{\"a\":2}]",
        "line 2, byte 10: SyntaxError: text behind the end of the document", "a:int64 [1]");
    row("no comma between rows", "[{\"a\":1}{\"a\":2}]",
        "line 1, byte 8: SyntaxError: ',' or the end of the rows is missing", "a:int64 [1]");
    row("a comma behind the last row", "[{\"a\":1},]",
        "line 1, byte 9: SyntaxError: a value is missing", "a:int64 [1]");
    row("a row that swallows the rest", "[{\"a\":1},{\"a\":\"x\n},{\"a\":2}]",
        "line 1, byte 16: SyntaxError: the line ends inside a string", "a:int64 [1]");
    row("brackets that do not match", "[{\"a\":[1},{\"a\":2}]",
        "line 1, byte 8: SyntaxError: ',' or ']' is missing", "");
    row("an error behind the rows", "{\"data\":[{\"a\":1}],\"x\":tru}",
        "line 1, byte 25: SyntaxError: neither true, false nor null", "a:int64 [1]");
    row("a bad key in the envelope", "{\"a\xFF\":1}", "line 1, byte 3: InvalidUtf8: invalid UTF-8",
        "");
    row("nested too deep", "{\"x\":" + QByteArray("[").repeated(100'000),
        "line 1, byte 1004: NestingTooDeep: nested too deep", "");
    row("an error object", R"({"error":{"code":404,"details":[{"a":1}]}})",
        "line 1, byte 0: InBandError: the server sent an error report, no rows", "");
    row("a list of errors", R"({"errors":[{"status":"422"}]})",
        "line 1, byte 0: InBandError: the server sent an error report, no rows", "");
    row("a message with a code", R"({"message":"no","code":7})",
        "line 1, byte 0: InBandError: the server sent an error report, no rows", "");
    row("an array of errors", R"([{"message":"expired","errorCode":"INVALID_SESSION_ID"}])",
        "line 1, byte 0: InBandError: the server sent an error report, no rows", "");
    row("no JSON", "Internal Server Error", "line 1, byte 0: SyntaxError: a value is missing", "");
}

void TestJsonDecoder::breaks()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, error);
    QFETCH(QString, rows);
    const DecodeOutcome outcome = decodeInEverySplit(text, json(), text.size() > 10'000 ? 20 : 400);
    QCOMPARE(outcome.error, error);
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.rejects, QString());
}

void TestJsonDecoder::tellsAFailingServersReport_data()
{
    QTest::addColumn<QByteArray>("report");
    QTest::addColumn<QString>("reject");

    const auto row = [](const char *name, const QByteArray &report, const char *reject) {
        QTest::newRow(name) << report << QString::fromUtf8(reject);
    };
    row("a page behind a row", "\n<html><body><h1>502 Bad Gateway</h1></body></html>\n",
        "line 2, byte 17: InBandError: the server sent an HTML page in place of a row");
    row("a page behind a comma", ",\n<html><body><h1>502 Bad Gateway</h1></body></html>\n",
        "line 2, byte 18: InBandError: the server sent an HTML page in place of a row");
    row("a page without blanks behind a comma", ",\n<html></html>\n",
        "line 2, byte 18: InBandError: the server sent an HTML page in place of a row");
    row("a page that nothing ends", ",\n<html></html>",
        "line 2, byte 18: InBandError: the server sent an HTML page in place of a row");
    row("an exception behind a row", "Code: 395. DB::Exception: no",
        "line 1, byte 16: InBandError: the server sent an exception in place of a row");
    row("an exception in a row", ",{\"a\":\nCode: 395. DB::Exception: no",
        "line 2, byte 23: InBandError: the server sent an exception in place of a row");
    row("an object behind a row", R"({"error":"worker died"})",
        "line 1, byte 16: InBandError: the server sent a report of a failure in place of a row");
    row("a page behind the document", "]\n<html></html>",
        "line 2, byte 18: InBandError: the server sent an HTML page in place of a row");
    row("words behind a row", "\nError: worker died",
        "line 2, byte 17: SyntaxError: ',' or the end of the rows is missing");
    row("words behind a comma", ",\nError: worker died",
        "line 2, byte 18: SyntaxError: a value is missing");
}

void TestJsonDecoder::tellsAFailingServersReport()
{
    QFETCH(QByteArray, report);
    QFETCH(QString, reject);
    const DecodeOutcome outcome = decodeInEverySplit("[{\"a\":1},{\"a\":2}" + report, json());
    QVERIFY2(outcome.error.contains(QStringLiteral(": InBandError: ")), qPrintable(outcome.error));
    QCOMPARE(outcome.rejects, reject);
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1 | 2]"));
    QCOMPARE(outcome.position, 16);
}

void TestJsonDecoder::keepsTheEnvelope()
{
    WholeRun run;
    decodeWhole(
        run,
        R"({"took": 5,"hits":{"total":{"value" :20},"hits":[{"_source":{"a":1}}],"max":null},"s":[1, 2]})",
        json());
    QCOMPARE(run.error(), QString());
    const std::map<std::string, std::string> expected = {{"$.took", "5"},
                                                         {"$.hits.total", "{\"value\" :20}"},
                                                         {"$.hits.max", "null"},
                                                         {"$.s", "[1, 2]"}};
    QCOMPARE(run.findings.envelope, expected);
}

void TestJsonDecoder::boundsTheEnvelope()
{
    QByteArray text = "{\"data\":[]";
    for (int i = 0; i < 100; ++i)
        text += ",\"m" + QByteArray::number(i) + "\":\"" + QByteArray(100'000, 'x') + '"';
    WholeRun run;
    decodeWhole(run, text + '}', json());
    QCOMPARE(run.error(), QString());
    std::size_t total = 0;
    for (const auto &[path, value] : run.findings.envelope) {
        QVERIFY(value.size() <= 64 * 1024);
        total += value.size();
    }
    QVERIFY(total <= 1024 * 1024);
    QVERIFY(total > 512 * 1024);
}

void TestJsonDecoder::tellsProblems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problem");

    QTest::newRow("truncated") << QByteArray(R"({"rows":[{"a":1}],"truncated":true})")
                               << QStringLiteral("$.truncated is true");
    QTest::newRow("not truncated")
        << QByteArray(R"({"rows":[{"a":1}],"truncated":false})") << QString();
    QTest::newRow("timed out") << QByteArray(R"({"timed_out":true,"hits":{"hits":[]}})")
                               << QStringLiteral("$.timed_out is true");
    QTest::newRow("failed shards")
        << QByteArray(R"({"_shards":{"total":2,"failed":1},"hits":{"hits":[]}})")
        << QStringLiteral("$._shards.failed is not 0");
    QTest::newRow("no failed shards")
        << QByteArray(R"({"_shards":{"total":2,"failed":0},"hits":{"hits":[]}})") << QString();
    QTest::newRow("an error beside the rows")
        << QByteArray(R"({"data":[{"a":1}],"errors":[{"message":"half"}]})")
        << QStringLiteral("$.errors is [{\"message\":\"half\"}]");
    QTest::newRow("no errors beside the rows")
        << QByteArray(R"({"error":null,"errors":[],"data":[{"a":1}]})") << QString();
}

void TestJsonDecoder::tellsProblems()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, problem);
    WholeRun run;
    decodeWhole(run, text, json());
    QCOMPARE(run.error(), QString());
    QCOMPARE(QString::fromStdString(run.findings.inBandProblem.value_or("")), problem);
}

void TestJsonDecoder::declaresTotals()
{
    WholeRun clickHouse;
    decodeWhole(clickHouse, R"({"meta":[{"name":"a"}],"data":[{"a":1}],"rows":1})", json());
    QVERIFY(clickHouse.findings.declaredTotal);
    QCOMPARE(*clickHouse.findings.declaredTotal, RowCount(1));
    QCOMPARE(clickHouse.findings.declaredTotalFrom, std::string("$.rows"));

    // The total of all pages is not the total of this one.
    WholeRun page;
    decodeWhole(page, R"({"totalRows":"9","total":9,"rows":[{"a":1}]})", json());
    QVERIFY(!page.findings.declaredTotal);
}

void TestJsonDecoder::rowsComeWhileTheArrayArrives()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(json(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed(R"({"meta":{"page":1},"data":[{"a":1},{"a":2},{"a")"));
    QVERIFY((*decoder)->flush());
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1 | 2]"));
    QVERIFY((*decoder)->feed(":3}"));
    QVERIFY((*decoder)->flush());
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1 | 2 | 3]"));
    QVERIFY(!(*decoder)->findings().arrayClosed);
}

void TestJsonDecoder::searchIsBounded_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<QString>("rowsAt");

    const QByteArray filler(200, 'x');
    QTest::newRow("an array under an unusual name")
        << QByteArray("{\"users\":[") << "{\"a\":\"" + filler + "\"}" << QByteArray("]}")
        << QStringLiteral("$.users");
    QTest::newRow("an object of objects alike")
        << QByteArray("{") << "\"k\":{\"a\":\"" + filler + "\"}" << QByteArray("}")
        << QStringLiteral("$");
    QTest::newRow("an array behind a long preface")
        << "{\"preface\":\"" + QByteArray(2'000'000, 'x') + "\",\"users\":["
        << "{\"a\":\"" + filler + "\"}" << QByteArray("]}") << QStringLiteral("$.users");
}

void TestJsonDecoder::searchIsBounded()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, row);
    QFETCH(QByteArray, tail);
    QFETCH(QString, rowsAt);
    constexpr int kRows = 10'000; // twice the bound
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(json(), {builder, recorder, recorder});
    QVERIFY(decoder);
    const auto feed = [&](const QByteArray &bytes) {
        return (*decoder)->feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    };
    QVERIFY(feed(head));
    for (int i = 0; i < kRows; ++i)
        QVERIFY(feed(i == 0 ? row : "," + row));
    // No end has been seen, and yet the rows are out.
    QVERIFY((*decoder)->position().value() > head.size() + row.size() * (kRows - 2));
    QVERIFY(feed(tail));
    QVERIFY((*decoder)->finish());
    QCOMPARE(builder.nextRow(), RowIndex(kRows));
    QCOMPARE(QString::fromStdString((*decoder)->findings().rowsAt), rowsAt);
}

void TestJsonDecoder::limitsRows()
{
    DecodeOptions options = json();
    options.limits.rowBytes = ByteCount(20);
    const DecodeOutcome outcome = decodeInEverySplit(
        "[{\"a\":1},{\"a\":\"" + QByteArray(300'000, 'x') + "\"},{\"a\":2}]", options, 5);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects,
             QStringLiteral("line 1, byte 9: RowTooLarge: the row is larger than allowed"));
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1 | 2]"));
}

/// Documents that were once looked through anew, or copied, for each of their members.
void TestJsonDecoder::takesItsTimeOnce_data()
{
    QTest::addColumn<QByteArray>("start");
    constexpr int kMany = 400'000;
    QByteArray siblings = "{";
    for (int i = 0; i < kMany / 4; ++i)
        siblings += "\"a" + QByteArray::number(i) + "\":1,";
    QTest::newRow("containers among many members with names that go on")
        << siblings + QByteArray(R"("a":{},)").repeated(kMany);
    QTest::newRow("members below a long name")
        << "{\"" + QByteArray(16 << 20, 'k') + "\":{" +
               QByteArray(R"("b":1,)").repeated(kMany).chopped(1) + "},";
}

void TestJsonDecoder::takesItsTimeOnce()
{
    QFETCH(QByteArray, start);
    WholeRun run;
    decodeWhole(run, start + R"("rows":[{"x":1}]})", json());
    QCOMPARE(run.error(), QString());
    QCOMPARE(QString::fromStdString(run.findings.rowsAt), QStringLiteral("$.rows"));
    QCOMPARE(run.rows, 1);
}

void TestJsonDecoder::startsAgainAfterReset()
{
    columnar::BatchBuilder builder;
    DecodeRecorder recorder;
    auto decoder = makeDecoder(json(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed("{\"hits\":{\"hits\":[{\"_source\":{\"a\":1}},{"));
    QVERIFY(!(*decoder)->finish());
    (*decoder)->reset();
    QVERIFY((*decoder)->feed("[{\"a\":2}]"));
    QVERIFY((*decoder)->finish());
    QCOMPARE(recorder.rows(builder.schema()), QStringLiteral("a:int64 [1 | 2]"));
    QCOMPARE((*decoder)->findings().rowsAt, std::string("$"));
    QVERIFY((*decoder)->findings().arrayClosed);
}

QTEST_GUILESS_MAIN(TestJsonDecoder)
#include "tst_json_decoder.moc"
