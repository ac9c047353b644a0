// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/resume_point.h"
#include "transfer/scripted_transport.h"
#include "transfer/transfer.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <latch>
#include <thread>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::Script;
using freshet::test::ScriptedTransport;
using namespace std::chrono_literals;

namespace {

std::string lines(int first, int end)
{
    std::string text;
    for (int i = first; i < end; ++i)
        text += "{\"id\":" + std::to_string(i) + ",\"name\":\"row " + std::to_string(i) + "\"}\n";
    return text;
}

std::string array(int rows)
{
    std::string text = "[";
    for (int i = 0; i < rows; ++i)
        text += (i == 0 ? "" : ",") + std::string("{\"id\":") + std::to_string(i) + '}';
    return text + ']';
}

constexpr auto kPatience = 60s;

} // namespace

class TestTransfer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void endsWithAVerdict_data();
    void endsWithAVerdict();
    void keepsEveryValue();
    void showsEachRowOfASlowStream();
    void tellsLinesFromADocumentAtTheSecondRow_data();
    void tellsLinesFromADocumentAtTheSecondRow();
    void showsRowsOfAnArrayBeforeItEnds();
    void decidesTheFormatOfASlowStream();
    void holdsTheNetworkBackWhenTheWriterIsSlow();
    void stopsExactlyAtTheLimit_data();
    void stopsExactlyAtTheLimit();
    void keepsRowsWhenCancelled();
    void cancelsWhileTheWriterIsBlocked();
    void cancelAfterTheEndChangesNothing();
    void keepsRowsBeforeTheConnectionBroke();
    void keepsRowsBeforeBrokenData();
    void keepsBadRowsAside();
    void stopsAtABadRowIfAsked();
    void stopsAtTooManyBadRows();
    void failsWithoutRows();
    void tellsTheLibraryEverything();
    void commitsTheResumePoint();
    void asksWithAnAcceptHeader();
    void destructionCancels();
    void refusesAnImpossibleRequest();

private:
    std::unique_ptr<Transfer> start(Script script, DownloadRequest request = {},
                                    Transfer::Options options = {});
    Progress finish(Transfer &transfer);
    std::int64_t rowsIn(const Transfer &transfer) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestTransfer::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
}

std::unique_ptr<Transfer> TestTransfer::start(Script script, DownloadRequest request,
                                              Transfer::Options options)
{
    if (request.bytes.url.empty())
        request.bytes.url = "http://127.0.0.1/rows";
    request.retry.maxRetries = 0; // what a retry does is another test's matter
    options.makeTransport =
        [script = std::move(script)](
            const transport::ByteRequest &) -> Result<std::unique_ptr<transport::Transport>> {
        return std::make_unique<ScriptedTransport>(script);
    };
    auto transfer = Transfer::start(m_library, std::move(request), std::move(options));
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    return std::move(*transfer);
}

Progress TestTransfer::finish(Transfer &transfer)
{
    if (!transfer.waitFor(kPatience))
        qFatal("the transfer does not end");
    return transfer.progress();
}

std::int64_t TestTransfer::rowsIn(const Transfer &transfer) const
{
    return transfer.dataset()->snapshot().rowCount().value();
}

void TestTransfer::endsWithAVerdict_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("total");
    QTest::addColumn<int>("state");
    QTest::addColumn<qint64>("rows");
    const auto row = [](const char *name, const std::string &body, const char *total,
                        TransferState state, qint64 rows) {
        QTest::newRow(name) << QString::fromStdString(body) << QString::fromUtf8(total)
                            << static_cast<int>(state) << rows;
    };
    row("lines", lines(0, 1000), "", TransferState::Ended, 1000);
    row("lines with the total", lines(0, 1000), "1000", TransferState::Complete, 1000);
    row("lines with another total", lines(0, 1000), "1001", TransferState::Incomplete, 1000);
    row("last line without its end", lines(0, 2) + "{\"id\":2}", "", TransferState::Ended, 3);
    row("array", array(1000), "", TransferState::Complete, 1000);
    row("array that does not close", array(1000).substr(0, 5000), "", TransferState::Incomplete,
        -1);
    row("csv", "id,name\n1,a\n2,b\n", "", TransferState::Ended, 2);
    row("empty body", "", "", TransferState::Ended, 0);
}

