// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "support/json_decoding.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::decode;

namespace {

DecodeOptions options(std::vector<std::string> types = {})
{
    DecodeOptions options;
    options.format = Format::Sse;
    options.eventTypes = std::move(types);
    return options;
}

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

} // namespace

class TestSseDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows_data();
    void rows();
    void rowsWithoutFlattening();
    void keepsWhatTheCorporaDispatch_data();
    void keepsWhatTheCorporaDispatch();
    void badRows_data();
    void badRows();
    void choosesTypes_data();
    void choosesTypes();
    void endsWhenToldTo_data();
    void endsWhenToldTo();
    void passesOverWhatFollowsTheEnd();
    void tellsProgress();
    void progressInPercentIsNoPromise();
    void breaks_data();
    void breaks();
    void keepsRowsBeforeAnError();
    void refusesOtherContentTypes_data();
    void refusesOtherContentTypes();
    void knowsTheLastIdOfItsRows_data();
    void knowsTheLastIdOfItsRows();
    void goesBackToTheEventOfWhichABatchHasOnlySome();
    void goesOnFromAnEarlierStream();
    void startsAgain();
};

void TestSseDecoder::rows_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("notes");
    const auto row = [](const char *name, const QByteArray &stream, const char *rows,
                        const char *notes = "") {
        QTest::newRow(name) << stream << QString::fromUtf8(rows) << QString::fromUtf8(notes);
    };
    row("an object is a row", "data: {\"a\":1}\n\ndata:{\"a\":2,\"b\":{\"c\":true}}\n\n",
        "a:int64 [1 | 2]\nb.c:bool [? | true]");
    row("objects over several lines", "data: {\ndata:  \"a\":1\ndata: }\n\n", "a:int64 [1]");
    row("lines end in CR", "data: {\"a\":1}\r\rdata: {\"a\":2}\r\r", "a:int64 [1 | 2]");
    row("lines end in CRLF", "data: {\"a\":1}\r\n\r\ndata: {\"a\":2}\r\n\r\n", "a:int64 [1 | 2]");
    row("comments and a byte order mark", "\xEF\xBB\xBF: hi\n\ndata: {\"a\":1}\n: ping\n\n",
        "a:int64 [1]");
    row("text", "data: hello\n\ndata: two\ndata: lines\n\ndata\n\n",
        "data:string [\"hello\" | \"two\nlines\" | \"\"]");
    row("numbers in text", "data: 1\n\ndata: 2\n\n", "data:int64 [1 | 2]");
    row("numbers that text would not give back", "data: 01\n\ndata: 2\n\n",
        "data:string [\"01\" | \"2\"]");
    row("JSON that is no object", "data: \"x\"\n\ndata: [1, 2]\n\ndata: null\n\n",
        "data:string [\"\"x\"\" | \"[1, 2]\" | \"null\"]");
    row("text that starts like JSON", "data: {x}\n\ndata: [y\n\ndata: {\"a\":1} b\n\n",
        "data:string [\"{x}\" | \"[y\" | \"{\"a\":1} b\"]");
    row("an event with an id that starts like JSON", "id: 1\nevent: x\ndata: {\"a\" b}\n\n",
        "event:string [\"x\"]\nid:string [\"1\"]\ndata:string [\"{\"a\" b}\"]");
    row("objects and text", "data: {\"a\":1}\n\ndata: x\n\n",
        "a:int64 [1 | ?]\ndata:string [? | \"x\"]");
    row("an array of objects is several rows",
        "id: 1\ndata: [{\"a\":1}, {\"a\":2} ]\n\nid: 2\ndata: []\n\nid: 3\ndata: [{\"a\":3}]\n\n",
        "id:string [\"1\" | \"1\" | \"3\"]\na:int64 [1 | 2 | 3]");
    row("an array of objects and others is text", "data: [{\"a\":1},2]\n\n",
        "data:string [\"[{\"a\":1},2]\"]");
    row("types as they are sent",
        "data: {\"a\":1}\n\nevent: x\ndata: {\"a\":2}\n\nevent:\ndata: {\"a\":3}\n\n",
        "a:int64 [1 | 2 | 3]\nevent:string [? | \"x\" | ?]");
    row("type and id come first", "event: x\nid: 7\ndata: {\"a\":1}\n\n",
        "event:string [\"x\"]\nid:string [\"7\"]\na:int64 [1]");
    row("an id holds until the next one",
        "id: 1\ndata: {\"a\":1}\n\ndata: {\"a\":2}\n\nid\ndata: {\"a\":3}\n\n",
        "id:string [\"1\" | \"1\" | ?]\na:int64 [1 | 2 | 3]");
    row("an id that looks like a time stays text", "id: 2026-01-01\ndata: {\"a\":1}\n\n",
        "id:string [\"2026-01-01\"]\na:int64 [1]");
    row("members called id and event keep their names",
        "event: x\nid: 7\ndata: {\"id\":1,\"event\":\"e\"}\n\nid: 8\ndata: {\"id\":2}\n\n",
        "sse.event:string [\"x\" | ?]\nsse.id:string [\"7\" | \"8\"]\nid:int64 [1 | 2]\n"
        "event:string [\"e\" | ?]",
        "the data has a member \"event\", so that the event's own is the column \"sse.event\"; "
        "the data has a member \"id\", so that the event's own is the column \"sse.id\"");
    row("a member called id that comes later",
        "id: 7\ndata: {\"a\":1}\n\nid: 8\ndata: {\"a\":2,\"id\":5,\"data\":{\"b\":6}}\n\n",
        "id:string [\"7\" | \"8\"]\na:int64 [1 | 2]\ndata.id:int64 [? | 5]\ndata.data.b:int64 [? | "
        "6]");
    row("a member called data, and text", "data: {\"data\":1}\n\ndata: x\n\n",
        "data:int64 [1 | ?]\nsse.data:string [? | \"x\"]");
    row("an object called data", "data: {\"type\":\"b\",\"data\":{\"id\":1}}\n\n",
        "type:string [\"b\"]\ndata.id:int64 [1]");
    row("heartbeats are no rows",
        "event: ping\ndata: {}\n\ndata: {\"a\":1}\n\nevent: ping\ndata\n\n", "a:int64 [1]",
        "events of type \"ping\" passed over: 2");
    row("a retry without an event", "retry: 03000\n\ndata: {\"a\":1}\n\n", "a:int64 [1]");
    row("an id of bytes that are no text", "id: \xFF\ndata: {\"a\":1}\n\n",
        "id:string [\"\xEF\xBF\xBD\"]\na:int64 [1]");
    row("fields unknown to the standard", "foo: bar\ndata: {\"a\":1}\nnonsense\n\n", "a:int64 [1]");
    row("no events", ": nothing\n\n", "");
}

