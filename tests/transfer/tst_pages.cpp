// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole transfers of paged answers from the demo server.
#include "columnar/value_text.h"
#include "demo/demo_server.h"
#include "support/raw_server.h"
#include "transfer/sync.h"

#include <QTemporaryDir>
#include <QTest>

#include <numeric>
#include <random>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

/// All rows as text, for comparison.
std::string tableText(const store::Dataset &dataset)
{
    const auto snapshot = dataset.snapshot();
    std::vector<int> columns(snapshot.schema()->fields.size());
    std::iota(columns.begin(), columns.end(), 0);
    std::string text;
    for (std::int64_t number = 0; number < snapshot.batchCount(); ++number) {
        const auto batch = snapshot.batch(number, columns);
        if (!batch)
            return batch.error().toString();
        for (std::int64_t row = 0; row < batch->rowCount; ++row) {
            for (const auto &column : batch->columns) {
                if (column.isNull(row))
                    text += "null";
                else
                    columnar::appendText(text, column, row);
                text += '|';
            }
            text += '\n';
        }
    }
    return text;
}

} // namespace

class TestPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void getsTheWholeTable_data();
    void getsTheWholeTable();
    void tellsWhatIsNotAll_data();
    void tellsWhatIsNotAll();
    void goesOnAtAnyPoint_data();
    void goesOnAtAnyPoint();
    void comesOverOneConnection();
    void stopsAtTheLimit();
    void seesThatThereIsMore_data();
    void seesThatThereIsMore();
    void fetchesWhatIsNew_data();
    void fetchesWhatIsNew();
    void goesOnInTheMiddleOfWhatIsNew();
    void keepsTheWatermarkOfWhatIsNotWhole();

private:
    [[nodiscard]] DownloadRequest requestFor(const QString &query,
                                             std::optional<PageStyle> style) const;
    [[nodiscard]] std::unique_ptr<Transfer> finished(DownloadRequest request);
    [[nodiscard]] std::string reference(int rows);

    std::unique_ptr<demo::DemoServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestPages::initTestCase()
{
    auto server = demo::DemoServer::start();
    QVERIFY(server.has_value());
    m_server = std::move(*server);
}

void TestPages::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = std::move(*library);
}

DownloadRequest TestPages::requestFor(const QString &query, std::optional<PageStyle> style) const
{
    DownloadRequest request;
    request.bytes.url = m_server->origin() + "/api/users?" + query.toStdString();
    request.retry.firstDelay = 1ms;
    request.retry.maxRetries = 2;
    if (style)
        request.pages = PageRule{.style = *style};
    return request;
}

std::unique_ptr<Transfer> TestPages::finished(DownloadRequest request)
{
    auto transfer = Transfer::start(m_library, std::move(request), {});
    if (!transfer || !(*transfer)->waitFor(60s))
        return nullptr;
    return std::move(*transfer);
}

/// The same rows in one answer.
std::string TestPages::reference(int rows)
{
    const auto whole = finished(requestFor(QStringLiteral("rows=%1").arg(rows), std::nullopt));
    return whole ? tableText(*whole->dataset()) : "no reference";
}

void TestPages::getsTheWholeTable_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("style");
    const auto row = [](const char *name, const char *query, PageStyle style) {
        QTest::newRow(name) << QString::fromUtf8(query) << static_cast<int>(style);
        if (style != PageStyle::Auto)
            QTest::newRow(qPrintable(QString::fromUtf8(name) + QStringLiteral(", found")))
                << QString::fromUtf8(query) << static_cast<int>(PageStyle::Auto);
    };
    row("page numbers", "page=1&limit=70", PageStyle::Number);
    row("offsets", "offset=0&limit=70", PageStyle::Offset);
    row("offsets, capped", "offset=0&limit=5000&cap=90", PageStyle::Offset);
    row("offsets, short pages in the middle", "offset=0&limit=50&trap=short", PageStyle::Offset);
    row("a cursor", "cursor=&limit=70", PageStyle::Cursor);
    row("a Link header", "page=1&link=yes&limit=70", PageStyle::Link);
}

void TestPages::getsTheWholeTable()
{
    QFETCH(const QString, query);
    QFETCH(const int, style);
    const auto pages =
        finished(requestFor(query + QStringLiteral("&rows=1000"), static_cast<PageStyle>(style)));
    QVERIFY(pages);
    const Progress progress = pages->progress();
    QVERIFY(progress.verdict.has_value());
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
             progress.verdict->evidence.front().c_str());
    QCOMPARE(progress.rows.value(), 1000);
    QVERIFY(tableText(*pages->dataset()) == reference(1000));
}