void TestTransfer::endsWithAVerdict()
{
    QFETCH(QString, body);
    QFETCH(QString, total);
    QFETCH(int, state);
    QFETCH(qint64, rows);
    Script script = Script::of(body.toStdString());
    if (!total.isEmpty())
        script.head.headers = {{"X-Total-Count", total.toStdString()}};
    const auto transfer = start(std::move(script));
    const Progress progress = finish(*transfer);
    QCOMPARE(QByteArray(transferStateName(progress.state).data()),
             QByteArray(transferStateName(static_cast<TransferState>(state)).data()));
    QVERIFY(progress.verdict.has_value());
    QVERIFY(!progress.verdict->evidence.empty());
    if (rows >= 0)
        QCOMPARE(progress.rows.value(), rows);
    QCOMPARE(rowsIn(*transfer), progress.rows.value());
    QCOMPARE(transfer->dataset()->snapshot().committedRows().value(), progress.rows.value());
}

void TestTransfer::keepsEveryValue()
{
    const auto transfer = start(Script::of(lines(0, 100'000)));
    QCOMPARE(finish(*transfer).rows.value(), 100'000);
    std::int64_t next = 0;
    const auto reader = transfer->dataset()->snapshot().scan();
    while (true) {
        const auto batch = reader->next();
        QVERIFY(batch.has_value());
        if (!*batch)
            break;
        for (std::int64_t row = 0; row < (*batch)->rowCount; ++row, ++next) {
            if ((*batch)->columns[0].valueAt<std::int64_t>(row) != next ||
                (*batch)->columns[1].textAt(row) != "row " + std::to_string(next))
                QFAIL("a value changed");
        }
    }
    QCOMPARE(next, 100'000);
}

void TestTransfer::showsEachRowOfASlowStream()
{
    // The transport gives the next row only when the one before has been seen.
    constexpr int kRows = 5;
    std::atomic<int> seen = 0;
    Script script;
    script.head.contentType = "application/x-ndjson";
    script.piece = [&seen](int number) -> std::optional<std::string> {
        while (seen < number)
            std::this_thread::yield();
        if (number == kRows)
            return std::nullopt;
        return lines(number, number + 1);
    };
    const auto transfer = start(std::move(script));
    const auto letGo = qScopeGuard([&seen] { seen = kRows; });
    for (int row = 1; row <= kRows; ++row) {
        QTRY_COMPARE(rowsIn(*transfer), row);
        QVERIFY(transfer->progress().timeline.firstRow.has_value());
        seen = row;
    }
    QCOMPARE(finish(*transfer).state, TransferState::Ended);
}

void TestTransfer::tellsLinesFromADocumentAtTheSecondRow_data()
{
    QTest::addColumn<QString>("contentType");
    QTest::newRow("named as a document") << QStringLiteral("application/json");
    QTest::newRow("not named") << QString();
}

void TestTransfer::tellsLinesFromADocumentAtTheSecondRow()
{
    // A single object may be a document with rows inside; two of them are lines.
    QFETCH(QString, contentType);
    Script script;
    script.head.contentType = contentType.toStdString();
    script.piece = [](int number) -> std::optional<std::string> {
        if (number == 2)
            return std::nullopt;
        return lines(number, number + 1);
    };
    script.staysSilent = true;
    const auto transfer = start(std::move(script));
    QTRY_COMPARE(rowsIn(*transfer), 2);
}

void TestTransfer::showsRowsOfAnArrayBeforeItEnds()
{
    std::atomic<bool> wasSeen = false;
    Script script;
    script.piece = [&wasSeen](int number) -> std::optional<std::string> {
        if (number == 0)
            return "[{\"id\":1},{\"id\":2},";
        while (!wasSeen)
            std::this_thread::yield();
        if (number == 1)
            return "{\"id\":3}]";
        return std::nullopt;
    };
    const auto transfer = start(std::move(script));
    const auto letGo = qScopeGuard([&wasSeen] { wasSeen = true; });
    QTRY_COMPARE(rowsIn(*transfer), 2);
    wasSeen = true;
    QCOMPARE(finish(*transfer).state, TransferState::Complete);
    QCOMPARE(rowsIn(*transfer), 3);
}

void TestTransfer::decidesTheFormatOfASlowStream()
{
    // A first row in two pieces, then silence: it is neither waited for 4 KiB nor taken for a
    // document.
    Script script;
    script.head.contentType = "application/x-ndjson";
    script.piece = [](int number) -> std::optional<std::string> {
        if (number > 1)
            return std::nullopt;
        return number == 0 ? "{\"id\"" : ":1}\n";
    };
    script.staysSilent = true;
    const auto transfer = start(std::move(script));
    QTRY_COMPARE(rowsIn(*transfer), 1);
    QCOMPARE(transfer->progress().format, decode::Format::Ndjson);
    QVERIFY(!transfer->isFinished());
}

void TestTransfer::holdsTheNetworkBackWhenTheWriterIsSlow()
{
    constexpr int kPieces = 4096;
    const std::string piece = lines(0, 400); // 12 KiB or so
    Script script;
    script.piece = [&piece](int number) -> std::optional<std::string> {
        if (number == kPieces)
            return std::nullopt;
        return piece;
    };
    const auto taken = script.taken;
    Transfer::Options options;
    options.networkQueue = 1_MiB;
    options.batchQueue = 1_MiB;
    options.visibleWithin = 0ms;
    // The first batch is written when the network has come to rest.
    std::atomic<std::int64_t> takenAtRest = -1;
    options.beforeWrite = [&takenAtRest, taken] {
        if (takenAtRest >= 0)
            return;
        std::int64_t before = -1;
        for (int quiet = 0; quiet < 40; std::this_thread::sleep_for(5ms)) {
            quiet = *taken == before ? quiet + 1 : 0;
            before = *taken;
        }
        takenAtRest = before;
    };
    const auto transfer = start(std::move(script), {}, std::move(options));
    QCOMPARE(finish(*transfer).rows.value(), 400 * kPieces);
    // Both queues, the batches before and behind them and the blocks in hand.
    QVERIFY2(takenAtRest < (8_MiB).value(), qPrintable(QString::number(takenAtRest)));
    QVERIFY(taken->load() > (40_MiB).value());
}

void TestTransfer::stopsExactlyAtTheLimit_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<bool>("isReached");
    QTest::newRow("one row") << qint64(1) << qint64(1) << true;
    QTest::newRow("inside a batch") << qint64(777) << qint64(777) << true;
    QTest::newRow("several batches") << qint64(140'001) << qint64(140'001) << true;
    QTest::newRow("beyond the end") << qint64(500'000) << qint64(200'000) << false;
}

void TestTransfer::stopsExactlyAtTheLimit()
{
    QFETCH(qint64, limit);
    QFETCH(qint64, rows);
    QFETCH(bool, isReached);
    Script script;
    script.piece = [](int number) -> std::optional<std::string> {
        if (number == 200)
            return std::nullopt;
        return lines(number * 1000, number * 1000 + 1000);
    };
    DownloadRequest request;
    request.limit = RowCount(limit);
    const auto transfer = start(std::move(script), std::move(request));
    const Progress progress = finish(*transfer);
    QCOMPARE(rowsIn(*transfer), rows);
    QCOMPARE(progress.rows.value(), rows);
    QCOMPARE(progress.state, isReached ? TransferState::Incomplete : TransferState::Ended);
    QVERIFY(!progress.error);
    if (isReached)
        QCOMPARE(progress.verdict->evidence.front(),
                 "limit of " + groupedDigits(limit) + (limit == 1 ? " row" : " rows") + " reached");
}

void TestTransfer::keepsRowsWhenCancelled()
{
    Script script = Script::of(lines(0, 1000));
    script.staysSilent = true;
    const auto transfer = start(std::move(script));
    QTRY_COMPARE(rowsIn(*transfer), 1000);
    transfer->cancel();
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Cancelled);
    QVERIFY(!progress.error);
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    QCOMPARE(progress.verdict->evidence.front(), "cancelled by the user after 1,000 rows");
    QCOMPARE(transfer->dataset()->snapshot().committedRows().value(), 1000);
}

void TestTransfer::cancelsWhileTheWriterIsBlocked()
{
    std::latch entered(1);
    std::latch cancelled(1);
    std::atomic<bool> isFirst = true;
    Transfer::Options options;
    options.networkQueue = 64_KiB;
    options.batchQueue = 64_KiB;
    options.visibleWithin = 0ms;
    options.beforeWrite = [&] {
        if (!isFirst.exchange(false))
            return;
        entered.count_down();
        cancelled.wait();
    };
    Script script;
    script.piece = [](int number) {
        return std::optional(lines(number, number + 100));
    };
    const auto transfer = start(std::move(script), {}, std::move(options));
    entered.wait();
    transfer->cancel();
    cancelled.count_down();
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Cancelled);
    QCOMPARE(transfer->dataset()->snapshot().committedRows().value(), progress.rows.value());
}

void TestTransfer::cancelAfterTheEndChangesNothing()
{
    const auto transfer = start(Script::of(array(10)));
    QCOMPARE(finish(*transfer).state, TransferState::Complete);
    transfer->cancel();
    QCOMPARE(transfer->progress().state, TransferState::Complete);
    QCOMPARE(transfer->progress().rows.value(), 10);
}

void TestTransfer::keepsRowsBeforeTheConnectionBroke()
{
    Script script = Script::of(lines(0, 1000) + "{\"id\":1000,\"na");
    script.error = Error{.code = ErrorCode::ConnectionLost, .detail = "reset by peer"};
    const auto transfer = start(std::move(script));
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Incomplete);
    QCOMPARE(progress.error->code, ErrorCode::ConnectionLost);
    QCOMPARE(rowsIn(*transfer), 1000);
    QVERIFY(progress.verdict->evidence.front().starts_with("the connection was cut after"));
}

void TestTransfer::keepsRowsBeforeBrokenData()
{
    DownloadRequest request;
    request.decode.format = decode::Format::Json;
    const auto transfer = start(Script::of("[{\"id\":1},{\"id\":2}} and more"), std::move(request));
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Incomplete);
    QVERIFY(progress.error.has_value());
    QVERIFY(progress.error->byteOffset.has_value());
    QCOMPARE(rowsIn(*transfer), 2);
}

