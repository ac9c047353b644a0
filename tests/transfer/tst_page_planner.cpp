// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "page_servers.h"

#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;

namespace {

using Server = PageSimulation::Server;

/// A request, a rule and a server that fit each other.
struct Way
{
    PageRule rule;
    transport::ByteRequest request;
    Server (*server)(Table);
};

transport::ByteRequest get(const char *url)
{
    return {.url = url};
}

transport::ByteRequest post(const char *url, const char *body)
{
    return {.url = url, .method = "POST", .body = body};
}

const char *const kQuery =
    R"({"query":"query($cursor: String) { users(first: 5, after: $cursor) { nodes { id } } }"})";

QStringList numbersTo(std::int64_t count)
{
    QStringList texts;
    for (std::int64_t id = 0; id < count; ++id)
        texts += QString::number(id);
    return texts;
}

QString joined(const std::vector<std::string> &sentences)
{
    QStringList texts;
    for (const auto &sentence : sentences)
        texts += QString::fromStdString(sentence);
    return texts.join(u'\n');
}

std::map<const char *, Way> allWays()
{
    const char *const kRows = "http://api.test/v1/rows";
    const auto rule = [](PageStyle style, const char *from = "", const char *to = "") {
        return PageRule{.style = style, .positionTo = to, .positionFrom = from};
    };
    return {
        {"offset, Socrata",
         {rule(PageStyle::Offset), get("http://api.test/v1/rows?$offset=0&$limit=5"), bareOffsets}},
        {"offset, size chosen",
         {{.style = PageStyle::Offset, .positionTo = "$offset", .size = 4},
          get(kRows),
          bareOffsets}},
        {"offset, capped by GBIF",
         {rule(PageStyle::Offset), get("http://api.test/v1/rows?limit=5000"), gbif}},
        {"page number", {rule(PageStyle::Number), get(kRows), numbers}},
        {"page number from 0", {{.style = PageStyle::Number, .first = 0}, get(kRows), bareNumbers}},
        {"page number, 404 behind the last", {rule(PageStyle::Number), get(kRows), strictNumbers}},
        {"cursor", {rule(PageStyle::Cursor, "$.nextCursor"), get(kRows), cursors}},
        {"cursor, found", {rule(PageStyle::Cursor), get(kRows), cursors}},
        {"cursor, Crossref's",
         {rule(PageStyle::Cursor, "$.message.next-cursor"), get("http://api.test/v1/rows?cursor=*"),
          crossref}},
        {"cursor, empty page in the middle", {rule(PageStyle::Cursor), get(kRows), google}},
        {"cursor in a header",
         {rule(PageStyle::Cursor, "header:Sforce-Locator"), get(kRows), locator}},
        {"cursor into a body",
         {rule(PageStyle::Cursor, "$.cursor", "body:$.cursor"),
          post("http://api.test/_plugins/_sql", "{\"query\":\"select\"}"), openSearch}},
        {"keyset", {rule(PageStyle::Keyset, "id", "starting_after"), get(kRows), stripe}},
        {"Link", {rule(PageStyle::Link), get(kRows), github}},
        {"next, Trino's",
         {rule(PageStyle::Next, "$.nextUri"), post("http://api.test/v1/statement", "select 1"),
          trino}},
        {"next, OData's", {rule(PageStyle::Next), get(kRows), odata}},
        {"next, CKAN's for ever", {rule(PageStyle::Next), get(kRows), ckan}},
        {"next, JSON:API's", {rule(PageStyle::Next, "$.links.next"), get(kRows), jsonApi}},
        {"GraphQL", {rule(PageStyle::GraphQl), post(kRows, kQuery), graphQl}},
        {"scroll",
         {rule(PageStyle::Scroll, "$._scroll_id"),
          post("http://api.test/rows/_search?scroll=5m", "{}"), scroll}},
    };
}

} // namespace

class TestPagePlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void getsAllPages_data();
    void getsAllPages();
    void findsTheStyle_data();
    void findsTheStyle();
    void goesOnAfterAnyPage_data();
    void goesOnAfterAnyPage();
    void takesADocumentWithoutAListForARow();
    void asksForSeveralPagesAtOnce();
    void asksAnewBehindAShortPage();
    void growsThePageSize();
    void goesBackFromARefusedSize();
    void stopsAtALimit();
    void doesNotCallALoopComplete_data();
    void doesNotCallALoopComplete();
    void tellsFailures_data();
    void tellsFailures();
    void keepsSecretsAtHome();
    void keepsSecretsOutOfTheState();
    void comparesTheTotal_data();
    void comparesTheTotal();
    void tellsWhatItWillDo();
    void refusesADamagedState();
};

void TestPagePlanner::getsAllPages_data()
{
    QTest::addColumn<QByteArray>("way");
    QTest::addColumn<int>("count");
    for (const auto &[name, way] : allWays()) {
        for (const int count : {0, 1, 4, 5, 6, 20, 23})
            QTest::newRow(
                qPrintable(QStringLiteral("%1, %2 rows").arg(QString::fromUtf8(name)).arg(count)))
                << QByteArray(name) << count;
    }
}

void TestPagePlanner::getsAllPages()
{
    QFETCH(const QByteArray, way);
    QFETCH(const int, count);
    const auto ways = allWays();
    const auto found =
        std::ranges::find(ways, way, [](const auto &entry) { return QByteArray(entry.first); });
    const auto &[rule, request, server] = found->second;
    if (count == 0 && way.contains("404"))
        QSKIP("that server has no page at all then");
    PageSimulation run(rule, request, server({.count = count}));
    run.run();
    QCOMPARE(run.error, QString());
    QVERIFY(run.isOver);
    QCOMPARE(run.rows, numbersTo(count));
    const bool isFullAtTheEnd = way.contains("404") && count == 20;
    QCOMPARE(run.outcome.error.has_value(), isFullAtTheEnd);
    QCOMPARE(joined(run.outcome.loss), QString());
    // What an empty first answer proves is for the verdict to say.
    if (!isFullAtTheEnd && count > 5)
        QVERIFY2(!run.outcome.proof.empty(), qPrintable(joined(run.outcome.remarks)));
    if (run.outcome.declaredTotal)
        QCOMPARE(run.outcome.declaredTotal->value(), count);
}

void TestPagePlanner::findsTheStyle_data()
{
    QTest::addColumn<QByteArray>("way");
    for (const auto &[name, way] : allWays()) {
        // A key and a size cannot be found; nor a page number that nothing speaks of.
        const QByteArray text(name);
        if (text != "keyset" && text != "offset, size chosen" && text != "page number from 0" &&
            !text.contains("404") && text != "cursor into a body")
            QTest::newRow(name) << text;
    }
}

void TestPagePlanner::findsTheStyle()
{
    QFETCH(const QByteArray, way);
    const auto ways = allWays();
    const auto found =
        std::ranges::find(ways, way, [](const auto &entry) { return QByteArray(entry.first); });
    const auto &[rule, request, server] = found->second;
    PageSimulation run(PageRule{}, request, server({}));
    run.run();
    QCOMPARE(run.rows, numbersTo(23));
    QVERIFY(!run.outcome.proof.empty());
    QVERIFY(joined(run.outcome.remarks)
                .contains(QStringLiteral("looks like pages by ") +
                          QString::fromStdString(std::string(pageStyleText(rule.style)))));
}

void TestPagePlanner::goesOnAfterAnyPage_data()
{
    getsAllPages_data();
}

void TestPagePlanner::goesOnAfterAnyPage()
{
    QFETCH(const QByteArray, way);
    QFETCH(const int, count);
    if (count < 20)
        return;
    const auto ways = allWays();
    const auto found =
        std::ranges::find(ways, way, [](const auto &entry) { return QByteArray(entry.first); });
    const auto &[rule, request, server] = found->second;
    for (int cut = 1; cut < 12; ++cut) {
        PageSimulation run(rule, request, server({.count = count}));
        run.run(cut);
        if (run.isOver)
            break;
        QVERIFY(run.restart().has_value());
        run.run();
        QCOMPARE(run.error, QString());
        QCOMPARE(run.rows, numbersTo(count));
        QCOMPARE(joined(run.outcome.loss), QString());
    }
}