void TestPages::tellsWhatIsNotAll_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("style");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const char *query, PageStyle style, const char *reason) {
        QTest::newRow(name) << QString::fromUtf8(query) << static_cast<int>(style)
                            << QString::fromUtf8(reason);
    };
    row("an error in place of a page", "cursor=&limit=100&fault=error:250", PageStyle::Cursor,
        "page 3: ");
    row("a page that is always cut", "offset=0&limit=100&fault=cut:250", PageStyle::Offset,
        "page 3: ");
    row("the first page again and again", "page=1&link=yes&limit=100&trap=repeat", PageStyle::Link,
        "page 2 brought the same 100 rows as page 1");
}

void TestPages::tellsWhatIsNotAll()
{
    QFETCH(const QString, query);
    QFETCH(const int, style);
    QFETCH(const QString, reason);
    DownloadRequest request =
        requestFor(query + QStringLiteral("&rows=1000"), static_cast<PageStyle>(style));
    request.pages->size = 100;
    const auto pages = finished(std::move(request));
    QVERIFY(pages);
    const Progress progress = pages->progress();
    QVERIFY(progress.verdict.has_value());
    QVERIFY(progress.verdict->kind == VerdictKind::Incomplete);
    QVERIFY2(QString::fromStdString(progress.verdict->evidence.front()).contains(reason),
             progress.verdict->evidence.front().c_str());
    QCOMPARE(progress.rows.value(), 200);
}

void TestPages::goesOnAtAnyPoint_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("style");
    QTest::newRow("page numbers") << QStringLiteral("page=1&limit=50")
                                  << static_cast<int>(PageStyle::Number);
    QTest::newRow("offsets") << QStringLiteral("offset=0&limit=50")
                             << static_cast<int>(PageStyle::Offset);
    QTest::newRow("a cursor") << QStringLiteral("cursor=&limit=50")
                              << static_cast<int>(PageStyle::Cursor);
    QTest::newRow("a Link header")
        << QStringLiteral("page=1&link=yes&limit=50") << static_cast<int>(PageStyle::Link);
    QTest::newRow("found") << QStringLiteral("cursor=&limit=50")
                           << static_cast<int>(PageStyle::Auto);
}

void TestPages::goesOnAtAnyPoint()
{
    QFETCH(const QString, query);
    QFETCH(const int, style);
    constexpr int kRows = 3000;
    const std::string expected = reference(kRows);
    std::minstd_rand random(7);
    DownloadRequest request =
        requestFor(query + QStringLiteral("&rows=%1").arg(kRows), static_cast<PageStyle>(style));
    request.pages->size = 50;

    // Cut at random rows, several times in a row.
    const auto cutAfter = [&random](std::int64_t rows) {
        return rows + 1 + static_cast<std::int64_t>(random() % 700);
    };
    std::int64_t stopAt = cutAfter(0);
    Transfer::Options options;
    std::atomic<Transfer *> current = nullptr;
    options.beforeWrite = [&] {
        Transfer *const transfer = current;
        if (transfer != nullptr && transfer->progress().rows.value() >= stopAt)
            transfer->cancel();
    };
    auto started = Transfer::start(m_library, request, options);
    QVERIFY(started.has_value());
    std::unique_ptr<Transfer> transfer = std::move(*started);
    current = transfer.get();
    int runs = 1;
    for (; runs < 60; ++runs) {
        QVERIFY(transfer->waitFor(60s));
        const Progress progress = transfer->progress();
        if (progress.state != TransferState::Cancelled)
            break;
        const std::string name = transfer->datasetName();
        current = nullptr;
        transfer.reset();
        stopAt = cutAfter(progress.rows.value());
        auto resumed = Transfer::resume(m_library, name, {}, options);
        QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().toString().c_str());
        transfer = std::move(*resumed);
        current = transfer.get();
    }
    const Progress progress = transfer->progress();
    QVERIFY(progress.verdict.has_value());
    QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
             progress.verdict->evidence.front().c_str());
    QCOMPARE(progress.rows.value(), kRows);
    QVERIFY(tableText(*transfer->dataset()) == expected);
}

