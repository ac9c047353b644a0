// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/export_job_answer.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace freshet;
using namespace freshet::transfer;

Q_DECLARE_METATYPE(freshet::transfer::JobState)
Q_DECLARE_METATYPE(freshet::transfer::ExportJobRule)

namespace {

JsonAnswer answerOf(int status, const QByteArray &header, const QByteArray &body)
{
    JsonAnswer answer;
    answer.head.status = status;
    for (const QByteArray &line : header.split('\n')) {
        if (const auto colon = line.indexOf(':'); colon > 0)
            answer.head.headers.push_back(
                {line.left(colon).toStdString(), line.mid(colon + 1).trimmed().toStdString()});
    }
    answer.body = QJsonDocument::fromJson('[' + body + ']').array().first();
    return answer;
}

} // namespace

/// What the answers of export jobs say, in the shapes that APIs send.
class TestExportJobAnswer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAnswers_data();
    void readsAnswers();
    void readsWhatTheRuleNames_data();
    void readsWhatTheRuleNames();
    void readsCounts();
    void refusesPlaces_data();
    void refusesPlaces();
    void keepsARule();
};

void TestExportJobAnswer::readsAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<JobState>("state");
    QTest::addColumn<QByteArray>("statusUrl");
    QTest::addColumn<QByteArray>("files"); ///< with blanks between them
    QTest::addColumn<int>("percent");      ///< -1: none

    const auto row = [](const char *name, int status, const char *headers, const char *body,
                        JobState state, const char *statusUrl, const char *files,
                        int percent = -1) {
        QTest::newRow(name) << status << QByteArray(headers) << QByteArray(body) << state
                            << QByteArray(statusUrl) << QByteArray(files) << percent;
    };
    using enum JobState;
    row("202 with Location", 202, "Location: /jobs/7", "", Pending, "/jobs/7", "");
    row("Operation-Location before Location", 202,
        "Location: /r/7\nOperation-Location: https://a.example/op/7", "{}", Pending,
        "https://a.example/op/7", "");
    row("Azure-AsyncOperation", 201, "Azure-AsyncOperation: https://a.example/op", "{}", Unknown,
        "https://a.example/op", "");
    row("FHIR accepted", 202, "Content-Location: https://f.example/st/1", "", Pending,
        "https://f.example/st/1", "");
    row("FHIR under way", 202, "X-Progress: 40% done", "", Pending, "", "", 40);
    row("FHIR done", 200, "",
        R"({"transactionTime":"2026-01-01","request":"https://f.example/$export",
            "output":[{"type":"Patient","url":"https://f.example/p.ndjson","count":3},
                      {"type":"Claim","url":"https://f.example/c.ndjson","count":4}]})",
        Done, "", "https://f.example/p.ndjson https://f.example/c.ndjson");
    row("status address in the body", 200, "", R"({"id":"x","status":"queued","statusUrl":"/s/x"})",
        Pending, "/s/x", "");
    row("snake case and a fraction", 200, "",
        R"({"state":"in_progress","polling_url":"/s/x","progress":0.25})", Pending, "/s/x", "", 25);
    row("percent as text", 200, "", R"({"status":"RUNNING","percentComplete":"70 %"})", Pending, "",
        "", 70);
    row("done with an address", 200, "",
        R"({"status":"completed","downloadUrl":"/f.csv","rowCount":5})", Done, "", "/f.csv");
    row("download_url", 200, "", R"({"status":"done","download_url":"https://x.example/f?sig=1"})",
        Done, "", "https://x.example/f?sig=1");
    row("url only when done", 200, "", R"({"status":"complete","url":"https://x.example/f"})", Done,
        "", "https://x.example/f");
    row("url while it runs is no file", 200, "",
        R"({"status":"processing","url":"https://x.example/jobs/1"})", Pending, "", "");
    row("results of objects", 200, "",
        R"({"status":"Succeeded","results":[{"url":"/1"},{"url":"/2"}]})", Done, "", "/1 /2");
    row("array of addresses", 200, "", R"({"status":"finished","urls":["/1","/2"]})", Done, "",
        "/1 /2");
    row("files without a state", 200, "", R"({"files":[{"downloadUrl":"/1"}]})", Done, "", "/1");
    row("Azure's resourceLocation", 200, "",
        R"({"status":"Succeeded","percentComplete":100,"resourceLocation":"/results/7"})", Done, "",
        "/results/7", 100);
    row("Shopify", 200, "",
        R"({"data":{"node":{"id":"1"},"bulkOperation":{"status":"COMPLETED","objectCount":"2",
            "url":"https://s.example/b.jsonl"}}})",
        Done, "", "https://s.example/b.jsonl");
    row("links by relation", 200, "",
        R"({"status":"ready","_links":{"status":{"href":"/s/1"},"download":{"href":"/d/1"}}})",
        Done, "/s/1", "/d/1");
    row("the answer's success is not the job's", 200, "",
        R"({"status":"success","data":{"status":"pending","status_url":"/s/1"}})", Pending, "/s/1",
        "");
    row("a status code is no state", 200, "", R"({"status":200,"data":{"state":"running"}})",
        Pending, "", "");
    row("done as a flag", 200, "", R"({"done":false,"name":"op/1"})", Pending, "", "");
    row("done as a flag, with the result inside", 200, "",
        R"({"done":true,"response":{"downloadUri":"/f"}})", Done, "", "/f");
    row("failed", 200, "", R"({"status":"FAILED","error":{"message":"out of disk"}})", Failed, "",
        "");
    row("expired", 200, "", R"({"status":"expired"})", Failed, "", "");
    row("nothing of a job", 200, "", R"({"rows":[1,2]})", Unknown, "", "");
    row("no JSON", 200, "", "", Unknown, "", "");
    row("a word of its own means under way", 200, "", R"({"state":"Snapshotting"})", Pending, "",
        "");
}

