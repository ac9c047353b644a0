// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/value_text.h"
#include "transfer/resume_point.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace freshet;
using namespace freshet::transfer;
using namespace std::chrono_literals;

namespace {

/// A resource and how the server that holds it treats requests for it.
struct Resource
{
    std::string body;
    std::string contentType;
    bool hasRanges = true; ///< strong ETag, and 206 for a range
    std::string etag = "\"v1\"";
    std::size_t cutAt =
        std::string::npos; ///< the connection breaks after so many bytes of an answer
};

/// Answers from a resource; ranges as RFC 9110 has them.
class ResourceTransport final : public transport::Transport
{
public:
    ResourceTransport(transport::ByteRequest request, Resource resource)
        : m_request(std::move(request)), m_resource(std::move(resource))
    {}

    Result<transport::TransportEnd> run(transport::ByteSink &sink,
                                        const CancelToken &cancel) override
    {
        transport::ResponseHead head;
        head.status = 200;
        head.httpVersion = "1.1";
        head.contentType = m_resource.contentType;
        std::size_t from = 0;
        if (m_resource.hasRanges) {
            head.headers.push_back({"ETag", m_resource.etag});
            const auto range = findHeader(m_request.headers, "Range");
            const auto ifRange = findHeader(m_request.headers, "If-Range");
            if (range && ifRange == m_resource.etag) {
                from = std::stoul(std::string(range->substr(6)));
                head.status = 206;
                head.headers.push_back(
                    {"Content-Range", "bytes " + std::to_string(from) + '-' +
                                          std::to_string(m_resource.body.size() - 1) + '/' +
                                          std::to_string(m_resource.body.size())});
            }
        }
        FRESHET_TRY(sink.onHead(head));
        const std::string_view body = std::string_view(m_resource.body).substr(from);
        const std::string_view sent = body.substr(0, m_resource.cutAt);
        for (std::size_t at = 0; at < sent.size(); at += 61) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, "cancelled");
            const std::string_view piece = sent.substr(at, 61);
            m_bytes += static_cast<std::int64_t>(piece.size());
            FRESHET_TRY(sink.onBytes(piece));
        }
        if (sent.size() < body.size() || m_resource.cutAt != std::string::npos)
            return fail(ErrorCode::ConnectionLost, "cut");
        return transport::TransportEnd{.end = transport::BodyEnd::FramingComplete};
    }
    transport::TransportProgress progress() const override
    {
        return {.wireBytes = ByteCount(m_bytes), .decodedBytes = ByteCount(m_bytes), .timing = {}};
    }

private:
    transport::ByteRequest m_request;
    Resource m_resource;
    std::atomic<std::int64_t> m_bytes = 0;
};

std::string ndjson(int rows)
{
    std::string text;
    for (int i = 0; i < rows; ++i) {
        text += "{\"id\":" + std::to_string(9007199254740993 + i) + ",\"name\":\"Zoë " +
                std::to_string(i) + "\",\"balance\":" + std::to_string(i) + ".50" +
                (i % 3 == 0 ? ",\"late\":null" : "") + (i > 12 ? ",\"more\":{\"a\":[1,2]}" : "") +
                "}\n";
    }
    return text;
}

std::string json(int rows)
{
    std::string text = R"({"meta":{"n":1},"data":[)";
    for (int i = 0; i < rows; ++i)
        text += std::string(i == 0 ? "" : ",\n ") + "{\"id\":" + std::to_string(i) +
                ",\"tags\":[\"a,b\",{}],\"v\":" + (i == 9 ? "\"x\"" : std::to_string(i)) + "}";
    return text + "],\"next\":null}";
}

std::string csv(int rows)
{
    std::string text = "id;name;amount\r\n";
    for (int i = 0; i < rows; ++i)
        text += std::to_string(i) + ";\"a;b\n" + std::to_string(i) + "\";" + std::to_string(i) +
                (i == 11 ? ".25" : "") + "\r\n";
    return text;
}