void TestSseDecoder::rows()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, rows);
    QFETCH(QString, notes);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(stream, options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rejects, QString());
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.notes, notes);
    QCOMPARE(outcome.position, stream.size());
}

void TestSseDecoder::rowsWithoutFlattening()
{
    DecodeOptions whole = options();
    whole.flatten = false;
    const test::DecodeOutcome outcome = test::decodeInEverySplit(
        "id: 1\ndata: {\"id\":1}\n\ndata: [{\"a\":1}]\n\ndata: 5\n\n", whole);
    QCOMPARE(outcome.rows, QStringLiteral("id:string [\"1\" | \"1\" | \"1\"]\ndata:string "
                                          "[\"{\"id\":1}\" | \"[{\"a\":1}]\" | \"5\"]"));
}

void TestSseDecoder::keepsWhatTheCorporaDispatch_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QStringList>("types");
    QTest::addColumn<QStringList>("events");
    for (const char *name : {"launchdarkly.json", "eventsource-parser_undici.json"}) {
        const QString path = test::corpusPath(QStringLiteral("sse/") + QLatin1String(name));
        if (path.isEmpty())
            QSKIP("the corpora are not here");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray cases =
            QJsonDocument::fromJson(file.readAll()).object()[QStringLiteral("cases")].toArray();
        for (const QJsonValue &value : cases) {
            const QJsonObject one = value.toObject();
            QStringList events;
            QStringList types;
            const QJsonArray expected =
                one[QStringLiteral("expect")][QStringLiteral("events")].toArray();
            for (const QJsonValue &event : expected) {
                types << event[QStringLiteral("event")].toString();
                events << event[QStringLiteral("data")].toString() + u'|' +
                              event[QStringLiteral("id")].toString();
            }
            QTest::newRow(qPrintable(one[QStringLiteral("id")].toString()))
                << QByteArray::fromBase64(one[QStringLiteral("stream_b64")].toString().toLatin1())
                << types << events;
        }
    }
}