void TestExportJobAnswer::readsAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, body);
    QFETCH(JobState, state);
    QFETCH(QByteArray, statusUrl);
    QFETCH(QByteArray, files);
    QFETCH(int, percent);

    const auto answer = readJobAnswer(answerOf(status, headers, body), {});
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().toString().c_str());
    QCOMPARE(int(answer->state), int(state));
    QCOMPARE(QByteArray::fromStdString(answer->statusUrl), statusUrl);
    QByteArrayList found;
    for (const auto &file : answer->files)
        found << QByteArray::fromStdString(file.url);
    QCOMPARE(found.join(' '), files);
    QCOMPARE(answer->percent ? qRound(*answer->percent) : -1, percent);
}

void TestExportJobAnswer::readsWhatTheRuleNames_data()
{
    QTest::addColumn<ExportJobRule>("rule");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<JobState>("state");
    QTest::addColumn<QByteArray>("statusUrl");
    QTest::addColumn<QByteArray>("files");

    QTest::newRow("odd names") << ExportJobRule{.statusUrlFrom = "$.q.w",
                                                .stateFrom = "$.zustand",
                                                .doneStates = "fertig",
                                                .resultsFrom = "$.teile[].wo"}
                               << QByteArray(R"({"zustand":"Fertig","q":{"w":"/s"},
                                     "teile":[{"wo":"/1"},{"wo":"/2"}]})")
                               << JobState::Done << QByteArray("/s") << QByteArray("/1 /2");
    QTest::newRow("an array of addresses at the place")
        << ExportJobRule{.resultsFrom = "$.out"} << QByteArray(R"({"status":"done","out":["/1"]})")
        << JobState::Done << QByteArray() << QByteArray("/1");
    QTest::newRow("addresses made of an id")
        << ExportJobRule{.statusUrlFrom = "/v1/jobs/{$.id}", .resultsFrom = "/v1/jobs/{$.id}/csv"}
        << QByteArray(R"({"id":"a/b","state":"JobComplete"})") << JobState::Done
        << QByteArray("/v1/jobs/a%2Fb") << QByteArray("/v1/jobs/a%2Fb/csv");
    QTest::newRow("failed by its own word")
        << ExportJobRule{.failedStates = "kaputt,weg"} << QByteArray(R"({"status":"weg"})")
        << JobState::Failed << QByteArray() << QByteArray();
    QTest::newRow("one element of several")
        << ExportJobRule{.resultsFrom = "$.f[1].u"}
        << QByteArray(R"({"status":"done","f":[{"u":"/1"},{"u":"/2"}]})") << JobState::Done
        << QByteArray() << QByteArray("/2");
}