/// Schema and every cell.
std::string tableOf(const store::Dataset &dataset)
{
    const auto snapshot = dataset.snapshot();
    std::string text;
    for (const auto &field : snapshot.schema()->fields)
        text += field.name + ':' + field.type.encode() + '|';
    const auto reader = snapshot.scan();
    while (true) {
        auto batch = reader->next();
        if (!batch)
            return batch.error().toString();
        if (!*batch)
            return text;
        for (std::int64_t row = 0; row < (*batch)->rowCount; ++row) {
            text += '\n';
            for (const auto &column : (*batch)->columns) {
                switch (column.absence(row)) {
                case columnar::Absence::Present:
                    columnar::appendJson(text, column, row);
                    break;
                case columnar::Absence::Null:
                    text += "null";
                    break;
                case columnar::Absence::Missing:
                    text += '-';
                    break;
                }
                text += '|';
            }
        }
    }
}

} // namespace

Q_DECLARE_METATYPE(Resource)

class TestResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void equalsAnUnbrokenDownloadWhereverItWasCut_data();
    void equalsAnUnbrokenDownloadWhereverItWasCut();
    void retriesByItselfWithoutADuplicate_data();
    void retriesByItselfWithoutADuplicate();
    void keepsTheRowsWhenTheSourceHasChanged();
    void keepsEachBadRowOnce_data();
    void keepsEachBadRowOnce();
    void passesTheBadRowThatStoppedIt_data();
    void passesTheBadRowThatStoppedIt();
    void forgetsAReportThatRowsReplace();
    void goesOnBehindALimit();
    void refusesAWholeDataset();
    void wantsSecretsAgain();
    void pausesAndReadsOn();

private:
    using Script = std::function<Resource(int request)>;
    Transfer::Options options(Script script);
    std::unique_ptr<Transfer> started(Resource resource, int retries = 0);
    Progress finished(Transfer &transfer);
    std::string unbroken(const Resource &resource);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
};

void TestResume::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
}

Transfer::Options TestResume::options(Script script)
{
    Transfer::Options options;
    auto requests = std::make_shared<int>(0);
    options.makeTransport = [script = std::move(script),
                             requests](const transport::ByteRequest &request)
        -> Result<std::unique_ptr<transport::Transport>> {
        // The first one is made to see whether it can be, and is not run.
        return std::make_unique<ResourceTransport>(request, script((*requests)++));
    };
    return options;
}

std::unique_ptr<Transfer> TestResume::started(Resource resource, int retries)
{
    DownloadRequest request{.bytes = {.url = "http://127.0.0.1/rows"}};
    request.retry = {.maxRetries = retries, .firstDelay = 1ms, .maxDelay = 2ms};
    auto transfer = Transfer::start(m_library, std::move(request),
                                    options([resource](int) { return resource; }));
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    return std::move(*transfer);
}

Progress TestResume::finished(Transfer &transfer)
{
    if (!transfer.waitFor(60s))
        qFatal("the transfer does not end");
    return transfer.progress();
}

std::string TestResume::unbroken(const Resource &resource)
{
    const auto transfer = started(resource);
    const Progress progress = finished(*transfer);
    if (progress.error)
        qFatal("%s", progress.error->toString().c_str());
    return tableOf(*transfer->dataset());
}

void TestResume::equalsAnUnbrokenDownloadWhereverItWasCut_data()
{
    QTest::addColumn<Resource>("resource");
    for (const bool hasRanges : {true, false}) {
        const char *means = hasRanges ? "by range" : "by reading again";
        QTest::addRow("NDJSON %s", means)
            << Resource{ndjson(20), "application/x-ndjson", hasRanges};
        QTest::addRow("JSON %s", means) << Resource{json(20), "application/json", hasRanges};
        QTest::addRow("CSV %s", means) << Resource{csv(20), "text/csv", hasRanges};
    }
}