void TestTransfer::keepsBadRowsAside()
{
    const auto transfer = start(Script::of(lines(0, 10) + "{\"id\":oops}\n" + lines(10, 20)));
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Ended);
    QCOMPARE(progress.rows.value(), 20);
    QCOMPARE(progress.rejected.value(), 1);
    QCOMPARE(progress.verdict->evidence.back(),
             "1 row could not be read and is kept aside as sent");
    const auto rejects = m_library->rejects(transfer->dataset()->id(), 10);
    QVERIFY(rejects.has_value());
    QCOMPARE(rejects->size(), 1u);
    QCOMPARE(rejects->front().line, 11);
    QCOMPARE(rejects->front().rawText, "{\"id\":oops}");
}

void TestTransfer::stopsAtABadRowIfAsked()
{
    DownloadRequest request;
    request.onBadRow = OnBadRow::Stop;
    const auto transfer =
        start(Script::of(lines(0, 10) + "{\"id\":oops}\n" + lines(10, 20)), std::move(request));
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Incomplete);
    QCOMPARE(progress.rows.value(), 10);
    QCOMPARE(progress.error->line, std::optional<std::int64_t>(11));
}

void TestTransfer::stopsAtTooManyBadRows()
{
    std::string body = lines(0, 3);
    for (int i = 0; i < 20; ++i)
        body += "nonsense\n";
    DownloadRequest request;
    request.decode.format = decode::Format::Ndjson;
    request.maxBadRows = 5;
    const auto transfer = start(Script::of(body), std::move(request));
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Incomplete);
    QCOMPARE(progress.rows.value(), 3);
    QCOMPARE(progress.rejected.value(), 6);
}