/// Each event that the corpora name is a row with its data and id as text.
void TestSseDecoder::keepsWhatTheCorporaDispatch()
{
    QFETCH(QByteArray, stream);
    QFETCH(QStringList, types);
    QFETCH(QStringList, events);
    DecodeOptions whole = options(); // all types named, so that none is a control event
    for (const QString &type : types)
        whole.eventTypes.push_back(type.toStdString());
    whole.flatten = false;
    test::WholeRun run;
    decodeWhole(run, stream, whole);
    QStringList rows;
    for (const columnar::RecordBatch &batch : run.recorder.batches) {
        const auto cell = [&](std::string_view column, std::int64_t row) {
            std::string value;
            if (const auto index = batch.schema->indexOf(column)) {
                const columnar::Column &found = batch.columns[static_cast<std::size_t>(*index)];
                if (!found.isNull(row))
                    columnar::appendText(value, found, row);
            }
            return text(value);
        };
        for (std::int64_t row = 0; row < batch.rowCount; ++row)
            rows << cell("data", row) + u'|' + cell("id", row);
    }
    if (run.recorder.rejects.empty())
        QCOMPARE(rows, events);
    else // not UTF-8: kept aside in place of repaired
        QCOMPARE(rows.size() + static_cast<qsizetype>(run.recorder.rejects.size()), events.size());
}

void TestSseDecoder::badRows_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("rejects");
    const auto row = [](const char *name, const QByteArray &stream, const char *rows,
                        const char *rejects) {
        QTest::newRow(name) << stream << QString::fromUtf8(rows) << QString::fromUtf8(rejects);
    };
    row("a broken object among objects",
        "data: {\"a\":1}\n\ndata: {\"a\":,}\n\ndata: {\"a\":3}\n\n", "a:int64 [1 | 3]",
        "line 3, byte 26: SyntaxError: a value is missing");
    row("an object that stops", "data: {\"a\":1}\n\ndata: {\"a\":\n\n", "a:int64 [1]",
        "line 3, byte 26: SyntaxError: a value is missing");
    row("text behind an object", "data: {\"a\":1}\n\ndata: {\"a\":2}x\n\n", "a:int64 [1]",
        "line 3, byte 28: SyntaxError: unexpected text after the value");
    row("text that is not UTF-8", "id: 1\ndata: a\xFF\n\ndata: b\n\n",
        "id:string [\"1\"]\ndata:string [\"b\"]",
        "line 1, byte 13: InvalidUtf8: the data is not UTF-8");
    row("a broken object over lines", "data: {\"a\":1}\n\ndata: {\ndata: x}\n\n", "a:int64 [1]",
        "line 3, byte 15: SyntaxError: a key is missing");
}

void TestSseDecoder::badRows()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, rows);
    QFETCH(QString, rejects);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(stream, options());
    QCOMPARE(outcome.rejects, rejects);
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.error, QString());
}

void TestSseDecoder::choosesTypes_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("notes");
    QTest::newRow("only those named")
        << QByteArray(
               "event: x\ndata: {\"a\":1}\n\ndata: {\"a\":2}\n\nevent: y\ndata: {\"a\":3}\n\n")
        << QStringLiteral("event:string [\"x\"]\na:int64 [1]")
        << QStringLiteral("events of type \"message\" passed over: 1; "
                          "events of type \"y\" passed over: 1");
    QTest::newRow("a control event that is named is data")
        << QByteArray("event: progress\ndata: {\"a\":1}\n\nevent: error\ndata: {\"a\":2}\n\n")
        << QStringLiteral("event:string [\"progress\" | \"error\"]\na:int64 [1 | 2]") << QString();
}

void TestSseDecoder::choosesTypes()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, rows);
    QFETCH(QString, notes);
    const test::DecodeOutcome outcome =
        test::decodeInEverySplit(stream, options({"x", "progress", "error"}));
    QCOMPARE(outcome.rows, rows);
    QCOMPARE(outcome.notes, notes);
    QCOMPARE(outcome.error, QString());
}