/// Each script is one connection: a second one would play another.
void TestPages::comesOverOneConnection()
{
    const auto answer = [](const std::string &body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    test::RawServer server(
        {test::Script()
             .send(answer(R"({"rows":[{"id":1},{"id":2}],"next_cursor":"a"})"))
             .awaitRequest()
             .send(answer(R"({"rows":[{"id":3},{"id":4}],"next_cursor":"b"})"))
             .awaitRequest()
             .send(answer(R"({"rows":[{"id":5}],"next_cursor":null})")),
         test::Script().send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")});
    DownloadRequest request;
    request.bytes.url = server.url("/rows?cursor=");
    request.retry.maxRetries = 0;
    request.pages = PageRule{.style = PageStyle::Cursor};
    const auto transfer = finished(std::move(request));
    QVERIFY(transfer != nullptr);
    QCOMPARE(transfer->progress().verdict->kind, VerdictKind::Verified);
    QCOMPARE(transfer->progress().rows, RowCount(5));
    QCOMPARE(server.requests().size(), 3U);
}

void TestPages::stopsAtTheLimit()
{
    DownloadRequest request =
        requestFor(QStringLiteral("offset=0&limit=50&rows=1000"), PageStyle::Offset);
    request.limit = RowCount(120);
    const auto pages = finished(std::move(request));
    QVERIFY(pages);
    QCOMPARE(pages->progress().rows.value(), 120);
    QVERIFY(pages->progress().verdict->kind == VerdictKind::Incomplete);
}

void TestPages::seesThatThereIsMore_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("reason"); // empty: all is there
    const auto row = [](const char *name, const char *query, const char *reason) {
        QTest::newRow(name) << QString::fromUtf8(query) << QString::fromUtf8(reason);
    };
    row("a cursor", "cursor=&limit=100", "get it with --page cursor");
    row("a page number", "page=1&limit=100", "get it with --page page");
    row("an offset", "offset=0&limit=100", "get it with --page offset");
    row("a Link header", "page=1&link=yes&limit=100", "get it with --page link");
    row("one page has all", "cursor=&limit=1000", "");
    row("one numbered page has all", "page=1&limit=1000", "");
    row("no pages", "seed=1", "");
}

void TestPages::seesThatThereIsMore()
{
    QFETCH(const QString, query);
    QFETCH(const QString, reason);
    const auto first = finished(requestFor(query + QStringLiteral("&rows=1000"), std::nullopt));
    QVERIFY(first);
    const Verdict verdict = first->progress().verdict.value_or(Verdict());
    QVERIFY(!verdict.evidence.empty());
    QVERIFY2(verdict.kind == (reason.isEmpty() ? VerdictKind::Verified : VerdictKind::Incomplete),
             verdict.evidence.front().c_str());
    QVERIFY(QString::fromStdString(verdict.evidence.front()).contains(reason));
}

void TestPages::fetchesWhatIsNew_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("style");
    QTest::addColumn<QString>("rule");
    const auto row = [](const char *name, const char *query, PageStyle style, const char *rule) {
        QTest::newRow(name) << QString::fromUtf8(query) << static_cast<int>(style)
                            << QString::fromUtf8(rule);
    };
    const char *const exclusive = "param=since,from=id";
    row("page numbers", "page=1&limit=70", PageStyle::Number, exclusive);
    row("offsets", "offset=0&limit=70", PageStyle::Offset, exclusive);
    row("a cursor", "cursor=&limit=70", PageStyle::Cursor, exclusive);
    row("a Link header", "page=1&link=yes&limit=70", PageStyle::Link, exclusive);
    row("found", "cursor=&limit=70", PageStyle::Auto, exclusive);
    row("the row of the token again", "offset=0&limit=70&inclusive=1", PageStyle::Offset,
        "param=since,from=id,inclusive");
    row("a source that ignores the token", "cursor=&limit=70", PageStyle::Cursor,
        "param=newer,from=id");
    row("an overlap of more than a page", "cursor=&limit=70", PageStyle::Cursor,
        "param=since,from=id,key=id,overlap=100000");
}

void TestPages::fetchesWhatIsNew()
{
    QFETCH(const QString, query);
    QFETCH(const int, style);
    QFETCH(const QString, rule);
    DownloadRequest request = requestFor(query + QStringLiteral("&rows=600"), PageStyle(style));
    request.since = SinceRule::parse(rule.toStdString()).value();
    const auto first = finished(request);
    QVERIFY(first);
    QVERIFY(first->progress().verdict->kind == VerdictKind::Verified);
    QCOMPARE(first->progress().rows.value(), 600);
    const std::string name = first->datasetName();

    for (const int rows : {1000, 1000}) {
        SyncChange change{
            .source = requestFor(query + QStringLiteral("&rows=%1").arg(rows), PageStyle(style))};
        auto synced = Transfer::sync(m_library, name, change, {}, {});
        QVERIFY2(synced, synced ? "" : synced.error().toString().c_str());
        QVERIFY((*synced)->waitFor(60s));
        const Progress progress = (*synced)->progress();
        QVERIFY2(progress.verdict->kind == VerdictKind::Verified,
                 progress.verdict->evidence.front().c_str());
        QCOMPARE((*synced)->dataset()->snapshot().rowCount().value(), rows);
        QVERIFY(tableText(*(*synced)->dataset()) == reference(rows));
    }
}

/// A run that was stopped goes on with its own token, at the next page.
void TestPages::goesOnInTheMiddleOfWhatIsNew()
{
    DownloadRequest request =
        requestFor(QStringLiteral("cursor=&limit=50&rows=300"), PageStyle::Cursor);
    request.since = SinceRule::parse("param=since,from=id").value();
    request.pages->size = 50;
    const auto first = finished(request);
    QVERIFY(first);
    const std::string name = first->datasetName();
    request.bytes.url =
        requestFor(QStringLiteral("cursor=&limit=50&rows=2000"), std::nullopt).bytes.url;

    Transfer::Options options;
    std::atomic<Transfer *> current = nullptr;
    std::int64_t stopAt = 900;
    options.beforeWrite = [&] {
        Transfer *const transfer = current;
        if (transfer != nullptr && transfer->progress().rows.value() >= stopAt)
            transfer->cancel();
    };
    auto synced = Transfer::sync(m_library, name, {.source = request}, {}, options);
    QVERIFY2(synced, synced ? "" : synced.error().toString().c_str());
    std::unique_ptr<Transfer> transfer = std::move(*synced);
    current = transfer.get();
    int stops = 0;
    while (true) {
        QVERIFY(transfer->waitFor(60s));
        if (transfer->progress().state != TransferState::Cancelled)
            break;
        ++stops;
        current = nullptr;
        stopAt = transfer->progress().rows.value() + 400;
        transfer.reset();
        auto resumed = Transfer::resume(m_library, name, {}, options);
        QVERIFY2(resumed, resumed ? "" : resumed.error().toString().c_str());
        transfer = std::move(*resumed);
        current = transfer.get();
    }
    QVERIFY(stops > 0);
    QVERIFY2(transfer->progress().verdict->kind == VerdictKind::Verified,
             transfer->progress().verdict->evidence.front().c_str());
    QVERIFY(tableText(*transfer->dataset()) == reference(2000));
}

/// Page 3 of what is new fails: what came is kept, and the next run asks for the same again.
void TestPages::keepsTheWatermarkOfWhatIsNotWhole()
{
    const auto query = [](int rows, const char *more) {
        return QStringLiteral("cursor=&limit=100&rows=%1%2").arg(rows).arg(QLatin1StringView(more));
    };
    DownloadRequest request = requestFor(query(300, ""), PageStyle::Cursor);
    request.since = SinceRule::parse("param=since,from=id").value();
    request.pages->size = 100;
    const auto first = finished(request);
    QVERIFY(first);
    const std::string name = first->datasetName();

    request.bytes.url = requestFor(query(1000, "&fault=error:550"), std::nullopt).bytes.url;
    {
        auto failed = Transfer::sync(m_library, name, {.source = request}, {}, {});
        QVERIFY(failed);
        QVERIFY((*failed)->waitFor(60s));
        const Progress progress = (*failed)->progress();
        QVERIFY(progress.verdict->kind == VerdictKind::Incomplete);
        QCOMPARE(progress.rows.value(), 500);
    }
    // The fault is in the address that a resume would use: the source has been put right since.
    request.bytes.url = requestFor(query(1000, ""), std::nullopt).bytes.url;
    auto again = Transfer::sync(m_library, name, {.source = request}, {}, {});
    QVERIFY2(again, again ? "" : again.error().toString().c_str());
    QVERIFY((*again)->waitFor(60s));
    QVERIFY2((*again)->progress().verdict->kind == VerdictKind::Verified,
             (*again)->progress().verdict->evidence.front().c_str());
    QVERIFY(tableText(*(*again)->dataset()) == reference(1000));
}

QTEST_APPLESS_MAIN(TestPages)
#include "tst_pages.moc"