void TestPagePlanner::takesADocumentWithoutAListForARow()
{
    PageSimulation run(PageRule{}, get("http://api.test/row/7"),
                       [](const transport::ByteRequest &) -> SimulatedAnswer {
                           return {.body = R"({"id":7,"name":"x"})"};
                       });
    run.run();
    QCOMPARE(run.rows, QStringList(QStringLiteral("7")));
    QCOMPARE(run.requests.size(), 2u);
    QVERIFY(run.outcome.loss.empty() && !run.outcome.error);
}

void TestPagePlanner::asksForSeveralPagesAtOnce()
{
    PageSimulation run({.style = PageStyle::Offset, .size = 5, .inFlight = 4},
                       get("http://api.test/rows?$offset=0&$limit=10"),
                       bareOffsets({.count = 200}));
    run.run();
    QCOMPARE(run.rows, numbersTo(200));
    QCOMPARE(run.mostUnderWay, 4u);

    PageSimulation numbered({.style = PageStyle::Number, .inFlight = 3},
                            get("http://api.test/rows"), numbers({.count = 200}));
    numbered.run();
    QCOMPARE(numbered.rows, numbersTo(200));
    QCOMPARE(numbered.mostUnderWay, 3u);
    QCOMPARE(numbered.requests.size(), 40u); // the number of pages is known: none too many
}

void TestPagePlanner::asksAnewBehindAShortPage()
{
    // One page in the middle is shorter than the others, as if a byte limit had struck.
    const Table table{.count = 100};
    const Server server = [table](const transport::ByteRequest &request) -> SimulatedAnswer {
        const std::int64_t offset = numberIn(request, "offset", 0);
        return {.body = table.rows(offset, offset == 40 ? 7 : 10)};
    };
    PageSimulation run({.style = PageStyle::Offset, .size = 10}, get("http://api.test/rows"),
                       server);
    run.run();
    QCOMPARE(run.rows, numbersTo(100));
    QVERIFY(run.mostUnderWay > 1);
    QVERIFY(!run.outcome.proof.empty());
}