void TestSseDecoder::endsWhenToldTo_data()
{
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<QString>("stated");
    QTest::addColumn<qint64>("total");
    const auto row = [](const char *name, const QByteArray &end, const char *stated, qint64 total) {
        QTest::newRow(name) << end << QString::fromUtf8(stated) << total;
    };
    row("a complete event", "event: complete\ndata: {\"total\":5000}\n\n", "a \"complete\" event",
        5000);
    row("a complete event without figures", "event: complete\ndata: {}\n\n", "a \"complete\" event",
        -1);
    row("a bare number", "event: done\ndata: 12\n\n", "a \"done\" event", 12);
    row("a count", "event: end\ndata: {\"rows\":7,\"x\":\"y\"}\n\n", "an \"end\" event", 7);
    row("[DONE]", "data: [DONE]\n\n", "a \"[DONE]\" event", -1);
}

void TestSseDecoder::endsWhenToldTo()
{
    QFETCH(QByteArray, end);
    QFETCH(QString, stated);
    QFETCH(qint64, total);
    test::WholeRun run;
    decodeWhole(run, "data: {\"a\":1}\n\n" + end, options());
    QCOMPARE(run.error(), QString());
    QCOMPARE(run.rows, 1);
    QCOMPARE(text(run.findings.endStated.value_or("")), stated);
    QCOMPARE(run.findings.declaredTotal.value_or(RowCount(-1)).value(), total);
}

void TestSseDecoder::passesOverWhatFollowsTheEnd()
{
    const QByteArray stream("data: {\"a\":1}\n\nevent: done\ndata\n\n");
    const test::DecodeOutcome outcome =
        test::decodeInEverySplit(stream + "data: {\"a\":2}\n\ndata: half", options());
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1]"));
    QCOMPARE(outcome.position, stream.size());
}

void TestSseDecoder::tellsProgress()
{
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    auto decoder = makeDecoder(options(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY(!(*decoder)->declaredProgress());
    QVERIFY((*decoder)->feed(
        "data: {\"a\":1}\n\nevent: progress\ndata: {\"count\":1,\"total\":3}\n\n"));
    QCOMPARE((*decoder)->declaredProgress()->done->value(), 1);
    QCOMPARE((*decoder)->declaredProgress()->total->value(), 3);
    QVERIFY((*decoder)->declaredProgress()->countsRows);
    QVERIFY(!(*decoder)->hasEnded());
    QCOMPARE((*decoder)->findings().declaredTotal->value(), 3);
    QVERIFY((*decoder)->feed("event: progress\ndata: {\"processed\":40,\"total\":100}\n\n"));
    QVERIFY(!(*decoder)->declaredProgress()->countsRows);
    QVERIFY((*decoder)->feed("event: complete\ndata: {\"total\":4}\n\n"));
    QVERIFY((*decoder)->hasEnded());
    QCOMPARE((*decoder)->findings().declaredTotal->value(), 4);
}

void TestSseDecoder::progressInPercentIsNoPromise()
{
    test::WholeRun run;
    decodeWhole(run, "data: {\"a\":1}\n\nevent: progress\ndata: {\"done\":50,\"total\":100}\n\n",
                options());
    QVERIFY(run.status);
    QVERIFY(!run.findings.declaredTotal);
}

void TestSseDecoder::breaks_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("error");
    QTest::addColumn<qint64>("position");
    const auto row = [](const char *name, const QByteArray &stream, const char *error,
                        qint64 position) {
        QTest::newRow(name) << stream << QString::fromUtf8(error) << position;
    };
    row("an unfinished event", "data: {\"a\":1}\n\nid: 5\ndata: {\"a\":2}\n",
        "line -1, byte 15: Truncated: the stream ends inside an event, which is left out", 15);
    row("half a line", "data: {\"a\":1}\n\ndat",
        "line -1, byte 15: Truncated: the stream ends inside an event, which is left out", 15);
    row("an error event", "data: {\"a\":1}\n\nevent: error\ndata: {\"message\":\"disk full\"}\n\n",
        "line 3, byte 15: InBandError: the server sent an error event", 15);
    row("a page", "<!DOCTYPE html>\n<html>\n<body>data: x\n\n",
        "line -1, byte 0: WrongContentType: the body is an HTML page, not a stream of events", -1);
    row("a page in one line", "<html><body>Log in</body></html>",
        "line -1, byte 0: WrongContentType: the body is an HTML page, not a stream of events", -1);
    row("a document", "{\"error\":\"no\"}\n",
        "line -1, byte 0: WrongContentType: the body is lines that are no events, not a stream of "
        "events",
        -1);
    row("an event too large", "data: {\"a\":1}\n\ndata: " + QByteArray(100, 'x') + "\n\n",
        "line -1, byte 15: RowTooLarge: an event is longer than 100 bytes", 15);
}

void TestSseDecoder::breaks()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, error);
    QFETCH(qint64, position);
    DecodeOptions limited = options();
    limited.limits.rowBytes = ByteCount(100);
    const test::DecodeOutcome outcome = test::decodeInEverySplit(stream, limited);
    QCOMPARE(outcome.error, error);
    if (position >= 0) {
        QCOMPARE(outcome.position, position);
        QCOMPARE(outcome.rows, QStringLiteral("a:int64 [1]"));
    }
}

