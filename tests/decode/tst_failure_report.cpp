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
    void inWords_data();
    void inWords();
    void inPlaceOfTheEnd();
    void isForgottenBehindARow();
    void isNoRowWithTooManyFields();
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
    const char *const idRows = "id:int64 [1 | 2]\nstatus:string [\"new\" | \"paid\"]";
    const QByteArray ids = "{\"id\":1,\"status\":\"new\"}\n{\"id\":2,\"status\":\"paid\"}\n";
    row("NDJSON, a status that the rows have, too", Format::Ndjson,
        ids + "{\"status\":\"error\",\"message\":\"worker died\"}\n", "line 3, byte 49", idRows);
    row("NDJSON, as Spring reports", Format::Ndjson,
        two + "{\"timestamp\":\"2024-01-01T00:00:00Z\",\"status\":500,\"error\":\"Internal Server "
              "Error\",\"path\":\"/rows\"}\n",
        "line 3, byte 16", twoRows);
    row("NDJSON, a status and a message", Format::Ndjson,
        two + "{\"code\":500,\"message\":\"worker died\"}\n", "line 3, byte 16", twoRows);
    row("NDJSON, a code in words", Format::Ndjson,
        two + "{\"code\":\"ECONNRESET\",\"message\":\"socket hang up\"}", "line 3, byte 16",
        twoRows);
    row("NDJSON, no success", Format::Ndjson, two + "{ \"success\" : false }\r\n",
        "line 3, byte 16", twoRows);
    row("NDJSON, objects that spread over lines", Format::Ndjson,
        "{\n\"a\":1}\n{\"a\":2}\n{\n\"ok\":false,\n\"description\":\"x\"}\n", "line 4, byte 17",
        twoRows);
    row("NDJSON, nothing but a state", Format::Ndjson, "{\"status\":\"error\"}\n", "line 1, byte 0",
        "");
    row("NDJSON, words in place of a row", Format::Ndjson, two + "Internal Server Error\n",
        "line 3, byte 16", twoRows);
    row("NDJSON, a stack trace", Format::Ndjson,
        two + "Error: worker died\n    at run (worker.js:1:2)\n", "line 3, byte 16", twoRows);
    row("CSV, words in place of a row", Format::Csv, "a,b\n1,2\nERROR:  canceling statement\n",
        "line 3, byte 8", "a:int64 [1]\nb:int64 [2]");
    row("CSV, words that fill the columns by chance", Format::Csv,
        "a,b\n1,2\nError: connection lost, retry later\n", "line 3, byte 8",
        "a:int64 [1]\nb:int64 [2]");
    row("CSV, an error object in place of a row", Format::Csv,
        "a,b\n1,2\n{\"error\":\"worker died\"}\n", "line 3, byte 8", "a:int64 [1]\nb:int64 [2]");
    row("CSV, an error object that fills the columns by chance", Format::Csv,
        "a,b\n1,2\n{\"error\":\"worker died\",\"code\":5}", "line 3, byte 8",
        "a:int64 [1]\nb:int64 [2]");
    row("CSV, words in a table of one column of numbers", Format::Csv,
        "a\n1\n2\nInternal Server Error", "line 4, byte 6", twoRows);
    row("CSV, nothing but an error object", Format::Csv, "{\"error\":\"x\"}\n", "line 1, byte 0",
        "");
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
    // It ends the stream as an error, or as the last word.
    WholeRun run;
    decodeWhole(run, text, options);
    const QString word =
        run.findings.lastWord ? DecodeRecorder::errorText(*run.findings.lastWord) : QString();
    const QString told = outcome.error.isEmpty() ? word : outcome.error;
    QVERIFY2(told.startsWith(place + QStringLiteral(": InBandError: ")), qPrintable(told));
    QCOMPARE(outcome.rows, rows);
    // Another answer may have rows in its place: these bytes are read again.
    const auto placed = place.section(QStringLiteral("byte "), 1).toLongLong();
    QVERIFY(outcome.position <= placed);
    // What was sent is kept.
    QVERIFY(format == Format::Json || !outcome.rejects.isEmpty());
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
    row("NDJSON, states are what the rows are about", Format::Ndjson,
        "{\"status\":\"up\"}\n{\"status\":\"error\",\"message\":\"timeout\"}\n",
        "status:string [\"up\" | \"error\"]\nmessage:string [? | \"timeout\"]");
    row("NDJSON, reports are what the rows are about", Format::Ndjson,
        "{\"level\":\"info\",\"message\":\"a\"}\n{\"level\":\"error\",\"message\":\"b\"}\n",
        "level:string [\"info\" | \"error\"]\nmessage:string [\"a\" | \"b\"]");
    row("NDJSON, a row with an id and a bad status", Format::Ndjson,
        "{\"id\":1,\"status\":\"new\"}\n{\"id\":2,\"status\":\"error\",\"message\":\"b\"}\n",
        "id:int64 [1 | 2]\nstatus:string [\"new\" | \"error\"]\nmessage:string [? | \"b\"]");
    row("NDJSON, rows with nothing in common", Format::Ndjson,
        "{\"id\":1}\n{\"status\":\"ok\"}\n{\"status\":\"failed\"}\n",
        "id:int64 [1 | ? | ?]\nstatus:string [? | \"ok\" | \"failed\"]");
    row("NDJSON, the last line sums up", Format::Ndjson, "{\"a\":1}\n{\"status\":\"complete\"}\n",
        "a:int64 [1 | ?]\nstatus:string [? | \"complete\"]");
    row("NDJSON, one message with a code of its own", Format::Ndjson,
        "{\"code\":\"A1\",\"message\":\"hello\"}\n",
        "code:string [\"A1\"]\nmessage:string [\"hello\"]");
    row("CSV, words where words are", Format::Csv, "m,n\nok,1\nError: none, 2\n",
        "m:string [\"ok\" | \"Error: none\"]\nn:string [\"1\" | \" 2\"]");
    row("CSV, pages of HTML in a column", Format::Csv, "m\n<html>a</html>\n<html>b</html>\n",
        "m:string [\"<html>a</html>\" | \"<html>b</html>\"]");
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
    QVERIFY(!run.findings.lastWord);
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
    QTest::newRow("only companions") << QByteArray(R"({"message":"x","name":"y"})") << QByteArray();
    QTest::newRow("a status") << QByteArray(R"({"message":"x","status":500})")
                              << QByteArray("status");
    QTest::newRow("a good status") << QByteArray(R"({"message":"x","status":200})") << QByteArray();
    QTest::newRow("a number without words") << QByteArray(R"({"code":500})") << QByteArray();
    QTest::newRow("a bad state") << QByteArray(R"({"status":"Failed"})") << QByteArray("status");
    QTest::newRow("a good state") << QByteArray(R"({"status":"done"})") << QByteArray();
    QTest::newRow("success") << QByteArray(R"({"success":true})") << QByteArray();
    QTest::newRow("no success") << QByteArray(R"({"success":false})") << QByteArray("success");
    QTest::newRow("RFC 9457") << QByteArray(R"({"type":"about:blank","title":"x","status":404})")
                              << QByteArray("status");
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
    const auto report = failureObjectIn(json.toStdString());
    for (const auto &name : report ? report->telling : std::vector<std::string>())
        found += (found.isEmpty() ? "" : " ") + QByteArray::fromStdString(name);
    QCOMPARE(found, members);
}

