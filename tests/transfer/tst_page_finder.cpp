// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/corpora.h"
#include "support/json_decoding.h"
#include "transfer/page_finder.h"

#include <QFile>
#include <QTest>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;

namespace {

/// A decoded answer, with what a PageAnswer refers to.
struct Answered
{
    transport::ResponseHead head;
    decode::DecodeFindings findings;
    std::int64_t rows = 0;

    Answered(const QByteArray &body, const QByteArray &link, const std::string &url)
    {
        decode::DecodeOptions options;
        options.format = decode::Format::Json;
        WholeRun run;
        decodeWhole(run, body, options);
        findings = run.findings;
        rows = run.rows;
        head.status = 200;
        head.finalUrl = url;
        if (!link.isEmpty())
            head.headers = {{"Link", link.toStdString()}};
    }
    [[nodiscard]] PageAnswer answer() const { return {head, findings, rows}; }
};

} // namespace

class TestPageFinder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raisesNoFalseAlarm_data();
    void raisesNoFalseAlarm();
    void seesThatThereIsMore_data();
    void seesThatThereIsMore();
    void findsTheStyleOfKnownShapes_data();
    void findsTheStyleOfKnownShapes();
};

void TestPageFinder::raisesNoFalseAlarm_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("url");
    const auto row = [](const char *name, const char *body,
                        const char *url = "http://api.test/rows") {
        QTest::newRow(name) << QByteArray(body) << QByteArray(url);
    };
    row("rows with a member called next", R"([{"id":1,"next":"/x"},{"id":2,"next":"/y"}])");
    row("rows with a cursor", R"({"data":[{"nextCursor":"x"}]})");
    row("one row with a member called next", R"({"id":1,"next":"http://a.test/2"})");
    row("one row with a list", R"({"id":1,"nextCursor":"x","tags":["a","b"]})");
    row("next is null", R"({"data":[{"id":1}],"next":null,"nextCursor":null})");
    row("next is empty", R"({"data":[{"id":1}],"next":"","next_url":""})");
    row("next is a date", R"({"data":[{"id":1}],"next":"2026-01-01"})");
    row("no more, with a cursor", R"({"data":[{"id":1}],"endCursor":"x","hasMore":false})");
    row("a total of money", R"({"rows":[{"id":1}],"total":1500})");
    row("the total is there", R"({"rows":[{"id":1}],"total":1,"limit":10,"next":"/x"})");
    row("a task that is not done", R"({"items":[{"id":1}],"done":false})");
    row("more, which is text", R"({"items":[{"id":1}],"more":"see the manual"})");
    row("the last of its pages",
        R"({"data":[{"id":1}],"pagination":{"page":3,"limit":10,"total":21,"totalPages":3}})",
        "http://api.test/rows?page=3");
    row("a full page by a size asked for", R"([{"id":1},{"id":2}])",
        "http://api.test/rows?limit=2&offset=0");
    row("Spring's only page",
        R"({"content":[{"id":1}],"last":true,"totalPages":1,"totalElements":1,"number":0})");
    row("links beside the rows", R"({"data":[{"id":1}],"links":{"self":"/x","last":"/y"}})");
    row("column-wise metadata", R"({"meta":[{"name":"id"}],"data":[{"id":1}],"rows":1})");
    row("no rows", R"({"data":[],"cursor":"x"})");
}

void TestPageFinder::raisesNoFalseAlarm()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, url);
    const Answered answered(body, {}, url.toStdString());
    const auto sentence = tellsOfMore({.url = url.toStdString()}, answered.answer());
    QVERIFY2(!sentence, sentence.value_or("").c_str());
}

void TestPageFinder::seesThatThereIsMore_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("link");
    QTest::addColumn<QByteArray>("sentence");
    const auto row = [](const char *name, const char *body, const char *link,
                        const char *sentence) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(link) << QByteArray(sentence);
    };
    row("a cursor", R"({"data":[{"id":1}],"nextCursor":"abc","total":9})", "",
        "the server says there is more: $.nextCursor → cursor; 1 of 9 rows; "
        "get it with --page cursor");
    row("a Link header", R"([{"id":1}])", "<?page=2>; rel=next",
        "the server says there is more: rel=next; 1 rows; get it with --page link");
    row("a next address", R"({"results":[{"id":1}],"next":"http://api.test/rows?page=2"})", "",
        "the server says there is more: $.next; 1 rows; get it with --page next");
    row("a flag alone", R"({"data":[{"id":1}],"has_more":true})", "",
        "the server says there is more: $.has_more is true");
    row("a total with a page size", R"({"data":[{"id":1}],"total":9,"offset":0})", "",
        "the server says there is more: offset; 1 of 9 rows; get it with --page offset");
}

void TestPageFinder::seesThatThereIsMore()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, link);
    QFETCH(const QByteArray, sentence);
    const Answered answered(body, link, "http://api.test/rows");
    const auto said = tellsOfMore({.url = "http://api.test/rows"}, answered.answer());
    QCOMPARE(QByteArray::fromStdString(said.value_or("")), sentence);
}

void TestPageFinder::findsTheStyleOfKnownShapes_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("style"); // empty: none
    QTest::addColumn<QByteArray>("from");
    const auto row = [](const char *file, const char *style, const char *from) {
        QTest::newRow(file) << QString::fromUtf8(file) << QByteArray(style) << QByteArray(from);
    };
    row("salesforce/query_paginated_first_page_response.json", "next", "$.nextRecordsUrl");
    row("salesforce/query_paginated_last_page_response.json", "", "");
    row("salesforce/query_success_response.json", "", "");
    row("datasette/default_objects.json", "", "");
    row("elasticsearch/search_response.json", "", "");
    row("jsonapi/example_4.json", "next", "$.links.next");
    row("clickhouse/JSON.json", "", "");
    row("socrata/bike_counts_page_1.json", "", "");
    row("bigquery/values-array.json", "", "");
}

void TestPageFinder::findsTheStyleOfKnownShapes()
{
    QFETCH(const QString, file);
    QFETCH(const QByteArray, style);
    QFETCH(const QByteArray, from);
    QFile body(corpusPath(QStringLiteral("api-shapes/") + file));
    if (!body.open(QIODevice::ReadOnly))
        QSKIP("the corpora are not here");
    const std::string url = "http://api.test/rows";
    const Answered answered(body.readAll(), {}, url);
    const auto found = findPages({.url = url}, answered.answer());
    QCOMPARE(found ? QByteArray::fromStdString(std::string(pageStyleName(found->rule.style)))
                   : QByteArray(),
             style);
    if (found)
        QCOMPARE(QByteArray::fromStdString(found->rule.positionFrom), from);
}

QTEST_APPLESS_MAIN(TestPageFinder)
#include "tst_page_finder.moc"