void TestResume::equalsAnUnbrokenDownloadWhereverItWasCut()
{
    QFETCH(const Resource, resource);
    const std::string whole = unbroken(resource);
    for (std::size_t cut = 0; cut < resource.body.size(); cut += 23) {
        Resource broken = resource;
        broken.cutAt = cut;
        std::string id;
        {
            const auto first = started(broken);
            const Progress progress = finished(*first);
            QVERIFY(progress.verdict->kind == VerdictKind::Incomplete);
            id = first->dataset()->id();
        }
        auto second = Transfer::resume(m_library, id, {}, options([&](int) { return resource; }));
        QVERIFY2(second, second ? "" : second.error().toString().c_str());
        const Progress progress = finished(**second);
        QVERIFY2(!progress.error, progress.error ? progress.error->toString().c_str() : "");
        QVERIFY(progress.verdict->kind != VerdictKind::Incomplete);
        const std::string table = tableOf(*(*second)->dataset());
        if (table != whole)
            qWarning("cut at %zu:\n%s\ninstead of\n%s", cut, table.c_str(), whole.c_str());
        QVERIFY(table == whole);
        second->reset();
        QVERIFY(m_library->remove(id));
    }
}

void TestResume::retriesByItselfWithoutADuplicate_data()
{
    equalsAnUnbrokenDownloadWhereverItWasCut_data();
}

void TestResume::retriesByItselfWithoutADuplicate()
{
    QFETCH(const Resource, resource);
    const std::string whole = unbroken(resource);
    Resource broken = resource;
    broken.cutAt = resource.body.size() / 3;
    DownloadRequest request{.bytes = {.url = "http://127.0.0.1/rows"}};
    request.retry = {.maxRetries = 9, .firstDelay = 1ms, .maxDelay = 2ms};
    // Request 0 is only made; 1 and 2 break, 3 comes through.
    auto transfer =
        Transfer::start(m_library, std::move(request),
                        options([&](int number) { return number < 3 ? broken : resource; }));
    QVERIFY(transfer);
    const Progress progress = finished(**transfer);
    QVERIFY2(!progress.error, progress.error ? progress.error->toString().c_str() : "");
    QCOMPARE(progress.retries, 2);
    QVERIFY(!progress.continuations.empty());
    QCOMPARE(progress.bytesReadAgain.value() > 0, !resource.hasRanges);
    QVERIFY(tableOf(*(*transfer)->dataset()) == whole);
}

void TestResume::keepsTheRowsWhenTheSourceHasChanged()
{
    Resource broken{ndjson(20), "application/x-ndjson"};
    broken.cutAt = 900;
    const auto first = started(broken);
    const std::int64_t rows = finished(*first).rows.value();
    QVERIFY(rows > 0);
    Resource changed{ndjson(30), "application/x-ndjson", true, "\"v2\""};
    auto second = Transfer::resume(m_library, first->dataset()->id(), {},
                                   options([&](int) { return changed; }));
    // The first transfer still holds the dataset's lock until it is gone.
    QVERIFY2(second, second ? "" : second.error().toString().c_str());
    const Progress progress = finished(**second);
    QVERIFY(progress.error.has_value());
    QCOMPARE(progress.error->code, ErrorCode::SourceChanged);
    QCOMPARE(progress.rows.value(), rows);
    QCOMPARE((*second)->dataset()->snapshot().rowCount().value(), rows);
}

void TestResume::keepsEachBadRowOnce_data()
{
    QTest::addColumn<Resource>("resource");
    const auto spoilt = [](std::string body, std::string_view lineEnd, std::string_view bad) {
        std::string text;
        int lines = 0;
        for (std::size_t at = 0; at < body.size(); ++lines) {
            const std::size_t end = std::min(body.find(lineEnd, at), body.size() - lineEnd.size());
            text += body.substr(at, end + lineEnd.size() - at);
            at = end + lineEnd.size();
            if (lines % 4 == 3)
                text += std::string(bad) + std::to_string(lines) + std::string(lineEnd);
        }
        return text;
    };
    for (const bool hasRanges : {true, false}) {
        const char *means = hasRanges ? "by range" : "by reading again";
        QTest::addRow("NDJSON %s", means)
            << Resource{spoilt(ndjson(40), "\n", "{\"id\":x"), "application/x-ndjson", hasRanges};
        QTest::addRow("CSV %s", means)
            << Resource{spoilt(csv(40), "\r\n", "bad"), "text/csv", hasRanges};
    }
}