void TestSseDecoder::keepsRowsBeforeAnError()
{
    test::WholeRun run;
    decodeWhole(run, "data: {\"a\":1}\n\nevent: error\ndata: disk full\n\n", options());
    QCOMPARE(run.status.error().code, ErrorCode::InBandError);
    QCOMPARE(text(run.status.error().excerpt), QStringLiteral("disk full"));
    QCOMPARE(run.rows, 1);
}

void TestSseDecoder::refusesOtherContentTypes_data()
{
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("its own") << QByteArray("text/event-stream") << true;
    QTest::newRow("with parameters") << QByteArray("Text/Event-Stream ;charset=utf-8;") << true;
    QTest::newRow("none") << QByteArray() << true;
    QTest::newRow("text that nobody described") << QByteArray("text/plain; charset=utf-8") << true;
    QTest::newRow("a page") << QByteArray("text/html") << false;
    QTest::newRow("a document") << QByteArray("application/json") << false;
    QTest::newRow("only its beginning") << QByteArray("text/event-streams") << false;
}

void TestSseDecoder::refusesOtherContentTypes()
{
    QFETCH(QByteArray, contentType);
    QFETCH(bool, isTaken);
    DecodeOptions typed = options();
    typed.contentType = contentType.toStdString();
    test::WholeRun run;
    decodeWhole(run, "data: {\"a\":1}\n\n", typed);
    QCOMPARE(run.status.has_value(), isTaken);
    if (!isTaken)
        QCOMPARE(run.status.error().code, ErrorCode::WrongContentType);
}

void TestSseDecoder::knowsTheLastIdOfItsRows_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("id");
    QTest::addColumn<qint64>("rowsSince");
    const auto row = [](const char *name, const QByteArray &stream, const char *id, qint64 rows) {
        QTest::newRow(name) << stream << QString::fromUtf8(id) << rows;
    };
    row("one event each", "id: 1\ndata: {}\n\nid: 2\ndata: {}\n\n", "2", 1);
    row("several share it", "id: 1\ndata: {}\n\nid: 2\ndata: {}\n\ndata: {}\n\nid: 2\ndata: {}\n\n",
        "2", 3);
    row("an array of rows", "id: 1\ndata: {}\n\nid: 2\ndata: [{},{},{}]\n\n", "2", 3);
    row("an id without an event", "id: 1\ndata: {}\n\nid: 9\n\n", "9", 0);
    row("a control event moves it", "id: 1\ndata: {}\n\nid: 9\nevent: progress\ndata\n\n", "9", 0);
    row("an unfinished event does not", "id: 1\ndata: {}\n\nid: 9\ndata: {}\n", "1", 1);
    row("it was taken back", "id: 1\ndata: {}\n\nid\ndata: {}\n\n", "", 1);
    row("there is none", "data: {}\n\n", "", 1);
    row("a JSON array", "id: [{\"topic\":\"x\",\"offset\":5}]\ndata: {}\n\n",
        "[{\"topic\":\"x\",\"offset\":5}]", 1);
}

