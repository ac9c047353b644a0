// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/download_request.h"
#include "transfer/message_planner.h"

#include "columnar/batch_builder.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

DownloadRequest request(const std::string &resumeMessage = {})
{
    DownloadRequest request;
    request.bytes.url = "ws://127.0.0.1/ws";
    request.bytes.body = "all";
    request.webSocket.resumeMessage = resumeMessage;
    request.retry = {.maxRetries = 2, .firstDelay = 10ms, .maxDelay = 100ms};
    return request;
}

const std::string kResume = R"({"after":${last.id}})";

std::unique_ptr<LegPlanner> planner(const DownloadRequest &of)
{
    auto made = makeLegPlanner(of);
    return made ? std::move(*made) : nullptr;
}

/// Rows with these ids; negative: null.
columnar::RecordBatch batchOf(const std::vector<std::int64_t> &ids)
{
    columnar::BatchBuilder builder;
    for (const std::int64_t id : ids) {
        builder.beginRow();
        if (id >= 0)
            builder.appendInt64(builder.column("id"), id);
        builder.appendText(builder.column("name"), "a\"b", columnar::TextInference::Off);
        if (!builder.endRow())
            qFatal("no row");
    }
    return builder.seal();
}

/// Feed a batch as the decoding stage does. Output: what it is admitted with.
Status bring(LegPlanner &planner, const std::vector<std::int64_t> &ids)
{
    const auto batch = batchOf(ids);
    FRESHET_TRY(planner.admit(batch));
    (void)planner.advance(batch, {});
    return {};
}

LegReport reportOf(std::int64_t rows, std::optional<Error> error = std::nullopt)
{
    LegReport report;
    report.rows = report.newRows = RowCount(rows);
    report.error = std::move(error);
    report.findings.format = decode::Format::WebSocket;
    return report;
}

Error cut()
{
    return {.code = ErrorCode::ConnectionLost, .detail = "cut", .nativeCode = 1006};
}

} // namespace

class TestMessagePlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsTemplates_data();
    void fillsTemplates();
    void refusesTemplates_data();
    void refusesTemplates();
    void resumeMessageNeedsAWebSocket();
    void opensWithTheBody();
    void goesOnBehindTheLastRow();
    void knowsTheRowsOfTheBorder_data();
    void knowsTheRowsOfTheBorder();
    void withoutATemplateALostStreamIsOver();
    void beforeTheFirstRowItStartsAgain();
    void givesUpAfterItsTries();
    void endsWithACompleteMessage();
    void aProperCloseIsNoProof();
    void missingBatchesAreALoss();
    void totalsOfAResumedConnection_data();
    void totalsOfAResumedConnection();
    void noticesAServerThatStartsOver();
    void keepsItsState();
    void laterRunWithoutATemplateReadsTheWholeAgain();
    void refusesDamagedStates_data();
    void refusesDamagedStates();
};

void TestMessagePlanner::fillsTemplates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("filled");
    QTest::newRow("a number") << R"({"after":${last.id}})"
                              << R"({"after":9007199254740993})";
    QTest::newRow("in quotes") << R"({"after":"${last.id}"})"
                               << R"({"after":"9007199254740993"})";
    QTest::newRow("escaped") << R"("${last.name}")"
                             << R"("a\"b")";
    QTest::newRow("two places") << "${last.id} ${last.name}"
                                << "9007199254740993 a\\\"b";
    QTest::newRow("none") << "again"
                          << "again";
}