/// However often the download is gone on with, and wherever it was cut.
void TestResume::keepsEachBadRowOnce()
{
    QFETCH(const Resource, resource);
    const auto badRows = [this](const std::string &id) {
        std::vector<std::string> texts;
        const auto rejects = m_library->rejects(id, 1000);
        for (const auto &reject : rejects.value())
            texts.push_back(reject.rawText);
        return texts;
    };
    std::vector<std::string> all;
    std::string table;
    {
        const auto unbroken = started(resource);
        finished(*unbroken);
        all = badRows(unbroken->dataset()->id());
        table = tableOf(*unbroken->dataset());
    }
    QVERIFY(all.size() > 5);
    for (const std::size_t step : {std::size_t(157), std::size_t(310)}) {
        Resource broken = resource;
        broken.cutAt = step;
        std::string id;
        {
            const auto first = started(broken);
            finished(*first);
            id = first->dataset()->id();
        }
        const std::size_t runs = resource.body.size() / step + 1;
        for (std::size_t run = 2; run <= runs; ++run) {
            broken.cutAt = resource.hasRanges ? step : run * step;
            const Resource &answer = run == runs ? resource : broken;
            auto next = Transfer::resume(m_library, id, {}, options([&](int) { return answer; }));
            QVERIFY2(next, next ? "" : next.error().toString().c_str());
            const Progress progress = finished(**next);
            QCOMPARE(progress.verdict->kind != VerdictKind::Incomplete, run == runs);
            next->reset();
            const auto record = m_library->find(id);
            QCOMPARE(record->rejected.value(), progress.rejected.value());
            QCOMPARE(static_cast<std::int64_t>(badRows(id).size()), record->rejected.value());
            QVERIFY(badRows(id).size() <= all.size());
        }
        QCOMPARE(badRows(id), all);
        QVERIFY(tableOf(**m_library->dataset(id)) == table);
    }
}

void TestResume::passesTheBadRowThatStoppedIt_data()
{
    QTest::addColumn<bool>("hasRanges");
    QTest::newRow("by range") << true;
    QTest::newRow("by reading again") << false;
}

/// Who stops at bad rows meets them one by one, and gets to the end.
void TestResume::passesTheBadRowThatStoppedIt()
{
    QFETCH(const bool, hasRanges);
    const std::string good = ndjson(9);
    const std::size_t middle = good.find('\n', good.size() / 2) + 1;
    const Resource resource{good.substr(0, middle) + "{\"bad\":x}\n" + good.substr(middle) +
                                "{\"bad\":y}\n" + "{\"id\":9}\n",
                            "application/x-ndjson", hasRanges};
    DownloadRequest request{.bytes = {.url = "http://127.0.0.1/rows"}, .onBadRow = OnBadRow::Stop};
    auto first =
        Transfer::start(m_library, std::move(request), options([&](int) { return resource; }));
    QVERIFY2(first, first ? "" : first.error().toString().c_str());
    QCOMPARE(finished(**first).rejected.value(), 1);
    const std::string id = (*first)->dataset()->id();
    first->reset();
    for (const auto &[rows, rejected] : {std::pair(9, 2), std::pair(10, 2)}) {
        auto next = Transfer::resume(m_library, id, {}, options([&](int) { return resource; }));
        QVERIFY2(next, next ? "" : next.error().toString().c_str());
        const Progress progress = finished(**next);
        QCOMPARE(progress.rows.value(), rows);
        QCOMPARE(progress.rejected.value(), rejected);
        QCOMPARE(progress.verdict->kind == VerdictKind::Incomplete, rows == 9);
    }
}

