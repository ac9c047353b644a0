// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_planner.h"

#include "transfer/ndjson_batch.h"

#include <QtTest>

#include <limits>

using namespace freshet;
using transfer::LegReport;
using transfer::SincePlanner;
using transfer::SinceRule;

namespace {

const Error kLost{.code = ErrorCode::ConnectionLost, .detail = "cut"};

SinceRule ruleOf(const QString &text)
{
    auto rule = SinceRule::parse(text.toStdString());
    if (!rule)
        qFatal("%s", rule.error().toString().c_str());
    return *std::move(rule);
}

/// A planner and the rows it is told of.
struct Run
{
    explicit Run(const QString &rule, const std::string &url = "http://localhost/rows",
                 int retries = 5)
        : planner({.url = url, .body = "{\"a\":1}"}, ruleOf(rule),
                  {.maxRetries = retries, .firstDelay = std::chrono::milliseconds(1)}, 1)
    {}

    /// Ids from `first` up to `last` come in one batch.
    bool rows(int first, int last)
    {
        std::string text;
        for (int id = first; id <= last; ++id)
            text += "{\"id\":" + std::to_string(id) + "}\n";
        return rows(text);
    }
    bool rows(const std::string &ndjson, const decode::DecodeFindings &findings = {})
    {
        return planner.advance(batches->next(ndjson), findings);
    }
    transfer::NextLegs ends(LegReport report = {})
    {
        report.end = transport::TransportEnd();
        return planner.judge(report);
    }
    /// The connection is lost. Output: the URL that is asked for next.
    QString cut(Error error = kLost, std::int64_t newRows = 1)
    {
        const auto next = planner.judge({.error = std::move(error), .newRows = RowCount(newRows)});
        if (next.isOver)
            return QStringLiteral("over");
        return QString::fromStdString(next.legs.at(0).request.url);
    }
    QString first()
    {
        const auto leg = planner.first();
        return leg ? QString::fromStdString(leg->request.url)
                   : QString::fromStdString(leg.error().detail);
    }
    /// The next run, from what was kept of this one.
    Run again(const QString &rule) const
    {
        Run next(rule);
        if (!next.planner.restore(planner.state()))
            qFatal("the state cannot be read back");
        return next;
    }

    SincePlanner planner;
    std::unique_ptr<test::NdjsonBatches> batches = std::make_unique<test::NdjsonBatches>();
};

const QString kById = QStringLiteral("param=since,from=id");

} // namespace

class TestSincePlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstRequestIsAsGiven()
    {
        Run run(kById);
        QCOMPARE(run.planner.plan(), std::string("asks for all rows"));
        const auto leg = run.planner.first();
        QVERIFY(leg.has_value());
        QCOMPARE(leg->request.url, std::string("http://localhost/rows"));
        QCOMPARE(leg->means, transfer::LegMeans::Once);
        QVERIFY(!leg->mayRepeatBorder);
        QCOMPARE(Run(QStringLiteral("param=since,from=id,initial=7")).first(),
                 QStringLiteral("http://localhost/rows?since=7"));
    }

    void tokensAreEscaped_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *url, const char *token,
                            const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(url) << QString::fromUtf8(token)
                                << QString::fromUtf8(expected);
        };
        row("a zone", "http://h/r", "2024-01-01T00:00:00+02:00",
            "http://h/r?since=2024-01-01T00%3A00%3A00%2B02%3A00");
        row("base64", "http://h/r", "a+/b==", "http://h/r?since=a%2B%2Fb%3D%3D");
        row("other parameters stay", "http://h/r?a=1&b=%20", "5", "http://h/r?a=1&b=%20&since=5");
        row("one that is there is replaced", "http://h/r?since=1&b=2", "5",
            "http://h/r?since=5&b=2");
        row("what ends a query", "http://h/r#x", "a&b#c d", "http://h/r?since=a%26b%23c%20d#x");
        row("a text that is not ASCII", "http://h/r", "é", "http://h/r?since=%C3%A9");
    }

    void tokensAreEscaped()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, token);
        QFETCH(const QString, expected);
        Run run(kById, url.toStdString());
        run.rows("{\"id\":\"" + token.toStdString() + "\"}\n");
        run.ends();
        QCOMPARE(run.first(), expected);
    }

    void theTokenGoesWhereTheRuleSays()
    {
        Run header(QStringLiteral("header=X-Since,from=id"));
        header.rows(1, 3);
        header.ends();
        const auto withHeader = header.planner.first();
        QVERIFY(withHeader.has_value());
        QCOMPARE(findHeader(withHeader->request.headers, "x-since"),
                 std::optional<std::string_view>("3"));
        Run body(QStringLiteral("body=$.after,from=id"));
        body.rows(1, 3);
        body.ends();
        QCOMPARE(body.planner.first()->request.body, std::string("{\"a\":1,\"after\":3}"));
        Run text(QStringLiteral("body=$.after,from=t"));
        text.rows("{\"t\":\"3\"}\n");
        text.ends();
        QCOMPARE(text.planner.first()->request.body, std::string("{\"a\":1,\"after\":\"3\"}"));
    }

    void aSyncAsksBehindTheWatermark_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("query");
        QTest::addColumn<qint64>("border");
        const auto row = [](const char *name, const char *rule, const char *rows, const char *query,
                            qint64 border) {
            QTest::newRow(name) << QString::fromUtf8(rule) << QString::fromUtf8(rows)
                                << QString::fromUtf8(query) << border;
        };
        constexpr qint64 kAll = std::numeric_limits<qint64>::max();
        const char *three = R"({"id":1}|{"id":2}|{"id":2})";
        row("exclusive", "param=s,from=id", three, "?s=2", 0);
        row("inclusive: rows of the last value come again", "param=s,from=id,inclusive", three,
            "?s=2", 2);
        row("with an overlap", "param=s,from=id,key=id,overlap=5", R"({"id":9}|{"id":10})", "?s=5",
            0);
        row("the largest counts where rows do not ascend", "param=s,from=id,inclusive",
            R"({"id":1}|{"id":5}|{"id":3})", "?s=5", 2);
        row("the last of opaque texts", "param=s,from=t", R"({"t":"z"}|{"t":"a"})", "?s=a", 0);
        row("no rows: as before", "param=s,from=id,initial=1", "", "?s=1", kAll);
        row("no rows and no token", "param=s,from=id", "", "", kAll);
        row("no such column", "param=s,from=seq", R"({"id":1})", "", kAll);
        row("no such column, by key", "param=s,from=seq,key=id", R"({"id":1})", "", 0);
    }

    void aSyncAsksBehindTheWatermark()
    {
        QFETCH(const QString, rule);
        QFETCH(QString, rows);
        QFETCH(const QString, query);
        QFETCH(const qint64, border);
        Run run(rule);
        run.first();
        if (!rows.isEmpty())
            run.rows(rows.replace(u'|', u'\n').append(u'\n').toStdString());
        QVERIFY(run.ends().isOver);
        QVERIFY(!run.planner.outcome().error);
        auto next = run.again(rule);
        QCOMPARE(next.planner.borderRows(), border);
        QCOMPARE(next.first(), QStringLiteral("http://localhost/rows") + query);
    }

    /// A whole answer proves nothing about a table that may hold a row twice.
    void whatIsInDoubtIsNotProven()
    {
        Run run(kById);
        run.first();
        run.rows(1, 3);
        run.ends();
        auto next = run.again(kById);
        next.first();
        QVERIFY(!next.planner.sendsAllAgain());
        const auto batch = next.batches->next("{\"id\":2}\n{\"id\":3}\n{\"id\":4}\n");
        QVERIFY(next.planner.admit(batch).has_value());
        QVERIFY(next.planner.sendsAllAgain());
        (void)next.planner.advance(batch, {});
        // One of the two was known by its content.
        LegReport report{.rows = RowCount(3), .newRows = RowCount(2)};
        report.findings.format = decode::Format::Json;
        report.findings.arrayClosed = true;
        QVERIFY(next.ends(report).isOver);
        const auto outcome = next.planner.outcome();
        QVERIFY(outcome.proof.empty());
        QVERIFY2(outcome.remarks.front().find("1 more are not here and were added") != std::string::npos,
                 outcome.remarks.front().c_str());
    }

    void syncsFollowEachOther()
    {
        const QString rule = QStringLiteral("param=since,from=id,key=id,overlap=2");
        Run run(rule);
        run.first();
        run.rows(1, 10);
        run.ends();
        auto second = run.again(rule);
        QCOMPARE(second.planner.plan(), std::string("asks for rows after id 8"));
        QCOMPARE(second.first(), QStringLiteral("http://localhost/rows?since=8"));
        second.ends(); // nothing new
        auto third = second.again(rule);
        QCOMPARE(third.first(), QStringLiteral("http://localhost/rows?since=8"));
        third.rows(9, 12);
        third.ends();
        QCOMPARE(third.again(rule).first(), QStringLiteral("http://localhost/rows?since=10"));
    }

    void aCutAnswerGoesOn_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("border");
        const auto row = [](const char *name, const char *rule, const char *rows, const char *query,
                            int border) {
            QTest::newRow(name) << QString::fromUtf8(rule) << QString::fromUtf8(rows)
                                << QString::fromUtf8(query) << border;
        };
        row("before any row", "param=s,from=id", "", "", 0);
        row("exclusive: more of the last value may come", "param=s,from=id",
            R"({"id":1}|{"id":2}|{"id":2})", "?s=1", 2);
        row("exclusive: nothing but the last value", "param=s,from=id", R"({"id":2}|{"id":2})", "",
            2);
        row("inclusive", "param=s,from=id,inclusive", R"({"id":1}|{"id":2}|{"id":2})", "?s=2", 2);
        row("rows do not ascend", "param=s,from=id,initial=0", R"({"id":3}|{"id":1})", "?s=0", 2);
    }

    /// Both on the way and by a later run.
    void aCutAnswerGoesOn()
    {
        QFETCH(const QString, rule);
        QFETCH(QString, rows);
        QFETCH(const QString, query);
        QFETCH(const int, border);
        Run run(rule);
        run.first();
        if (!rows.isEmpty())
            run.rows(rows.replace(u'|', u'\n').append(u'\n').toStdString());
        auto later = run.again(rule);
        QCOMPARE(later.planner.borderRows(), std::int64_t(border));
        QCOMPARE(later.first(), QStringLiteral("http://localhost/rows") + query);
        QCOMPARE(run.cut(), QStringLiteral("http://localhost/rows") + query);
        QCOMPARE(run.planner.borderRows(), std::int64_t(border));
    }

    void idsGoOnExactly()
    {
        Run run(kById);
        run.first();
        QVERIFY(run.rows(1, 5000));
        const auto next = run.planner.judge({.error = kLost});
        QCOMPARE(next.legs.at(0).request.url, std::string("http://localhost/rows?since=5000"));
        QVERIFY(!next.legs.at(0).mayRepeatBorder);
        QVERIFY(next.legs.at(0).delay >= std::chrono::milliseconds(0));
        QCOMPARE(next.legs.at(0).waitsFor->code, ErrorCode::ConnectionLost);
        QVERIFY(run.rows(5001, 5002));
        run.ends();
        QCOMPARE(run.first(), QStringLiteral("http://localhost/rows?since=5002"));
    }

    /// The overlap window of a sync that is cut is not left out by its resume.
    void aSyncThatIsCutBeforeItsFirstRowAsksAgain()
    {
        const QString rule = QStringLiteral("param=since,from=id,key=id,overlap=2");
        Run run(rule);
        run.rows(1, 10);
        run.ends();
        QCOMPARE(run.first(), QStringLiteral("http://localhost/rows?since=8"));
        QCOMPARE(run.again(rule).first(), QStringLiteral("http://localhost/rows?since=8"));
        QCOMPARE(run.cut(), QStringLiteral("http://localhost/rows?since=8"));
        run.rows(9, 9);
        QCOMPARE(run.cut(), QStringLiteral("http://localhost/rows?since=8"));
    }

    void whereGoingOnIsNotPossible_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("status");
        QTest::newRow("refused") << ErrorCode::HttpStatus << 404;
        QTest::newRow("the token is too old") << ErrorCode::HttpStatus << 410;
        QTest::newRow("broken rows") << ErrorCode::SyntaxError << 0;
    }

    void whereGoingOnIsNotPossible()
    {
        QFETCH(const ErrorCode, code);
        QFETCH(const int, status);
        Run run(kById);
        run.first();
        run.rows(1, 3);
        QCOMPARE(run.cut({.code = code, .nativeCode = status}), QStringLiteral("over"));
        QCOMPARE(run.planner.outcome().error->code, code);
    }

    void retriesAreCounted()
    {
        Run run(kById, "http://localhost/rows", 2);
        run.first();
        QVERIFY(run.cut(kLost, 0) != u"over");
        QVERIFY(run.cut(kLost, 0) != u"over");
        QVERIFY(run.cut(kLost, 0) == u"over");
        QCOMPARE(run.planner.outcome().error->code, ErrorCode::ConnectionLost);
        QVERIFY(run.planner.outcome().remarks.back() == "reconnected 2 times");
    }

    void tooManyRowsOfOneValueEndTheRun()
    {
        Run run(kById);
        run.first();
        std::string same;
        for (int i = 0; i < 1000; ++i)
            same += "{\"id\":5}\n";
        for (int i = 0; i < 101; ++i)
            run.rows(same);
        QCOMPARE(run.cut(), QStringLiteral("over"));
        QVERIFY(run.planner.outcome().error->detail.find("101,000") != std::string::npos);
        QCOMPARE(run.again(kById).planner.borderRows(), std::int64_t(101'000));
    }

    void tokensOfTheWholeAnswer_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::newRow("a header") << QStringLiteral("param=s,from=header:X-Sync-Token");
        QTest::newRow("an envelope field") << QStringLiteral("param=s,from=body:$.meta.next");
    }

    void tokensOfTheWholeAnswer()
    {
        QFETCH(const QString, rule);
        Run run(rule);
        const auto leg = run.planner.first();
        QCOMPARE(leg->means, transfer::LegMeans::Resuming);
        run.rows(1, 3); // the answer is not over
        QCOMPARE(run.again(rule).first(), QStringLiteral("http://localhost/rows"));
        QCOMPARE(run.again(rule).planner.borderRows(), std::int64_t(3));
        const auto head = std::make_shared<const transport::ResponseHead>(
            transport::ResponseHead{.headers = {{"X-Sync-Token", "opaque/+=="}}});
        run.ends({.head = head, .findings = {.envelope = {{"$.meta.next", "\"opaque/+==\""}}}});
        auto sync = run.again(rule);
        QCOMPARE(sync.planner.plan(), std::string("asks for rows after the token opaque/+=="));
        QCOMPARE(sync.first(), QStringLiteral("http://localhost/rows?s=opaque%2F%2B%3D%3D"));
        // An answer that names none leaves the token as it is.
        sync.ends();
        QCOMPARE(sync.again(rule).first(),
                 QStringLiteral("http://localhost/rows?s=opaque%2F%2B%3D%3D"));
    }

    void eventIds()
    {
        const QString rule = QStringLiteral("param=after,from=event-id");
        Run run(rule);
        run.first();
        run.rows("{\"a\":1}\n");
        QCOMPARE(run.again(rule).planner.borderRows(), std::int64_t(1));
        run.rows("{\"a\":2}\n", {.lastEventId = "e 2"});
        QCOMPARE(run.again(rule).planner.borderRows(), std::int64_t(0));
        QCOMPARE(run.cut(), QStringLiteral("http://localhost/rows?after=e%202"));
        run.ends();
        QCOMPARE(run.again(rule).first(), QStringLiteral("http://localhost/rows?after=e%202"));
    }

    void tellsWhatThisRunAskedFor()
    {
        const auto rule = QStringLiteral("param=since,from=id,inclusive");
        Run first(rule);
        QVERIFY(first.planner.first());
        first.rows(1, 20);
        first.ends();
        Run cut = first.again(rule);
        QCOMPARE(cut.first(), QStringLiteral("http://localhost/rows?since=20"));
        QVERIFY(cut.planner.outcome().remarks.front() == "asked for rows since 20");
        cut.rows(20, 31);
        // What goes on asks behind the rows that came, and says so.
        Run resumed = cut.again(rule);
        QCOMPARE(resumed.first(), QStringLiteral("http://localhost/rows?since=31"));
        QVERIFY(resumed.planner.outcome().remarks.front() == "asked for rows since 31");
    }

    void rowsFromElsewhere()
    {
        transfer::TokenTrack column;
        test::NdjsonBatches batches;
        column.note(batches.next("{\"id\":41}\n{\"id\":42}\n").columns[0]);
        Run run(kById);
        run.planner.startBehind(column);
        QCOMPARE(run.first(), QStringLiteral("http://localhost/rows?since=42"));
    }

    void aBrokenStateIsRefused()
    {
        for (const char *state : {"", "{}", "not json", R"({"kind":"pages"})"}) {
            Run run(kById);
            const auto restored = run.planner.restore(state);
            QVERIFY(!restored);
            QCOMPARE(restored.error().code, ErrorCode::LibraryDamaged);
        }
    }
};

QTEST_GUILESS_MAIN(TestSincePlanner)
#include "tst_since_planner.moc"
