// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/download_request.h"
#include "transfer/event_planner.h"

#include "columnar/batch_builder.h"

#include <QTest>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

DownloadRequest request()
{
    DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/events";
    request.decode.format = decode::Format::Sse;
    request.retry = {.maxRetries = 2, .firstDelay = 10ms, .maxDelay = 100ms};
    return request;
}

/// Rows whose events had these ids; empty: none.
columnar::RecordBatch batchOf(const std::vector<std::string> &ids, const char *column = "id")
{
    columnar::BatchBuilder builder;
    for (const std::string &id : ids) {
        builder.beginRow();
        if (!id.empty())
            builder.appendText(builder.column(column), id, columnar::TextInference::Off);
        builder.appendInt64(builder.column("a"), 1);
        if (!builder.endRow())
            qFatal("no row");
    }
    return builder.seal();
}

decode::DecodeFindings findingsAt(const std::string &id, std::int64_t rowsSince = 1)
{
    decode::DecodeFindings findings;
    findings.format = decode::Format::Sse;
    if (!id.empty())
        findings.lastEventId = id;
    findings.rowsSinceEventId = rowsSince;
    return findings;
}

std::optional<std::string> header(const Leg &leg, const char *name)
{
    const auto value = findHeader(leg.request.headers, name);
    return value ? std::optional(std::string(*value)) : std::nullopt;
}

/// A connection that brought `rows` rows up to event `id`, and ended with `error`.
LegReport report(EventPlanner &planner, const std::string &id, int rows,
                 std::optional<Error> error = std::nullopt)
{
    LegReport report;
    report.head = std::make_shared<transport::ResponseHead>(transport::ResponseHead{.status = 200});
    report.findings = findingsAt(id, rows == 0 ? 0 : 1);
    report.rows = report.newRows = RowCount(rows);
    report.error = std::move(error);
    if (!report.error)
        report.end = transport::TransportEnd{};
    if (rows > 0) {
        const auto batch = batchOf(std::vector<std::string>(static_cast<std::size_t>(rows), id));
        if (!planner.admit(batch))
            qFatal("not admitted");
        [[maybe_unused]] const bool mayGoOn = planner.advance(batch, report.findings);
    }
    return report;
}

const Error kCut{.code = ErrorCode::ConnectionLost, .detail = "cut"};

QString joined(const std::vector<std::string> &sentences)
{
    QStringList list;
    for (const std::string &sentence : sentences)
        list << QString::fromStdString(sentence);
    return list.join(QStringLiteral("; "));
}

} // namespace

class TestEventPlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForEvents();
    void keepsTheUsersHeaders();
    void goesOnBehindTheLastId_data();
    void goesOnBehindTheLastId();
    void waitsAsTheServerSays();
    void endsWhenTheStreamSaysSo();
    void stopsForGoodAt204();
    void takesACleanEndForTheEndWithoutIds();
    void saysThatThereIsNoIdToGoOnFrom();
    void triesAgainWhileNothingIsHeld();
    void asksAgainUntilNothingNewComes();
    void countsOnlyTriesInARow();
    void givesUpOnErrors_data();
    void givesUpOnErrors();
    void noticesAServerThatStartsOver();
    void doesNotAskTwiceWhatMustNotBe();
    void comparesTheRowsThatShareTheLastId();
    void weighsTotals_data();
    void weighsTotals();
    void goesOnInALaterRun();
    void refusesAStateThatIsNone_data();
    void refusesAStateThatIsNone();
};

void TestEventPlanner::asksForEvents()
{
    EventPlanner planner(request(), 1);
    const auto leg = planner.first();
    QVERIFY(leg);
    QCOMPARE(leg->means, LegMeans::Once);
    QCOMPARE(header(*leg, "Accept"), std::optional<std::string>("text/event-stream"));
    QCOMPARE(header(*leg, "Cache-Control"), std::optional<std::string>("no-cache"));
    QVERIFY(!header(*leg, "Last-Event-ID"));
    QVERIFY(!leg->mayRepeatBorder);
    QCOMPARE(planner.plan(), std::string("asks for the stream from its start"));
}