void TestTransfer::failsWithoutRows()
{
    Script script = Script::of("");
    script.error = Error{.code = ErrorCode::ConnectionLost, .detail = "reset by peer"};
    const auto transfer = start(std::move(script));
    const Progress progress = finish(*transfer);
    QCOMPARE(progress.state, TransferState::Failed);
    QCOMPARE(progress.verdict->kind, VerdictKind::Incomplete);
    QCOMPARE(progress.error->code, ErrorCode::ConnectionLost);
}

void TestTransfer::tellsTheLibraryEverything()
{
    Script script = Script::of("{\"total\":2,\"rows\":[{\"id\":1},{\"id\":2.5}]}");
    script.head.contentType = "application/json";
    script.head.finalUrl = "http://127.0.0.1/rows";
    DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/rows?token=hunter2";
    request.name = "mine";
    const auto transfer = start(std::move(script), std::move(request));
    const Progress progress = finish(*transfer);
    const auto record = m_library->find("mine");
    QVERIFY(record.has_value());
    QCOMPARE(record->state, std::string(transferStateName(progress.state)));
    QCOMPARE(record->verdict, std::string(verdictName(progress.verdict->kind)));
    QCOMPARE(record->evidence, progress.verdict->evidence);
    QCOMPARE(record->rows.value(), 2);
    QVERIFY(record->source.find("hunter2") == std::string::npos);
    QVERIFY(record->request.find("hunter2") == std::string::npos);
    QCOMPARE(record->facts.at("format"), "json");
    QCOMPARE(record->facts.at("httpStatus"), "200");
    QCOMPARE(record->facts.at("envelope.$.total"), "2");
    QVERIFY(record->facts.contains("totalMs"));
    QVERIFY(!record->resumePoint.empty()); // a sync begins there
}