void TestPagePlanner::growsThePageSize()
{
    PageSimulation run({.style = PageStyle::Cursor}, get("http://api.test/rows?limit=10"),
                       cursors({.count = 20'000, .most = 100'000}));
    run.run();
    QCOMPARE(run.rows, numbersTo(20'000));
    QVERIFY(run.requests.size() < 12);
    // The user's own size stays.
    PageSimulation fixed({.style = PageStyle::Cursor, .size = 1000},
                         get("http://api.test/rows?limit=10"),
                         cursors({.count = 20'000, .most = 100'000}));
    fixed.run();
    QCOMPARE(fixed.rows, numbersTo(20'000));
    QCOMPARE(fixed.requests.size(), 20u);
}

void TestPagePlanner::goesBackFromARefusedSize()
{
    const Server most100 = [](const transport::ByteRequest &request) -> SimulatedAnswer {
        if (numberIn(request, "limit", 10) > 100)
            return {.status = 400};
        return cursors({.count = 1000})(request);
    };
    PageSimulation run({.style = PageStyle::Cursor}, get("http://api.test/rows?limit=10"), most100);
    run.run();
    QCOMPARE(run.rows, numbersTo(1000));
    QVERIFY(!run.outcome.error);
    QVERIFY(!run.outcome.proof.empty());
}

void TestPagePlanner::stopsAtALimit()
{
    PageSimulation run(
        {.style = PageStyle::Offset, .size = 10}, get("http://api.test/rows"),
        [](const transport::ByteRequest &request) -> SimulatedAnswer {
            return {.body = Table{.count = 1000}.rows(numberIn(request, "offset", 0), 10)};
        },
        RowCount(35));
    run.run(4);
    QCOMPARE(run.rows, numbersTo(40));
    QCOMPARE(run.requests.size(), 4u); // a limit asks for no page beyond it
}

void TestPagePlanner::doesNotCallALoopComplete_data()
{
    QTest::addColumn<int>("style");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("pages");
    const auto row = [](const char *name, PageStyle style, const char *from, const char *body,
                        int pages) {
        QTest::newRow(name) << static_cast<int>(style) << QByteArray(from) << QByteArray(body)
                            << pages;
    };
    row("the offset is ignored", PageStyle::Offset, "", R"([{"id":1},{"id":2}])", 2);
    row("the page number is ignored", PageStyle::Number, "", R"([{"id":1},{"id":2}])", 2);
    row("the cursor is ignored", PageStyle::Cursor, "$.next_cursor",
        R"({"data":[{"id":1},{"id":2}],"next_cursor":"x"})", 2);
    row("next leads to itself", PageStyle::Next, "$.next",
        R"({"data":[{"id":1},{"id":2}],"next":"/rows"})", 2);
    row("one row again and again", PageStyle::Number, "", R"([{"id":1}])", 101);
    row("nothing again and again", PageStyle::Next, "$.nextUri",
        R"({"stats":{"state":"RUNNING"},"nextUri":"http://api.test/q"})", 1001);
}

void TestPagePlanner::doesNotCallALoopComplete()
{
    QFETCH(const int, style);
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, body);
    QFETCH(const int, pages);
    PageSimulation run({.style = static_cast<PageStyle>(style), .positionFrom = from.toStdString()},
                       get("http://api.test/rows"),
                       [&](const transport::ByteRequest &) -> SimulatedAnswer {
                           return {.body = body.toStdString()};
                       });
    run.run();
    QVERIFY(run.isOver);
    QCOMPARE(joined(run.outcome.proof), QString());
    QCOMPARE(run.outcome.loss.size(), 1u);
    // What is under way when the loop shows is asked for in vain.
    QVERIFY(std::ssize(run.requests) >= pages && std::ssize(run.requests) <= pages + 3);
}

void TestPagePlanner::tellsFailures_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, int status, const char *body, const char *code) {
        QTest::newRow(name) << status << QByteArray(body) << QString::fromUtf8(code);
    };
    row("500", 500, "", "HttpStatus");
    row("401", 401, "", "HttpStatus");
    row("404 behind a full page", 404, "", "HttpStatus");
    row("an error in a 200", 200, R"({"error":{"message":"quota"}})", "InBandError");
    row("an error beside rows", 200, R"({"data":[],"errors":[{"m":1}],"nextCursor":"x"})",
        "InBandError");
    row("a login page", 200, "<html>", "SyntaxError");
    row("half a document", 200, R"({"data":[{"id":5},{"id":6})", "Truncated");
    row("an empty body", 200, "", "RowsNotFound");
}

void TestPagePlanner::tellsFailures()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, code);
    PageSimulation run({.style = PageStyle::Cursor}, get("http://api.test/rows"),
                       [&](const transport::ByteRequest &request) -> SimulatedAnswer {
                           if (numberIn(request, "cursor", 0) == 10)
                               return {.status = status, .body = body.toStdString()};
                           return cursors({})(request);
                       });
    run.run();
    QCOMPARE(run.requests.size(), 3u);
    QVERIFY(run.rows.size() >= 10);
    QCOMPARE(run.rows.first(10), numbersTo(10));
    QVERIFY(run.outcome.proof.empty());
    QVERIFY(run.outcome.error.has_value());
    QCOMPARE(QString::fromStdString(std::string(errorCodeName(run.outcome.error->code))), code);
    QVERIFY(run.outcome.error->detail.starts_with("page 3: "));
    // What failed is asked for again.
    QCOMPARE(run.keptPlan, std::string("asks for page 3 (cursor 10)"));
}

void TestPagePlanner::keepsSecretsAtHome()
{
    transport::ByteRequest request = get("http://me:secret@api.test/rows");
    request.headers = {{"Authorization", "Bearer secret"}, {"X-Kind", "a"}};
    int page = 0;
    PageSimulation run({.style = PageStyle::Next}, request,
                       [&](const transport::ByteRequest &) -> SimulatedAnswer {
                           static const char *const kNext[] = {
                               "\"/rows?page=2\"", "\"http://other.test/rows?page=3\"",
                               "\"http://api.test/rows?page=4\"", "null"};
                           const std::string body = "{\"data\":" + rowsText(page, page + 1) +
                                                    ",\"next\":" + kNext[page] + '}';
                           ++page;
                           return {.body = body};
                       });
    run.run();
    QCOMPARE(run.requests.size(), 4u);
    const auto has = [&](std::size_t i) {
        return findHeader(run.requests[i].headers, "Authorization").has_value();
    };
    QVERIFY(has(0) && has(1) && !has(2) && !has(3)); // once gone, they are gone
    QCOMPARE(run.requests[1].url, std::string("http://me:secret@api.test/rows?page=2"));
    QCOMPARE(run.requests[2].url, std::string("http://other.test/rows?page=3"));
    QCOMPARE(run.requests[3].url, std::string("http://api.test/rows?page=4"));
    for (const auto &sent : run.requests)
        QVERIFY(findHeader(sent.headers, "X-Kind").has_value());
}