void TestEventPlanner::keepsTheUsersHeaders()
{
    DownloadRequest own = request();
    own.bytes.headers = {{"accept", "text/event-stream, */*"}, {"last-event-id", "old"}};
    EventPlanner planner(own, 1);
    QCOMPARE(header(*planner.first(), "Accept"),
             std::optional<std::string>("text/event-stream, */*"));
    QCOMPARE(header(*planner.first(), "Last-Event-ID"), std::optional<std::string>("old"));
    const NextLegs next = planner.judge(report(planner, "new", 1));
    QCOMPARE(next.legs.size(), std::size_t(1));
    QCOMPARE(header(next.legs[0], "Last-Event-ID"), std::optional<std::string>("new"));
    QCOMPARE(next.legs[0].request.headers.size(), std::size_t(3));
}

void TestEventPlanner::goesOnBehindTheLastId_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<bool>("isCut");
    QTest::newRow("a number, after a cut") << QByteArray("41") << true;
    QTest::newRow("a number, after a clean end") << QByteArray("41") << false;
    QTest::newRow("a JSON array") << QByteArray("[{\"topic\":\"x\",\"offset\":5}]") << true;
    QTest::newRow("UTF-8") << QByteArray("\xE3\x82\xA4") << true;
}

void TestEventPlanner::goesOnBehindTheLastId()
{
    QFETCH(QByteArray, id);
    QFETCH(bool, isCut);
    EventPlanner planner(request(), 1);
    QVERIFY(planner.first());
    const NextLegs next = planner.judge(
        report(planner, id.toStdString(), 3, isCut ? std::optional(kCut) : std::nullopt));
    QVERIFY(!next.isOver);
    QCOMPARE(next.legs.size(), std::size_t(1));
    QCOMPARE(header(next.legs[0], "Last-Event-ID"), std::optional(id.toStdString()));
    QCOMPARE(next.legs[0].waitsFor.has_value(), isCut);
    QVERIFY(next.legs[0].mayRepeatBorder);
    QCOMPARE(planner.borderRows(), 1);
    QCOMPARE(next.legs[0].lastEventId, id.toStdString());
}

void TestEventPlanner::waitsAsTheServerSays()
{
    EventPlanner planner(request(), 1);
    LegReport cut = report(planner, "1", 1, kCut);
    cut.findings.reconnectAfter = 3000ms;
    QCOMPARE(planner.judge(cut).legs.at(0).delay, 3000ms);
    // It holds for later connections too; a Retry-After that is longer goes first.
    LegReport refused =
        report(planner, "1", 0, Error{.code = ErrorCode::HttpStatus, .nativeCode = 503});
    refused.head = std::make_shared<transport::ResponseHead>(
        transport::ResponseHead{.status = 503, .headers = {{"Retry-After", "7"}}});
    QCOMPARE(planner.judge(refused).legs.at(0).delay, 7000ms);
    // What no clock can count is no reason to ask again at once.
    LegReport again = report(planner, "2", 1, kCut);
    again.findings.reconnectAfter = std::chrono::milliseconds::max();
    QCOMPARE(planner.judge(again).legs.at(0).delay, std::chrono::hours(6));
}

void TestEventPlanner::endsWhenTheStreamSaysSo()
{
    EventPlanner planner(request(), 1);
    LegReport end = report(planner, "5", 5);
    end.findings.endStated = "a \"complete\" event";
    QVERIFY(planner.judge(end).isOver);
    QCOMPARE(joined(planner.outcome().proof),
             QStringLiteral("the stream ended with a \"complete\" event"));
    QVERIFY(!planner.outcome().error);
}

void TestEventPlanner::stopsForGoodAt204()
{
    EventPlanner planner(request(), 1);
    QVERIFY(!planner.judge(report(planner, "5", 5)).isOver);
    LegReport gone = report(planner, "5", 0);
    gone.head = std::make_shared<transport::ResponseHead>(transport::ResponseHead{.status = 204});
    QVERIFY(planner.judge(gone).isOver);
    QVERIFY(planner.outcome().loss.empty());
    QVERIFY(planner.outcome().proof.empty());
    QVERIFY(!planner.outcome().error);
    QVERIFY(joined(planner.outcome().remarks).contains(QStringLiteral("204")));
}

void TestEventPlanner::takesACleanEndForTheEndWithoutIds()
{
    EventPlanner planner(request(), 1);
    QVERIFY(planner.judge(report(planner, "", 5)).isOver);
    QVERIFY(planner.outcome().loss.empty());
    QVERIFY(!planner.outcome().error);
    QVERIFY(joined(planner.outcome().remarks).contains(QStringLiteral("no ids")));
}