void TestFailureReport::inWords_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isFailure");
    QTest::newRow("an error") << QByteArray("Error: worker died") << true;
    QTest::newRow("in capitals") << QByteArray("FATAL:  terminating connection") << true;
    QTest::newRow("PostgreSQL") << QByteArray("psql: ERROR:  canceling statement") << true;
    QTest::newRow("Java") << QByteArray("java.lang.OutOfMemoryError: Java heap space") << true;
    QTest::newRow("Python") << QByteArray("Traceback (most recent call last):") << true;
    QTest::newRow("a status line") << QByteArray("502 Bad Gateway") << true;
    QTest::newRow("Envoy") << QByteArray("upstream connect error or disconnect/reset") << true;
    QTest::newRow("a sum") << QByteArray("Total: 12") << false;
    QTest::newRow("a count of errors") << QByteArray("Errors: 0") << false;
    QTest::newRow("a number") << QByteArray("500") << false;
    QTest::newRow("a year") << QByteArray("4096 rows") << false;
    QTest::newRow("half a row") << QByteArray("{\"a\":\"Error: x") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestFailureReport::inWords()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isFailure);
    QCOMPARE(readsLikeFailure(text.toStdString()), isFailure);
}

/// In a table of one column of words each line of a page is a row; its last line tells.
void TestFailureReport::inPlaceOfTheEnd()
{
    DecodeOptions options = optionsFor(Format::Csv);
    options.hasHeader = true;
    WholeRun run;
    decodeWhole(run, "name\nAda\n<!DOCTYPE html>\n<body>504</body>\n</HTML>\n", options);
    QVERIFY(run.findings.lastWord);
    QCOMPARE(run.findings.lastWord->code, ErrorCode::InBandError);
}

void TestFailureReport::isForgottenBehindARow()
{
    DecodeOptions options = optionsFor(Format::Ndjson);
    WholeRun run;
    decodeWhole(run, "{\"a\":1}\nError: half of it\n{\"a\":2}\n", options);
    QVERIFY(!run.findings.lastWord);
    QCOMPARE(run.error(), QString());
}

/// A log whose messages hold commas and no quotes has bad rows that are rows all the same.
void TestFailureReport::isNoRowWithTooManyFields()
{
    DecodeOptions options = optionsFor(Format::Csv);
    options.hasHeader = true;
    WholeRun run;
    decodeWhole(run, "host,message\na,ok\nb,Error: disk full, retry\n", options);
    QCOMPARE(run.recorder.rejects.size(), std::size_t(1));
    QVERIFY(!run.findings.lastWord);
}

QTEST_GUILESS_MAIN(TestFailureReport)
#include "tst_failure_report.moc"
