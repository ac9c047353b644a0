// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/failure_report.h"

#include "support/decode_recorder.h"
#include "support/json_decoding.h"

#include <QTest>

using namespace freshet;
using namespace freshet::decode;
using namespace freshet::test;

namespace {

const char *const kException = "Code: 395. DB::Exception: Value passed to 'throwIf' function is "
                               "non-zero: while executing 'FUNCTION throwIf(equals(number, 5))'. "
                               "(FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.8.4.13)";

DecodeOptions optionsFor(Format format)
{
    DecodeOptions options;
    options.format = format;
    return options;
}

} // namespace

/// What servers send when they fail after status 200: told from rows in every format, at every
/// split of the input; and rows that merely look alike stay rows.
class TestFailureReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsTheStream_data();
    void endsTheStream();
    void staysData_data();
    void staysData();
    void isBesideTheRows_data();
    void isBesideTheRows();
    void inText_data();
    void inText();
    void inObject_data();
    void inObject();
};

void TestFailureReport::endsTheStream_data()
{
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place"); // of the error
    QTest::addColumn<QString>("rows");
    const auto row = [](const char *name, Format format, const QByteArray &text, const char *place,
                        const char *rows) {
        QTest::newRow(name) << format << text << QString::fromLatin1(place)
                            << QString::fromLatin1(rows);
    };
    const QByteArray two = "{\"a\":1}\n{\"a\":2}\n";
    const char *const twoRows = "a:int64 [1 | 2]";
    row("NDJSON, an error object last", Format::Ndjson,
        two + "{\"error\":{\"code\":500,\"message\":\"worker died\"}}\n", "line 3, byte 16",
        twoRows);
    row("NDJSON, an error object last, without line end", Format::Ndjson,
        two + "{\"error\":\"worker died\"}", "line 3, byte 16", twoRows);
    row("NDJSON, an error object last, blank lines behind", Format::Ndjson,
        two + "{\"error\":\"worker died\"}\n\n \n", "line 3, byte 16", twoRows);
    row("NDJSON, nothing but an error object", Format::Ndjson, "{\"error\":\"no\"}\n",
        "line 1, byte 0", "");
    row("NDJSON, JSONEachRow with the exception as a record", Format::Ndjson,
        two + "{\"exception\":\"" + kException + "\"}\n", "line 3, byte 16", twoRows);
    row("NDJSON, JSONEachRow with the exception as text", Format::Ndjson, two + kException + "\n",
        "line 3, byte 16", twoRows);
    row("NDJSON, the exception behind half a row", Format::Ndjson,
        two + "{\"a\":3,\"" + QByteArray(kException).replace('"', ' ') + "\n", "line 3, byte 210",
        twoRows);
    row("NDJSON, the exception between its marks", Format::Ndjson,
        two + "__exception__\r\nabcdefgh\r\n" + kException +
            "\r\n300 abcdefgh\r\n__exception__\r\n",
        "line 3, byte 16", twoRows);
    row("NDJSON, an HTML page behind the rows", Format::Ndjson,
        two + "<!DOCTYPE html>\n<html><body>504 Gateway Timeout</body></html>\n", "line 3, byte 16",
        twoRows);
    row("NDJSON, an HTML page on one line", Format::Ndjson, two + "<html><body>502</body></html>",
        "line 3, byte 16", twoRows);
    row("CSV, the exception in place of a row", Format::Csv,
        QByteArray("a,b,c,d,e\n1,2,3,4,5\n") + kException + "\n", "line 3, byte 20",
        "a:int64 [1]\nb:int64 [2]\nc:int64 [3]\nd:int64 [4]\ne:int64 [5]");
    row("CSV, the exception that fills the columns by chance", Format::Csv,
        QByteArray("a,b\n1,2\n") + kException + "\n", "line 3, byte 8", "a:int64 [1]\nb:int64 [2]");
    row("CSV, the exception between its marks", Format::Csv,
        QByteArray("a,b\n1,2\n__exception__\r\nabcdefgh\r\n") + kException + "\r\n",
        "line 3, byte 8", "a:int64 [1]\nb:int64 [2]");
    row("CSV, an HTML page behind the rows", Format::Csv,
        "a,b\n1,2\n<!DOCTYPE html>\n<html></html>\n", "line 3, byte 8", "a:int64 [1]\nb:int64 [2]");
    row("JSON, as Salesforce reports", Format::Json,
        R"([{"message":"unexpected token: FROM","errorCode":"MALFORMED_QUERY"}])", "line 1, byte 0",
        "");
    row("JSON, an error object in place of the document", Format::Json,
        R"({"error":{"message":"no such table","errorCode":46}})", "line 1, byte 0", "");
}