void TestMessagePlanner::fillsTemplates()
{
    QFETCH(QString, text);
    QFETCH(QString, filled);
    const auto made = MessageTemplate::parse(text.toStdString());
    QVERIFY(made.has_value());
    const auto values = made->valuesOf(batchOf({1, 9'007'199'254'740'993}), 1);
    QVERIFY(values.has_value());
    QCOMPARE(QString::fromStdString(made->fill(*values)), filled);
}

void TestMessagePlanner::refusesTemplates_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("not closed") << "${last.id";
    QTest::newRow("of nothing") << "${last.}";
    QTest::newRow("unknown") << "${first.id}";
}

void TestMessagePlanner::refusesTemplates()
{
    QFETCH(QString, text);
    const auto made = makeLegPlanner(request(text.toStdString()));
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::InvalidArgument);
}

void TestMessagePlanner::resumeMessageNeedsAWebSocket()
{
    DownloadRequest http = request(kResume);
    http.bytes.url = "http://127.0.0.1/";
    QCOMPARE(makeLegPlanner(http).error().code, ErrorCode::InvalidArgument);
}

void TestMessagePlanner::opensWithTheBody()
{
    const auto plan = planner(request(kResume));
    const auto leg = plan->first();
    QVERIFY(leg.has_value());
    QCOMPARE(leg->request.body, std::string("all"));
    QCOMPARE(leg->means, LegMeans::Once);
    QVERIFY(!leg->mayRepeatBorder);
}

void TestMessagePlanner::goesOnBehindTheLastRow()
{
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {5, 7}).has_value());
    const NextLegs next = plan->judge(reportOf(2, cut()));
    QVERIFY(!next.isOver);
    QCOMPARE(next.legs.size(), 1U);
    QCOMPARE(next.legs[0].request.body, std::string(R"({"after":7})"));
    QVERIFY(next.legs[0].mayRepeatBorder);
    QVERIFY(next.legs[0].delay >= 5ms && next.legs[0].waitsFor.has_value());
    QCOMPARE(plan->borderRows(), 1);
}

void TestMessagePlanner::knowsTheRowsOfTheBorder_data()
{
    QTest::addColumn<QList<qint64>>("first");
    QTest::addColumn<QList<qint64>>("second");
    QTest::addColumn<qint64>("border");
    QTest::newRow("one row") << QList<qint64>{1} << QList<qint64>{2} << qint64(1);
    QTest::newRow("equal rows") << QList<qint64>{1} << QList<qint64>{2, 3, 3} << qint64(2);
    QTest::newRow("equal over batches") << QList<qint64>{1, 3} << QList<qint64>{3, 3} << qint64(3);
    QTest::newRow("a row without a value")
        << QList<qint64>{1, 3} << QList<qint64>{4, -1} << qint64(2);
    QTest::newRow("a batch without values")
        << QList<qint64>{1, 3} << QList<qint64>{-1, -1} << qint64(3);
}

void TestMessagePlanner::knowsTheRowsOfTheBorder()
{
    QFETCH(QList<qint64>, first);
    QFETCH(QList<qint64>, second);
    QFETCH(qint64, border);
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {first.begin(), first.end()}).has_value());
    QVERIFY(bring(*plan, {second.begin(), second.end()}).has_value());
    QCOMPARE(plan->borderRows(), border);
}

void TestMessagePlanner::withoutATemplateALostStreamIsOver()
{
    const auto plan = planner(request());
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {5}).has_value());
    QVERIFY(plan->judge(reportOf(1, cut())).isOver);
    QCOMPARE(plan->outcome().error->code, ErrorCode::ConnectionLost);
    QVERIFY(plan->outcome().loss.at(0).find("there is no resume message") != std::string::npos);
}

void TestMessagePlanner::beforeTheFirstRowItStartsAgain()
{
    const auto plan = planner(request());
    QVERIFY(plan->first().has_value());
    const NextLegs next = plan->judge(reportOf(0, cut()));
    QVERIFY(!next.isOver);
    QCOMPARE(next.legs.at(0).request.body, std::string("all"));
}

void TestMessagePlanner::givesUpAfterItsTries()
{
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(!plan->judge(reportOf(0, cut())).isOver);
    QVERIFY(!plan->judge(reportOf(0, cut())).isOver);
    QVERIFY(plan->judge(reportOf(0, cut())).isOver);
    QCOMPARE(plan->outcome().remarks.at(0), std::string("reconnected 2 times"));
}

void TestMessagePlanner::endsWithACompleteMessage()
{
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {1, 2}).has_value());
    LegReport report = reportOf(2);
    report.findings.endStated = "a \"complete\" message";
    report.findings.declaredTotal = RowCount(2);
    QVERIFY(plan->judge(report).isOver);
    QVERIFY(!plan->outcome().error && plan->outcome().loss.empty());
    QCOMPARE(plan->outcome().proof.size(), 1U);
    QCOMPARE(plan->outcome().declaredTotal->value(), 2);
}

