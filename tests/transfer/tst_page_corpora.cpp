// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recorded answers of real servers, page by page.
#include "page_simulation.h"
#include "support/corpora.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <numeric>

using namespace freshet;
using namespace freshet::test;
using namespace freshet::transfer;
using namespace Qt::Literals::StringLiterals;

namespace {

std::string fileText(const QString &name)
{
    QFile file(corpusPath(u"api-shapes/"_s + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// How many rows each page of a shape has, as the corpus counted them.
QList<int> pageRows(const QString &id)
{
    const auto manifest =
        QJsonDocument::fromJson(QByteArray::fromStdString(fileText(u"manifest.json"_s)));
    const QJsonArray shapes = manifest[u"shapes"].toArray();
    QList<int> counts;
    for (const auto &entry : shapes) {
        const QJsonObject shape = entry.toObject();
        if (shape[u"id"].toString() != id)
            continue;
        const QJsonArray rows = shape[u"rows_per_page"].toArray();
        for (const auto &count : rows)
            counts += count.toInt();
    }
    return counts;
}

/// The recorded exchanges of GitHub, by URL.
SimulatedAnswer recorded(const QJsonArray &exchanges, const std::string &url)
{
    for (const auto &entry : exchanges) {
        const QJsonObject exchange = entry.toObject();
        if ("https://api.github.com" + exchange[u"path"].toString().toStdString() != url)
            continue;
        SimulatedAnswer answer{.status = exchange[u"status"].toInt()};
        const QJsonArray rows = exchange[u"response"].toArray();
        answer.body = QJsonDocument(rows).toJson().toStdString();
        const QJsonObject headers = exchange[u"headers"].toObject();
        for (auto header = headers.begin(); header != headers.end(); ++header)
            answer.headers.push_back(
                {header.key().toStdString(), header.value().toString().toStdString()});
        return answer;
    }
    return {.status = 404};
}

} // namespace

class TestPageCorpora : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void followsGitHubsLinks_data();
    void followsGitHubsLinks();
    void countsSocratasOffsets();
    void followsSalesforcesAddresses();
    void tellsSalesforcesError();
};

void TestPageCorpora::initTestCase()
{
    if (corpusPath(u"api-shapes/manifest.json"_s).isEmpty())
        QSKIP("the corpora are not here");
}

void TestPageCorpora::followsGitHubsLinks_data()
{
    QTest::addColumn<int>("style");
    QTest::newRow("as told") << static_cast<int>(PageStyle::Link);
    QTest::newRow("found") << static_cast<int>(PageStyle::Auto);
}

void TestPageCorpora::followsGitHubsLinks()
{
    QFETCH(const int, style);
    const QJsonArray exchanges =
        QJsonDocument::fromJson(
            QByteArray::fromStdString(fileText(u"github-link/normalized-fixture.json"_s)))
            .array();
    const QList<int> counts = pageRows(u"github-issues-link"_s);
    QVERIFY(counts.size() > 1);
    transport::ByteRequest request;
    request.url =
        "https://api.github.com/repos/octokit-fixture-org/paginate-issues/issues?per_page=3";
    request.headers = {{"Authorization", "Bearer secret"}};
    PageSimulation run(
        {.style = static_cast<PageStyle>(style)}, request,
        [&](const transport::ByteRequest &sent) { return recorded(exchanges, sent.url); });
    run.run();
    QCOMPARE(run.error, QString());
    QCOMPARE(std::ssize(run.requests), counts.size());
    QCOMPARE(run.rows.size(), std::accumulate(counts.begin(), counts.end(), qsizetype(0)));
    QVERIFY(!run.outcome.proof.empty() && run.outcome.loss.empty() && !run.outcome.error);
    // The path changes, the origin does not.
    for (const auto &sent : run.requests)
        QVERIFY(findHeader(sent.headers, "Authorization").has_value());
}

void TestPageCorpora::countsSocratasOffsets()
{
    const QList<int> counts = pageRows(u"socrata-soda2"_s);
    QCOMPARE(counts, (QList<int>{1000, 1}));
    const auto page = [](const std::string &offset) -> std::string {
        if (offset == "0")
            return fileText(u"socrata/bike_counts_page_1.json"_s);
        return offset == "1000" ? fileText(u"socrata/bike_counts_page_2.json"_s) : "[]";
    };
    for (const PageStyle style : {PageStyle::Offset, PageStyle::Auto}) {
        PageSimulation run({.style = style, .size = 1000},
                           {.url = "https://data.test/resource/x.json?$limit=1000&$offset=0"},
                           [&](const transport::ByteRequest &sent) -> SimulatedAnswer {
                               return {.body = page(valueIn(sent, "$offset").value_or(""))};
                           });
        run.run();
        QCOMPARE(run.rows.size(), 1001);
        QVERIFY(!run.outcome.proof.empty() && run.outcome.loss.empty() && !run.outcome.error);
    }
}

void TestPageCorpora::followsSalesforcesAddresses()
{
    const QList<int> counts = pageRows(u"salesforce-query"_s);
    QCOMPARE(counts, (QList<int>{1, 1}));
    PageSimulation run(
        {}, {.url = "https://na1.test/services/data/v26.0/query?q=select+Text_Label__c"},
        [](const transport::ByteRequest &sent) -> SimulatedAnswer {
            if (sent.url == "https://na1.test/services/data/v26.0/query/01gD")
                return {.body = fileText(u"salesforce/query_paginated_last_page_response.json"_s)};
            return {.body = fileText(u"salesforce/query_paginated_first_page_response.json"_s)};
        });
    run.run();
    QCOMPARE(run.requests.size(), 2u);
    QCOMPARE(run.rows.size(), 2);
    QVERIFY(!run.outcome.proof.empty() && run.outcome.loss.empty() && !run.outcome.error);
    QCOMPARE(run.outcome.declaredTotal->value(), 2);
}

void TestPageCorpora::tellsSalesforcesError()
{
    PageSimulation run(
        {}, {.url = "https://na1.test/services/data/v26.0/query"},
        [](const transport::ByteRequest &sent) -> SimulatedAnswer {
            if (sent.url.ends_with("01gD"))
                return {.body = fileText(u"salesforce/query_error_response.json"_s)};
            return {.body = fileText(u"salesforce/query_paginated_first_page_response.json"_s)};
        });
    run.run();
    QCOMPARE(run.rows.size(), 1);
    QVERIFY(run.outcome.error.has_value());
    QCOMPARE(run.outcome.error->code, ErrorCode::InBandError);
}

QTEST_APPLESS_MAIN(TestPageCorpora)
#include "tst_page_corpora.moc"