void TestFailureReport::endsTheStream()
{
    QFETCH(Format, format);
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    QFETCH(QString, rows);
    DecodeOptions options = optionsFor(format);
    if (format == Format::Csv) {
        options.delimiter = ',';
        options.quote = '"';
        options.hasHeader = true;
    }
    const DecodeOutcome outcome = decodeInEverySplit(text, options);
    // It ends the stream, or it is kept aside as a bad row that makes the download incomplete.
    const QString told = outcome.error.isEmpty() ? outcome.rejects : outcome.error;
    QVERIFY2(told.contains(place + QStringLiteral(": InBandError: ")), qPrintable(told));
    QCOMPARE(outcome.rows, rows);
}

void TestFailureReport::staysData_data()
{
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char *name, Format format, const QByteArray &text, const char *rows) {
        QTest::newRow(name) << format << text << QString::fromLatin1(rows);
    };
    row("NDJSON, a column called error", Format::Ndjson, "{\"error\":\"a\"}\n{\"error\":\"b\"}\n",
        "error:string [\"a\" | \"b\"]");
    row("NDJSON, an object called error in every row", Format::Ndjson,
        "{\"error\":{\"code\":1}}\n{\"error\":{\"code\":2}}\n", "error.code:int64 [1 | 2]");
    row("NDJSON, the last row is the first with an error", Format::Ndjson,
        "{\"id\":1}\n{\"id\":2,\"error\":\"late\"}\n",
        "id:int64 [1 | 2]\nerror:string [? | \"late\"]");
    row("NDJSON, an error object in the middle", Format::Ndjson,
        "{\"id\":1}\n{\"error\":\"x\"}\n{\"id\":2}\n",
        "id:int64 [1 | ? | 2]\nerror:string [? | \"x\" | ?]");
    row("NDJSON, an error that tells nothing", Format::Ndjson, "{\"id\":1}\n{\"error\":null}\n",
        "id:int64 [1 | ?]\nerror:null [? | null]");
    row("NDJSON, a column called truncated", Format::Ndjson,
        "{\"truncated\":true}\n{\"truncated\":true}\n", "truncated:bool [true | true]");
    row("NDJSON, messages", Format::Ndjson, "{\"message\":\"a\",\"code\":1}\n",
        "message:string [\"a\"]\ncode:int64 [1]");
    row("CSV, columns called error and truncated", Format::Csv, "error,truncated\nx,true\n",
        "error:string [\"x\"]\ntruncated:bool [true]");
    row("CSV, exceptions as data", Format::Csv,
        "m,n\nCode: 1. DB::Exception: x,1\nCode: 2. DB::Exception: y,2\nz,3\n",
        "m:string [\"Code: 1. DB::Exception: x\" | \"Code: 2. DB::Exception: y\" | \"z\"]\n"
        "n:int64 [1 | 2 | 3]");
    row("CSV, a last row that begins with a code", Format::Csv, "m,n\nCode: none,1\n",
        "m:string [\"Code: none\"]\nn:int64 [1]");
    row("JSON, rows with errors and codes of their own", Format::Json,
        R"([{"message":"m","errorCode":"E1","host":"h"},{"message":"n","errorCode":"E2","host":"i"}])",
        "message:string [\"m\" | \"n\"]\nerrorCode:string [\"E1\" | \"E2\"]\n"
        "host:string [\"h\" | \"i\"]");
    row("JSON, rows with a column called error", Format::Json,
        R"([{"id":1,"error":"x","truncated":true},{"id":2,"error":null,"truncated":false}])",
        "id:int64 [1 | 2]\nerror:string [\"x\" | null]\ntruncated:bool [true | false]");
}

void TestFailureReport::staysData()
{
    QFETCH(Format, format);
    QFETCH(QByteArray, text);
    QFETCH(QString, rows);
    DecodeOptions options = optionsFor(format);
    if (format == Format::Csv) {
        options.delimiter = ',';
        options.quote = '"';
        options.hasHeader = true;
    }
    const DecodeOutcome outcome = decodeInEverySplit(text, options);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
    WholeRun run;
    decodeWhole(run, text, options);
    QVERIFY(!run.findings.inBandProblem);
}