void TestSseDecoder::knowsTheLastIdOfItsRows()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, id);
    QFETCH(qint64, rowsSince);
    for (const qsizetype cut : {stream.size(), stream.size() / 2, stream.size() - 1}) {
        columnar::BatchBuilder builder;
        test::DecodeRecorder recorder;
        auto decoder = makeDecoder(options(), {builder, recorder, recorder});
        QVERIFY(decoder);
        QVERIFY((*decoder)->feed(stream.left(cut).toStdString()));
        QVERIFY((*decoder)->feed(stream.mid(cut).toStdString()));
        const DecodeFindings findings = (*decoder)->findings();
        QCOMPARE(text(findings.lastEventId.value_or("")), id);
        QCOMPARE(findings.lastEventId.has_value(), !id.isEmpty());
        QCOMPARE(findings.rowsSinceEventId, rowsSince);
    }
}

/// Takes note of what the findings say when a batch is handed over.
class AskingSink : public BatchSink
{
public:
    [[nodiscard]] Status accept(columnar::RecordBatch batch, ByteOffset resumeAt) override
    {
        const DecodeFindings findings = decoder->findings();
        m_rows += batch.rowCount;
        told += QStringLiteral("%1 rows, behind %2, since %3, at %4\n")
                    .arg(m_rows)
                    .arg(text(findings.lastEventId.value_or("nothing")))
                    .arg(findings.rowsSinceEventId)
                    .arg(resumeAt.value());
        return {};
    }
    RowDecoder *decoder = nullptr;
    QString told;

private:
    std::int64_t m_rows = 0;
};

void TestSseDecoder::goesBackToTheEventOfWhichABatchHasOnlySome()
{
    const auto most = columnar::kMaxBatchRows;
    QByteArray stream("id: 1\ndata: {\"a\":1}\n\n");
    const qsizetype border = stream.size();
    stream += "id: 2\ndata: [{\"a\":2}";
    for (std::int64_t row = 1; row < most; ++row)
        stream += ",{\"a\":3}";
    stream += "]\n\n";
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    AskingSink sink;
    auto decoder = makeDecoder(options(), {builder, sink, recorder});
    QVERIFY(decoder);
    sink.decoder = decoder->get();
    QVERIFY((*decoder)->feed(stream.toStdString()));
    QVERIFY((*decoder)->finish());
    QCOMPARE(
        sink.told,
        QStringLiteral("%1 rows, behind 1, since %1, at %2\n%3 rows, behind 2, since %1, at %4\n")
            .arg(most)
            .arg(border)
            .arg(most + 1)
            .arg(stream.size()));
}

void TestSseDecoder::goesOnFromAnEarlierStream()
{
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    for (const char *stream :
         {"id: 1\ndata: {\"id\":5}\n\n", "data: {\"b\":1}\n\nid: 2\ndata: {\"id\":6}\n\n"}) {
        DecodeOptions goingOn = options();
        if (builder.nextRow() != RowIndex())
            goingOn.lastEventId = "1";
        auto decoder = makeDecoder(goingOn, {builder, recorder, recorder});
        QVERIFY(decoder);
        QVERIFY((*decoder)->feed(stream));
        QVERIFY((*decoder)->finish());
    }
    QCOMPARE(recorder.rows(builder.schema()),
             QStringLiteral("sse.id:string [\"1\" | \"1\" | \"2\"]\nid:int64 [5 | ? | 6]\n"
                            "b:int64 [? | 1 | ?]"));
}

void TestSseDecoder::startsAgain()
{
    columnar::BatchBuilder builder;
    test::DecodeRecorder recorder;
    auto decoder = makeDecoder(options(), {builder, recorder, recorder});
    QVERIFY(decoder);
    QVERIFY((*decoder)->feed("id: 1\nretry: 5\ndata: {\"a\":1}\n\nevent: done\ndata: 9\n\n"));
    (*decoder)->reset();
    QVERIFY(!(*decoder)->hasEnded());
    QCOMPARE((*decoder)->position(), ByteOffset());
    const DecodeFindings findings = (*decoder)->findings();
    QVERIFY(!findings.lastEventId && !findings.endStated && !findings.declaredTotal &&
            !findings.reconnectAfter);
    QVERIFY((*decoder)->feed("data: {\"a\":2}\n\n"));
    QVERIFY((*decoder)->finish());
    QCOMPARE(recorder.rows(builder.schema()),
             QStringLiteral("id:string [\"1\" | ?]\na:int64 [1 | 2]"));
}

QTEST_APPLESS_MAIN(TestSseDecoder)
#include "tst_sse_decoder.moc"