void TestTransfer::commitsTheResumePoint()
{
    Script script = Script::of(lines(0, 10) + "{\"id\":10");
    script.head.headers = {{"ETag", "\"v1\""}, {"Accept-Ranges", "bytes"}};
    script.error = Error{.code = ErrorCode::ConnectionLost};
    const auto transfer = start(std::move(script));
    QCOMPARE(finish(*transfer).rows.value(), 10);
    const auto record = m_library->find(transfer->dataset()->id());
    QVERIFY(record.has_value());
    const auto point = ResumePoint::fromJson(record->resumePoint);
    QVERIFY(point.has_value());
    QCOMPARE(point->row.value(), 10);
    QCOMPARE(point->border.offset.value(), std::int64_t(lines(0, 10).size()));
    QCOMPARE(point->validator.etag, "\"v1\"");
    QVERIFY(point->canEnterMidway());
}

void TestTransfer::asksWithAnAcceptHeader()
{
    std::string accept;
    Transfer::Options options;
    options.makeTransport =
        [&accept](
            const transport::ByteRequest &bytes) -> Result<std::unique_ptr<transport::Transport>> {
        accept = findHeader(bytes.headers, "Accept").value_or("");
        return std::make_unique<ScriptedTransport>(Script::of(""));
    };
    DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/rows";
    auto transfer = Transfer::start(m_library, request, options);
    QVERIFY(transfer.has_value());
    finish(**transfer); // the request is made on another thread
    QCOMPARE(accept, std::string(acceptFor(decode::Format::Auto)));
    request.bytes.headers = {{"accept", "text/csv"}};
    transfer = Transfer::start(m_library, request, options);
    QVERIFY(transfer.has_value());
    finish(**transfer);
    QCOMPARE(accept, "text/csv");
}

void TestTransfer::destructionCancels()
{
    Script script = Script::of(lines(0, 10));
    script.staysSilent = true;
    auto transfer = start(std::move(script));
    QTRY_COMPARE(rowsIn(*transfer), 10);
    const std::string id = transfer->dataset()->id();
    transfer.reset();
    const auto record = m_library->find(id);
    QVERIFY(record.has_value());
    QCOMPARE(record->state, "cancelled");
    QCOMPARE(record->rows.value(), 10);
}

void TestTransfer::refusesAnImpossibleRequest()
{
    DownloadRequest request;
    request.bytes.url = "http://127.0.0.1/rows";
    request.limit = RowCount(0);
    const auto transfer = Transfer::start(m_library, request, {});
    QVERIFY(!transfer);
    QCOMPARE(transfer.error().code, ErrorCode::InvalidArgument);
    QVERIFY(m_library->list()->empty());
}

QTEST_GUILESS_MAIN(TestTransfer)
#include "tst_transfer.moc"