void TestEventPlanner::saysThatThereIsNoIdToGoOnFrom()
{
    EventPlanner planner(request(), 1);
    QVERIFY(planner.judge(report(planner, "", 5, kCut)).isOver);
    QCOMPARE(planner.outcome().error->code, ErrorCode::ConnectionLost);
    QVERIFY(joined(planner.outcome().loss).contains(QStringLiteral("no ids")));
}

void TestEventPlanner::triesAgainWhileNothingIsHeld()
{
    EventPlanner planner(request(), 1);
    const Error refused{.code = ErrorCode::ConnectFailed};
    const NextLegs next = planner.judge(report(planner, "", 0, refused));
    QVERIFY(!next.isOver);
    QVERIFY(!header(next.legs.at(0), "Last-Event-ID"));
    QVERIFY(!planner.judge(report(planner, "", 0, refused)).isOver);
    QVERIFY(planner.judge(report(planner, "", 0, refused)).isOver);
    QCOMPARE(planner.outcome().error->code, ErrorCode::ConnectFailed);
}

void TestEventPlanner::asksAgainUntilNothingNewComes()
{
    EventPlanner planner(request(), 1);
    QVERIFY(!planner.judge(report(planner, "5", 5)).isOver);
    QVERIFY(!planner.judge(report(planner, "5", 0)).isOver);
    QVERIFY(!planner.judge(report(planner, "6", 1)).isOver);
    QVERIFY(!planner.judge(report(planner, "6", 0)).isOver);
    QVERIFY(planner.judge(report(planner, "6", 0)).isOver);
    QVERIFY(planner.outcome().loss.empty());
    QVERIFY(!planner.outcome().error);
    QVERIFY(
        joined(planner.outcome().remarks).contains(QStringLiteral("nothing behind event \"6\"")));
    QVERIFY(joined(planner.outcome().remarks).contains(QStringLiteral("reconnected 4 times")));
}

void TestEventPlanner::countsOnlyTriesInARow()
{
    EventPlanner planner(request(), 1);
    for (int id = 1; id < 20; ++id)
        QVERIFY(!planner.judge(report(planner, std::to_string(id), 1, kCut)).isOver);
    QVERIFY(!planner.judge(report(planner, "19", 0, kCut)).isOver);
    QVERIFY(planner.judge(report(planner, "19", 0, kCut)).isOver);
    QCOMPARE(planner.outcome().error->code, ErrorCode::ConnectionLost);
}

void TestEventPlanner::givesUpOnErrors_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("an error event") << static_cast<int>(ErrorCode::InBandError);
    QTest::newRow("a page in place of events") << static_cast<int>(ErrorCode::WrongContentType);
    QTest::newRow("an event too large") << static_cast<int>(ErrorCode::RowTooLarge);
    QTest::newRow("refused") << static_cast<int>(ErrorCode::HttpStatus);
}

void TestEventPlanner::givesUpOnErrors()
{
    QFETCH(int, code);
    EventPlanner planner(request(), 1);
    const Error error{.code = static_cast<ErrorCode>(code), .nativeCode = 403};
    QVERIFY(planner.judge(report(planner, "5", 5, error)).isOver);
    QCOMPARE(planner.outcome().error->code, error.code);
}

void TestEventPlanner::noticesAServerThatStartsOver()
{
    for (const bool wasCut : {false, true}) {
        EventPlanner planner(request(), 1);
        for (const char *id : {"1", "2"}) {
            const auto batch = batchOf({id}, "sse.id");
            QVERIFY(planner.admit(batch));
            QVERIFY(planner.advance(batch, findingsAt(id)));
        }
        LegReport first;
        first.findings = findingsAt("2");
        first.rows = first.newRows = RowCount(2);
        if (wasCut)
            first.error = kCut;
        QVERIFY(!planner.judge(first).isOver);
        const Status admitted = planner.admit(batchOf({"1", "2"}, "sse.id"));
        QVERIFY(!admitted);
        QCOMPARE(admitted.error().code, ErrorCode::SourceChanged);
        LegReport again;
        again.findings = findingsAt("2", 0);
        again.error = admitted.error();
        QVERIFY(planner.judge(again).isOver);
        // After a clean end it only shows that nothing else is there.
        QCOMPARE(planner.outcome().error.has_value(), wasCut);
    }
}