void TestExportJobAnswer::readsWhatTheRuleNames()
{
    QFETCH(ExportJobRule, rule);
    QFETCH(QByteArray, body);
    QFETCH(JobState, state);
    QFETCH(QByteArray, statusUrl);
    QFETCH(QByteArray, files);

    QVERIFY(rule.validate().has_value());
    const auto answer = readJobAnswer(answerOf(200, {}, body), rule);
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().toString().c_str());
    QCOMPARE(int(answer->state), int(state));
    QCOMPARE(QByteArray::fromStdString(answer->statusUrl), statusUrl);
    QByteArrayList found;
    for (const auto &file : answer->files)
        found << QByteArray::fromStdString(file.url);
    QCOMPARE(found.join(' '), files);
}

void TestExportJobAnswer::readsCounts()
{
    const auto summed = readJobAnswer(
        answerOf(200, {}, R"({"results":[{"url":"/1","rows":3,"size":10},{"url":"/2","rows":4}]})"),
        {});
    QVERIFY(summed.has_value());
    QCOMPARE(summed->rows, std::optional(RowCount(7)));
    QCOMPARE(summed->files.front().bytes, std::optional(ByteCount(10)));

    const auto some =
        readJobAnswer(answerOf(200, {}, R"({"results":[{"url":"/1","rows":3},{"url":"/2"}]})"), {});
    QVERIFY(some.has_value());
    QVERIFY(!some->rows);

    const QByteArray large = R"({"url":"/1","rows":9000000000000000},)";
    const auto impossible = readJobAnswer(
        answerOf(200, {}, "{\"results\":[" + large.repeated(1101).chopped(1) + "]}"), {});
    QVERIFY(impossible.has_value());
    QCOMPARE(impossible->files.size(), std::size_t(1101));
    QVERIFY(!impossible->rows);

    const auto backwards =
        readJobAnswer(answerOf(200, {}, R"({"status":"running","retryAfterSeconds":-1e300})"), {});
    QVERIFY(backwards.has_value());
    QVERIFY(!backwards->askAgainIn);

    const auto stated = readJobAnswer(
        answerOf(200, "Retry-After: 7", R"({"status":"running","rowCount":"12"})"), {});
    QVERIFY(stated.has_value());
    QCOMPARE(stated->rows, std::optional(RowCount(12)));
    QCOMPARE(stated->askAgainIn, std::optional(std::chrono::milliseconds(7000)));

    const auto lacking = readJobAnswer(answerOf(200, {}, R"({"status":"done","url":"/x"})"),
                                       {.resultsFrom = "$.nowhere"});
    QVERIFY(!lacking.has_value());
    QCOMPARE(int(lacking.error().code), int(ErrorCode::ProtocolViolation));
}

void TestExportJobAnswer::refusesPlaces_data()
{
    QTest::addColumn<ExportJobRule>("rule");
    QTest::newRow("no place") << ExportJobRule{.stateFrom = "status"};
    QTest::newRow("open bracket") << ExportJobRule{.resultsFrom = "$.a[1"};
    QTest::newRow("empty name") << ExportJobRule{.progressFrom = "$..a"};
    QTest::newRow("header without a name") << ExportJobRule{.rowsFrom = "header:"};
    QTest::newRow("no connection") << ExportJobRule{.connections = 0};
    QTest::newRow("too many connections") << ExportJobRule{.connections = 17};
}

void TestExportJobAnswer::refusesPlaces()
{
    QFETCH(ExportJobRule, rule);
    const auto valid = rule.validate();
    QVERIFY(!valid.has_value());
    QCOMPARE(int(valid.error().code), int(ErrorCode::InvalidArgument));
}

void TestExportJobAnswer::keepsARule()
{
    const ExportJobRule rule{.statusUrlFrom = "$.a",
                             .doneStates = "x,y",
                             .resultsFrom = "$.r[].u",
                             .pollEvery = std::chrono::milliseconds(250),
                             .patience = std::chrono::seconds(9),
                             .connections = 7};
    QVERIFY(ExportJobRule::fromJson(rule.toJson()) == rule);
}

QTEST_GUILESS_MAIN(TestExportJobAnswer)
#include "tst_export_job_answer.moc"