void TestPagePlanner::keepsSecretsOutOfTheState()
{
    PageSimulation run({.style = PageStyle::Next}, get("http://api.test/rows?api_key=hunter2"),
                       [&](const transport::ByteRequest &request) -> SimulatedAnswer {
                           const std::int64_t page = numberIn(request, "page", 1);
                           return {.body = "{\"data\":" + rowsText(page, page + 2) +
                                           ",\"next\":\"/rows?api_key=hunter2&page=" +
                                           std::to_string(page + 2) + "\"}"};
                       });
    run.run(1);
    QVERIFY(run.keptState().find("hunter") == std::string::npos);
    QVERIFY(run.plan().find("hunter") == std::string::npos);
    QVERIFY(run.restart().has_value());
    run.run(1);
    QCOMPARE(run.requests.back().url, std::string("http://api.test/rows?api_key=hunter2&page=3"));
}

void TestPagePlanner::comparesTheTotal_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<int>("total"); // -1: none
    const auto row = [](const char *name, const char *members, const char *url, int total) {
        QTest::newRow(name) << QByteArray(members) << QByteArray(url) << total;
    };
    const char *const kRows = "http://api.test/rows";
    row("said beside the rows", "\"total\":30", kRows, 30);
    row("said in a page's own part", "\"meta\":{\"total_count\":\"30\"}", kRows, 30);
    row("less than a page has", "\"total\":3", kRows, -1);
    row("a count of the page", "\"count\":5", kRows, -1);
    row("a lower bound", "\"total\":{\"value\":30,\"relation\":\"gte\"}", kRows, -1);
    row("for a download from the middle on", "\"total\":30", "http://api.test/rows?cursor=5", -1);
}

void TestPagePlanner::comparesTheTotal()
{
    QFETCH(const QByteArray, members);
    QFETCH(const QByteArray, url);
    QFETCH(const int, total);
    PageSimulation run({.style = PageStyle::Cursor}, get(url.constData()),
                       [&](const transport::ByteRequest &request) -> SimulatedAnswer {
                           SimulatedAnswer answer = cursors({})(request);
                           answer.body.insert(1, members.toStdString() + ',');
                           return answer;
                       });
    run.run();
    QVERIFY(!run.outcome.proof.empty());
    QCOMPARE(run.outcome.declaredTotal ? int(run.outcome.declaredTotal->value()) : -1, total);
}

void TestPagePlanner::tellsWhatItWillDo()
{
    PageSimulation run({.style = PageStyle::Offset, .size = 1000}, get("http://api.test/rows"),
                       [](const transport::ByteRequest &request) {
                           return SimulatedAnswer{.body = Table{.count = 50'000}.rows(
                                                      numberIn(request, "offset", 0), 1000)};
                       });
    QCOMPARE(run.plan(), std::string("asks for page 1 (offset 0)"));
    run.run(12);
    QCOMPARE(run.plan(), std::string("asks for page 13 (offset 12,000)"));
}

void TestPagePlanner::refusesADamagedState()
{
    for (const char *state : {"", "[]", "{}", R"({"pages":"x"})",
                              R"({"pages":3,"rule":{"style":"offset"},"course":{}})",
                              R"({"pages":3,"rule":{"style":"cursor"},"course":{"next":1}})"}) {
        PagePlanner planner({.style = PageStyle::Offset}, get("http://api.test/rows"), {});
        const auto restored = planner.restore(state);
        QVERIFY(!restored);
        QCOMPARE(restored.error().code, ErrorCode::LibraryDamaged);
    }
}

QTEST_APPLESS_MAIN(TestPagePlanner)
#include "tst_page_planner.moc"