/// A server's report of its failure is no bad row of a table that turned out to be whole.
void TestResume::forgetsAReportThatRowsReplace()
{
    const Resource resource{ndjson(20), "application/x-ndjson", false};
    const std::string whole = unbroken(resource);
    Resource failing = resource;
    failing.body = ndjson(12) + "{\"status\":\"error\",\"message\":\"worker died\"}\n";
    std::string id;
    {
        const auto first = started(failing);
        const Progress progress = finished(*first);
        QVERIFY(progress.verdict->kind == VerdictKind::Incomplete);
        QCOMPARE(progress.error->code, ErrorCode::InBandError);
        QCOMPARE(progress.rows.value(), 12);
        id = first->dataset()->id();
        const auto rejects = m_library->rejects(id, 10);
        QCOMPARE(rejects->front().rawText, "{\"status\":\"error\",\"message\":\"worker died\"}");
    }
    auto second = Transfer::resume(m_library, id, {}, options([&](int) { return resource; }));
    QVERIFY2(second, second ? "" : second.error().toString().c_str());
    QCOMPARE(finished(**second).rejected.value(), 0);
    QVERIFY(tableOf(*(*second)->dataset()) == whole);
    QCOMPARE(m_library->rejects(id, 10)->size(), std::size_t(0));
}

void TestResume::goesOnBehindALimit()
{
    const Resource resource{ndjson(20), "application/x-ndjson"};
    const std::string whole = unbroken(resource);
    DownloadRequest request{.bytes = {.url = "http://127.0.0.1/rows"}, .limit = RowCount(7)};
    auto first =
        Transfer::start(m_library, std::move(request), options([&](int) { return resource; }));
    QVERIFY(first);
    QCOMPARE(finished(**first).rows.value(), 7);
    auto second = Transfer::resume(m_library, (*first)->dataset()->id(), {},
                                   options([&](int) { return resource; }));
    QVERIFY(second);
    finished(**second);
    QVERIFY(tableOf(*(*second)->dataset()) == whole);
}

void TestResume::refusesAWholeDataset()
{
    const auto transfer = started({json(3), "application/json"});
    QVERIFY(finished(*transfer).verdict->kind == VerdictKind::Verified);
    const auto again = Transfer::resume(m_library, transfer->dataset()->id(), {}, {});
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::InvalidArgument);
}

void TestResume::wantsSecretsAgain()
{
    Resource broken{ndjson(20), "application/x-ndjson"};
    broken.cutAt = 900;
    DownloadRequest request{
        .bytes = {.url = "http://127.0.0.1/rows", .headers = {{"Authorization", "Bearer t0p"}}}};
    request.retry.maxRetries = 0;
    auto first =
        Transfer::start(m_library, std::move(request), options([&](int) { return broken; }));
    QVERIFY(first);
    finished(**first);
    const std::string id = (*first)->dataset()->id();
    const Resource whole{ndjson(20), "application/x-ndjson"};
    const auto script = [&](int) {
        return whole;
    };
    const auto without = Transfer::resume(m_library, id, {}, options(script));
    QVERIFY(!without);
    QVERIFY(without.error().detail.find("Authorization") != std::string::npos);
    QVERIFY(without.error().detail.find("t0p") == std::string::npos);
    auto with = Transfer::resume(m_library, id, {.headers = {{"Authorization", "Bearer t0p"}}},
                                 options(script));
    QVERIFY(with);
    QCOMPARE(finished(**with).rows.value(), 20);
}

void TestResume::pausesAndReadsOn()
{
    const Resource resource{ndjson(2000), "application/x-ndjson"};
    const auto transfer = started(resource);
    transfer->pause();
    transfer->unpause();
    QCOMPARE(finished(*transfer).rows.value(), 2000);
}

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