void TestEventPlanner::doesNotAskTwiceWhatMustNotBe()
{
    DownloadRequest post = request();
    post.bytes.method = "POST";
    EventPlanner ended(post, 1);
    QVERIFY(ended.judge(report(ended, "5", 5)).isOver);
    QVERIFY(!ended.outcome().error);
    EventPlanner cut(post, 1);
    QVERIFY(cut.judge(report(cut, "5", 5, kCut)).isOver);
    QCOMPARE(cut.outcome().error->code, ErrorCode::ConnectionLost);
    post.retry.isSafe = true;
    EventPlanner safe(post, 1);
    QVERIFY(!safe.judge(report(safe, "5", 5, kCut)).isOver);
}

void TestEventPlanner::comparesTheRowsThatShareTheLastId()
{
    EventPlanner planner(request(), 1);
    QVERIFY(planner.advance(batchOf({"1", "2", "2"}), findingsAt("2", 2)));
    QCOMPARE(planner.borderRows(), 2);
    LegReport cut;
    cut.findings = findingsAt("2", 2);
    cut.rows = cut.newRows = RowCount(3);
    cut.error = kCut;
    QVERIFY(!planner.judge(cut).isOver);
    // One more of that id: all three may come again.
    QVERIFY(planner.advance(batchOf({"2"}), findingsAt("2", 1)));
    QCOMPARE(planner.borderRows(), 3);
    QVERIFY(planner.advance(batchOf({"3"}), findingsAt("3", 1)));
    QCOMPARE(planner.borderRows(), 1);
}

void TestEventPlanner::weighsTotals_data()
{
    QTest::addColumn<int>("total");
    QTest::addColumn<int>("declared");
    QTest::addColumn<bool>("isProof");
    QTest::newRow("of the whole stream") << 8 << 8 << false;
    QTest::newRow("of the last connection") << 3 << -1 << true;
    QTest::newRow("of neither") << 100 << 100 << false;
}

void TestEventPlanner::weighsTotals()
{
    QFETCH(int, total);
    QFETCH(int, declared);
    QFETCH(bool, isProof);
    EventPlanner planner(request(), 1);
    QVERIFY(!planner.judge(report(planner, "5", 5, kCut)).isOver);
    LegReport end = report(planner, "8", 3);
    end.findings.endStated = "a \"complete\" event";
    end.findings.declaredTotal = RowCount(total);
    end.findings.declaredTotalFrom = "total of a \"complete\" event";
    QVERIFY(planner.judge(end).isOver);
    const PlanOutcome outcome = planner.outcome();
    QCOMPARE(outcome.declaredTotal.value_or(RowCount(-1)).value(), declared);
    QCOMPARE(joined(outcome.proof).contains(QStringLiteral("last connection")), isProof);
}

void TestEventPlanner::goesOnInALaterRun()
{
    const std::string id = "[\"\xFF\",5]"; // bytes that are no text
    std::string state;
    {
        EventPlanner planner(request(), 1);
        const auto batch = batchOf({"1", "2"});
        QVERIFY(planner.admit(batch));
        QVERIFY(planner.advance(batch, findingsAt(id, 2)));
        state = planner.state();
    }
    EventPlanner planner(request(), 1);
    QVERIFY(planner.restore(state));
    QCOMPARE(planner.state(), state);
    QCOMPARE(planner.borderRows(), 2);
    const auto leg = planner.first();
    QVERIFY(leg);
    QCOMPARE(header(*leg, "Last-Event-ID"), std::optional(id));
    QVERIFY(leg->mayRepeatBorder);
    QVERIFY(planner.plan().starts_with("asks for the events after"));
    QVERIFY(!planner.admit(batchOf({"1"}))); // the server starts over
    // Rows without ids: nothing to go on from.
    EventPlanner idless(request(), 1);
    QVERIFY(idless.advance(batchOf({""}), findingsAt("", 1)));
    EventPlanner later(request(), 1);
    QVERIFY(later.restore(idless.state()));
    QCOMPARE(later.first().error().code, ErrorCode::Unsupported);
}

void TestEventPlanner::refusesAStateThatIsNone_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("without an id") << QByteArray("{\"rows\":1,\"borderRows\":1}");
    QTest::newRow("with fewer rows than none")
        << QByteArray("{\"lastEventId\":\"\",\"rows\":-1,\"borderRows\":1}");
}

void TestEventPlanner::refusesAStateThatIsNone()
{
    QFETCH(QByteArray, state);
    EventPlanner planner(request(), 1);
    const Status restored = planner.restore(state.toStdString());
    QVERIFY(!restored);
    QCOMPARE(restored.error().code, ErrorCode::LibraryDamaged);
}

QTEST_APPLESS_MAIN(TestEventPlanner)
#include "tst_event_planner.moc"