void TestMessagePlanner::aProperCloseIsNoProof()
{
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {1}).has_value());
    QVERIFY(plan->judge(reportOf(1)).isOver);
    QVERIFY(plan->outcome().proof.empty() && plan->outcome().loss.empty());
    QVERIFY(!plan->outcome().error);
}

void TestMessagePlanner::missingBatchesAreALoss()
{
    const auto plan = planner(request());
    QVERIFY(plan->first().has_value());
    LegReport report = reportOf(0);
    report.findings.endStated = "a \"complete\" message";
    report.findings.inBandProblem = "3 batches, 2 came";
    QVERIFY(plan->judge(report).isOver);
    QCOMPARE(plan->outcome().loss.at(0), std::string("3 batches, 2 came"));
}

void TestMessagePlanner::totalsOfAResumedConnection_data()
{
    QTest::addColumn<qint64>("total");
    QTest::addColumn<qint64>("declared"); // for the whole; -1: proof of the last connection
    QTest::newRow("of the whole") << qint64(3) << qint64(3);
    QTest::newRow("of the last connection") << qint64(1) << qint64(-1);
    QTest::newRow("of neither") << qint64(9) << qint64(9);
}

void TestMessagePlanner::totalsOfAResumedConnection()
{
    QFETCH(qint64, total);
    QFETCH(qint64, declared);
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {1, 2}).has_value());
    QVERIFY(!plan->judge(reportOf(2, cut())).isOver);
    QVERIFY(bring(*plan, {3}).has_value());
    LegReport report = reportOf(1);
    report.findings.endStated = "a \"complete\" message";
    report.findings.declaredTotal = RowCount(total);
    QVERIFY(plan->judge(report).isOver);
    const PlanOutcome outcome = plan->outcome();
    QCOMPARE(outcome.declaredTotal ? outcome.declaredTotal->value() : -1, declared);
    QCOMPARE(outcome.proof.size(), declared < 0 ? 2U : 1U);
}

void TestMessagePlanner::noticesAServerThatStartsOver()
{
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {1, 2}).has_value());
    QVERIFY(!plan->judge(reportOf(2, cut())).isOver);
    const Status again = bring(*plan, {1, 2});
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::SourceChanged);
    QVERIFY(plan->judge(reportOf(0, again.error())).isOver);
}

void TestMessagePlanner::keepsItsState()
{
    const auto plan = planner(request(kResume));
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {1, 8, 8}).has_value());
    const auto later = planner(request(kResume));
    QVERIFY(later->restore(plan->state()).has_value());
    QCOMPARE(later->state(), plan->state());
    QCOMPARE(later->borderRows(), 2);
    QCOMPARE(QString::fromStdString(later->plan()),
             QStringLiteral("sends the resume message for what comes after 8"));
    QVERIFY(later->goesOn());
    const auto leg = later->first();
    QCOMPARE(leg->request.body, std::string(R"({"after":8})"));
    QVERIFY(leg->mayRepeatBorder);
}

void TestMessagePlanner::laterRunWithoutATemplateReadsTheWholeAgain()
{
    const auto plan = planner(request());
    QVERIFY(plan->first().has_value());
    QVERIFY(bring(*plan, {1, 2, 3}).has_value());
    QCOMPARE(plan->borderRows(), 0);
    const auto later = planner(request());
    QVERIFY(later->restore(plan->state()).has_value());
    QCOMPARE(later->borderRows(), 3);
    QVERIFY(!later->goesOn());
    QVERIFY(later->plan().starts_with("begins again, as there is no resume message: "));
    const auto leg = later->first();
    QCOMPARE(leg->request.body, std::string("all"));
    QVERIFY(leg->mayRepeatBorder);
}

void TestMessagePlanner::refusesDamagedStates_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no figures") << QByteArray("{}");
    QTest::newRow("negative") << QByteArray(R"({"rows":-1,"borderRows":0})");
    QTest::newRow("another template")
        << QByteArray(R"({"rows":1,"borderRows":1,"last":["a","b"]})");
}

void TestMessagePlanner::refusesDamagedStates()
{
    QFETCH(QByteArray, state);
    const Status restored = planner(request(kResume))->restore(state.toStdString());
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::LibraryDamaged);
}

QTEST_APPLESS_MAIN(TestMessagePlanner)
#include "tst_message_planner.moc"