void TestFailureReport::isBesideTheRows_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, const char *text, const char *problem) {
        QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(problem);
    };
    row("ClickHouse JSON with an exception",
        R"({"meta":[{"name":"a","type":"UInt8"}],"data":[{"a":1}],"rows":1,"exception":"Code: 395. x"})",
        "$.exception is \"Code: 395. x\"");
    row("Trino, rows and an error",
        R"({"columns":[{"name":"a"}],"data":[[1]],"error":{"message":"m","errorName":"E"}})",
        "$.error is {\"message\":\"m\",\"errorName\":\"E\"}");
    row("Elasticsearch, timed out", R"({"timed_out":true,"hits":{"hits":[{"_id":"1"}]}})",
        "$.timed_out is true");
    row("Elasticsearch, a failed shard",
        R"({"timed_out":false,"_shards":{"total":5,"failed":1},"hits":{"hits":[{"_id":"1"}]}})",
        "$._shards.failed is not 0");
    row("Elasticsearch, ended early",
        R"({"terminated_early":true,"_shards":{"failed":0},"hits":{"hits":[{"_id":"1"}]}})",
        "$.terminated_early is true");
    row("Datasette", R"({"rows":[{"a":1}],"truncated":true})", "$.truncated is true");
    row("CKAN", R"({"success":true,"result":{"records":[{"a":1}],"records_truncated":true}})",
        "$.result.records_truncated is true");
    row("GraphQL", R"({"data":{"users":[{"a":1}]},"errors":[{"message":"half"}]})",
        "$.errors is [{\"message\":\"half\"}]");
    row("nothing wrong",
        R"({"error":null,"errors":[],"truncated":false,"_shards":{"failed":0},"data":[{"a":1}]})",
        "");
    row("truncated elsewhere", R"({"query":{"truncated":true},"rows":[{"a":1}]})", "");
}

void TestFailureReport::isBesideTheRows()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, problem);
    WholeRun run;
    decodeWhole(run, text, optionsFor(Format::Json));
    QCOMPARE(run.error(), QString());
    QCOMPARE(QString::fromStdString(run.findings.inBandProblem.value_or("")), problem);
}

void TestFailureReport::inText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isReport");
    QTest::newRow("an exception") << QByteArray(kException) << true;
    QTest::newRow("an exception behind something")
        << QByteArray(QByteArray("{\"a\":\"") + kException) << true;
    QTest::newRow("a mark") << QByteArray("__exception__") << true;
    QTest::newRow("a mark and its line end") << QByteArray("__exception__\r") << true;
    QTest::newRow("a longer word") << QByteArray("__exception__s") << false;
    QTest::newRow("a code") << QByteArray("Code: 395") << false;
    QTest::newRow("a code without digits") << QByteArray("Code: . DB::Exception") << false;
    QTest::newRow("a bad row") << QByteArray("{\"a\":x}") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestFailureReport::inText()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isReport);
    QCOMPARE(holdsException(text.toStdString()), isReport);
}

void TestFailureReport::inObject_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("members");
    QTest::newRow("a text") << QByteArray(R"({"error":"x"})") << QByteArray("error");
    QTest::newRow("several") << QByteArray(R"({"errorCode":"E","errorMessage":"x","message":"y"})")
                             << QByteArray("errorCode errorMessage");
    QTest::newRow("with a column") << QByteArray(R"({"error":"x","id":1})") << QByteArray();
    QTest::newRow("only companions")
        << QByteArray(R"({"message":"x","status":500})") << QByteArray();
    QTest::newRow("null") << QByteArray(R"({"error":null})") << QByteArray();
    QTest::newRow("zero") << QByteArray(R"({"error":0})") << QByteArray();
    QTest::newRow("false") << QByteArray(R"({"error":false})") << QByteArray();
    QTest::newRow("empty") << QByteArray(R"({"error":"","errors":[],"fault":{}})") << QByteArray();
    QTest::newRow("true") << QByteArray(R"({"error":true})") << QByteArray("error");
    QTest::newRow("an array") << QByteArray(R"([{"error":"x"}])") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray();
    QTest::newRow("longer than a report")
        << QByteArray("{\"error\":\"" + QByteArray(70'000, 'x') + "\"}") << QByteArray();
}

void TestFailureReport::inObject()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, members);
    QByteArray found;
    for (const auto &name : failureMembersIn(json.toStdString()))
        found += (found.isEmpty() ? "" : " ") + QByteArray::fromStdString(name);
    QCOMPARE(found, members);
}

QTEST_GUILESS_MAIN(TestFailureReport)
#include "tst_failure_report.moc"
