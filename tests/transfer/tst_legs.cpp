// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/leg.h"
#include "transfer/resume_point.h"
#include "transfer/row_history.h"
#include "transfer/scripted_transport.h"
#include "transfer/transfer.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <mutex>

using namespace freshet;
using namespace freshet::transfer;
using freshet::test::Script;
using freshet::test::ScriptedTransport;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;
const std::string kUrl = "http://127.0.0.1/rows?page=";

std::string lines(int first, int end)
{
    std::string text;
    for (int i = first; i < end; ++i)
        text += "{\"id\":" + std::to_string(i) + "}\n";
    return text;
}

/// What the pages of one test answer, try by try, and what was asked.
class Server
{
public:
    std::map<std::string, std::vector<Script>> answers; ///< by the URL's end; the last one stays
    /// Waits before a page answers, so that later ones overtake it.
    std::map<std::string, std::chrono::milliseconds> delays;

    [[nodiscard]] Result<std::unique_ptr<transport::Transport>>
    open(const transport::ByteRequest &request)
    {
        const std::lock_guard lock(m_mutex);
        const std::string page = request.url.substr(kUrl.size());
        const std::size_t number = m_asked[page]++;
        const auto &scripts = answers[page];
        if (scripts.empty())
            return fail(ErrorCode::UrlInvalid, "no such page: " + page);
        Script script = scripts[std::min(number, scripts.size() - 1)];
        script.taken = std::make_shared<std::atomic<std::int64_t>>(0);
        if (const auto delay = delays[page]; delay > 0ms) {
            script.piece = [piece = script.piece, delay](int at) {
                if (at == 0)
                    QTest::qSleep(static_cast<int>(delay.count()));
                return piece(at);
            };
        }
        return std::make_unique<ScriptedTransport>(std::move(script));
    }
    [[nodiscard]] std::size_t asked(const std::string &page)
    {
        const std::lock_guard lock(m_mutex);
        return m_asked[page];
    }

private:
    std::mutex m_mutex;
    std::map<std::string, std::size_t> m_asked;
};

Script cut(std::string body)
{
    Script script = Script::of(std::move(body));
    script.error = Error{.code = ErrorCode::ConnectionLost, .detail = "cut"};
    return script;
}

/// Asks for pages 0, 1, 2 … `last`, `atOnce` at a time.
class CountingPlanner final : public LegPlanner
{
public:
    struct Options
    {
        int last = 2;
        int atOnce = 1;
        LegMeans means = LegMeans::WholeFirst;
        /// A broken leg is followed by the same one, which may repeat the last rows.
        bool repeatsBroken = false;
        std::int64_t borderRows = 0;
    };
    explicit CountingPlanner(Options options) : m_options(options) {}

    Result<Leg> first() override { return leg(m_asked++); }
    NextLegs judge(const LegReport &report) override
    {
        if (report.error && m_options.repeatsBroken && m_breaks++ == 0) {
            Leg again = leg(m_done);
            again.mayRepeatBorder = true;
            again.delay = 1ms;
            again.waitsFor = report.error;
            return {.legs = {again}};
        }
        m_error = report.error;
        if (!report.error)
            ++m_done;
        if (m_error || m_done > m_options.last)
            return {.isOver = true};
        NextLegs next;
        while (m_asked - m_done < m_options.atOnce && m_asked <= m_options.last)
            next.legs.push_back(leg(m_asked++));
        return next;
    }
    PlanOutcome outcome() const override
    {
        PlanOutcome outcome{.error = m_error};
        if (m_done > m_options.last)
            outcome.proof.push_back("page " + std::to_string(m_options.last) + " is the last");
        return outcome;
    }
    std::int64_t borderRows() const override { return m_options.borderRows; }
    std::string state() const override { return std::to_string(m_done); }
    Status restore(std::string_view state) override
    {
        m_done = m_asked = std::stoi(std::string(state));
        return {};
    }
    std::string plan() const override { return "asks for page " + std::to_string(m_done); }

private:
    [[nodiscard]] Leg leg(int page) const
    {
        return {.request = {.url = kUrl + std::to_string(page)},
                .label = "page " + std::to_string(page),
                .means = m_options.means};
    }

    Options m_options;
    int m_asked = 0;
    int m_done = 0;
    int m_breaks = 0;
    std::optional<Error> m_error;
};

} // namespace

class TestLegs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void joinsPagesInOrder_data();
    void joinsPagesInOrder();
    void asksForAFailedPageAgain();
    void dropsRowsThatComeAgain();
    void tellsThePlannerOfABrokenPage();
    void goesOnBetweenPages();
    void goesOnInTheMiddleOfAPage();
    void stopsAtTheLimit();
    void cancelsWhilePagesAreUnderWay();
    void comparesRowsByContent();

private:
    std::unique_ptr<Transfer> start(CountingPlanner::Options planner, DownloadRequest request = {});
    Transfer::Options hooks(CountingPlanner::Options planner);
    static Progress finish(Transfer &transfer);
    static std::string ids(const Transfer &transfer);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<store::Library> m_library;
    std::shared_ptr<Server> m_server;
};

void TestLegs::init()
{
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto library = store::Library::open(m_folder->path().toStdString());
    QVERIFY(library.has_value());
    m_library = *library;
    m_server = std::make_shared<Server>();
    for (int page = 0; page < 10; ++page)
        m_server->answers[std::to_string(page)] = {Script::of(lines(page * 10, page * 10 + 10))};
}

Transfer::Options TestLegs::hooks(CountingPlanner::Options planner)
{
    Transfer::Options options;
    options.makeTransport = [server = m_server](const transport::ByteRequest &request) {
        return server->open(request);
    };
    options.makePlanner =
        [planner](const DownloadRequest &) -> Result<std::unique_ptr<LegPlanner>> {
        return std::make_unique<CountingPlanner>(planner);
    };
    return options;
}

std::unique_ptr<Transfer> TestLegs::start(CountingPlanner::Options planner, DownloadRequest request)
{
    request.bytes.url = kUrl + "0";
    request.decode.format = decode::Format::Ndjson;
    request.retry.firstDelay = 1ms;
    auto transfer = Transfer::start(m_library, std::move(request), hooks(planner));
    if (!transfer)
        qFatal("%s", transfer.error().toString().c_str());
    return std::move(*transfer);
}

Progress TestLegs::finish(Transfer &transfer)
{
    if (!transfer.waitFor(kPatience))
        qFatal("the transfer does not end");
    return transfer.progress();
}

std::string TestLegs::ids(const Transfer &transfer)
{
    std::string text;
    const auto snapshot = transfer.dataset()->snapshot();
    for (std::int64_t number = 0; number < snapshot.batchCount(); ++number) {
        const auto column = snapshot.column(number, 0);
        if (!column)
            return column.error().toString();
        for (std::int64_t row = 0; row < column->length; ++row)
            text += std::to_string(column->valueAt<std::int64_t>(row)) + ' ';
    }
    return text;
}

namespace {

std::string counted(int end)
{
    std::string text;
    for (int i = 0; i < end; ++i)
        text += std::to_string(i) + ' ';
    return text;
}

} // namespace

void TestLegs::joinsPagesInOrder_data()
{
    QTest::addColumn<int>("last");
    QTest::addColumn<int>("atOnce");
    QTest::addColumn<bool>("whole");
    QTest::addRow("one page") << 0 << 1 << true;
    QTest::addRow("one after the other") << 4 << 1 << true;
    QTest::addRow("three at once") << 9 << 3 << true;
    QTest::addRow("more at once than are sent") << 9 << 20 << true;
    QTest::addRow("streamed") << 4 << 1 << false;
    QTest::addRow("streamed, asked for ahead") << 4 << 3 << false;
}

void TestLegs::joinsPagesInOrder()
{
    QFETCH(const int, last);
    QFETCH(const int, atOnce);
    QFETCH(const bool, whole);
    // Even pages are slow, so that their followers are there first.
    for (int page = 0; page <= last; page += 2)
        m_server->delays[std::to_string(page)] = 20ms;
    const auto transfer = start({.last = last,
                                 .atOnce = atOnce,
                                 .means = whole ? LegMeans::WholeFirst : LegMeans::Resuming});
    const Progress end = finish(*transfer);
    QCOMPARE(ids(*transfer), counted(10 * (last + 1)));
    QCOMPARE(end.state, TransferState::Complete);
    QCOMPARE(end.verdict->evidence.front(), "page " + std::to_string(last) + " is the last");
    QCOMPARE(end.requests, last + 1);
    QCOMPARE(end.wireBytes.value(), end.decodedBytes.value());
    QVERIFY(end.decodedBytes.value() > 0);
}

void TestLegs::asksForAFailedPageAgain()
{
    // The page that comes instead is another one; nobody saw the first.
    m_server->answers["1"] = {cut(lines(10, 17)), cut(lines(10, 13)), Script::of(lines(10, 20))};
    m_server->answers["2"] = {cut("{\"id\":7"), Script::of(lines(20, 30))};
    const auto transfer = start({.last = 3, .atOnce = 2});
    const Progress end = finish(*transfer);
    QCOMPARE(ids(*transfer), counted(40));
    QCOMPARE(end.state, TransferState::Complete);
    QCOMPARE(m_server->asked("1"), std::size_t(3));
    QVERIFY(m_server->asked("2") >= 2);
}

void TestLegs::dropsRowsThatComeAgain()
{
    // Rows 13 … 16 were the last ones held; 15 comes twice by right.
    m_server->answers["1"] = {cut(lines(10, 17)),
                              Script::of(lines(14, 17) + "{\"id\":15}\n" + lines(17, 20))};
    const auto transfer =
        start({.last = 2, .means = LegMeans::Once, .repeatsBroken = true, .borderRows = 4});
    const Progress end = finish(*transfer);
    QCOMPARE(end.state, TransferState::Complete);
    QCOMPARE(ids(*transfer), "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 15 17 18 19 20 21 22 23 24 "
                             "25 26 27 28 29 ");
    QCOMPARE(end.retries, 1);
}

void TestLegs::tellsThePlannerOfABrokenPage()
{
    m_server->answers["1"] = {Script::of("{\"id\":10}\n<html>please log in</html>\n")};
    DownloadRequest request;
    request.onBadRow = OnBadRow::Stop;
    const auto transfer = start({.last = 3}, request);
    const Progress end = finish(*transfer);
    QCOMPARE(end.state, TransferState::Incomplete);
    QVERIFY(end.error.has_value());
    QCOMPARE(end.verdict->kind, VerdictKind::Incomplete);
    QVERIFY(end.rows.value() >= 10);
    QCOMPARE(m_server->asked("2"), std::size_t(0));
}

void TestLegs::goesOnBetweenPages()
{
    m_server->answers["3"] = {};
    const auto broken = start({.last = 5});
    QCOMPARE(finish(*broken).state, TransferState::Incomplete);
    QCOMPARE(ids(*broken), counted(30));
    const auto record = m_library->find(broken->dataset()->id());
    const auto point = ResumePoint::fromJson(record->resumePoint);
    QVERIFY(point.has_value());
    QCOMPARE(point->plan(), std::string("asks for page 3"));
    QCOMPARE(point->row.value(), 30);

    m_server->answers["3"] = {Script::of(lines(30, 40))};
    auto resumed = Transfer::resume(m_library, record->id, {}, hooks({.last = 5, .atOnce = 2}));
    QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().toString().c_str());
    QCOMPARE(finish(**resumed).state, TransferState::Complete);
    QCOMPARE(ids(**resumed), counted(60));
    QCOMPARE(m_server->asked("2"), std::size_t(1));
}

void TestLegs::goesOnInTheMiddleOfAPage()
{
    // Rows of a page that broke are in the table; the page comes again from its start.
    m_server->answers["1"] = {cut(lines(10, 17))};
    const auto broken = start({.last = 3, .means = LegMeans::Once});
    QCOMPARE(finish(*broken).state, TransferState::Incomplete);
    QCOMPARE(ids(*broken), counted(17));
    const std::string id = broken->dataset()->id();

    m_server->answers["1"] = {Script::of(lines(10, 20))};
    auto resumed = Transfer::resume(m_library, id, {}, hooks({.last = 3, .means = LegMeans::Once}));
    QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().toString().c_str());
    QCOMPARE(finish(**resumed).state, TransferState::Complete);
    QCOMPARE(ids(**resumed), counted(40));
}

void TestLegs::stopsAtTheLimit()
{
    DownloadRequest request;
    request.limit = RowCount(25);
    const auto transfer = start({.last = 9, .atOnce = 3}, request);
    const Progress end = finish(*transfer);
    QCOMPARE(end.verdict->kind, VerdictKind::Incomplete);
    QCOMPARE(ids(*transfer), counted(25));
}

void TestLegs::cancelsWhilePagesAreUnderWay()
{
    for (int page = 1; page < 10; ++page) {
        auto &script = m_server->answers[std::to_string(page)].front();
        script.staysSilent = true;
    }
    const auto transfer = start({.last = 9, .atOnce = 4});
    QTRY_COMPARE(transfer->progress().rows.value(), 10);
    transfer->cancel();
    const Progress end = finish(*transfer);
    QCOMPARE(end.state, TransferState::Cancelled);
    QCOMPARE(ids(*transfer), counted(10));
}

void TestLegs::comparesRowsByContent()
{
    using columnar::BatchBuilder;
    const auto batchOf = [](const std::string &text) {
        struct Sink : decode::BatchSink, decode::RejectSink
        {
            Status accept(columnar::RecordBatch b, ByteOffset) override
            {
                batch = std::move(b);
                return {};
            }
            bool reject(decode::RejectedRow) override { return true; }
            columnar::RecordBatch batch;
        } sink;
        BatchBuilder builder;
        auto decoder =
            decode::makeDecoder({.format = decode::Format::Ndjson}, {builder, sink, sink});
        if (!decoder || !(*decoder)->feed(text) || !(*decoder)->finish())
            qFatal("the lines cannot be decoded");
        return sink.batch;
    };
    // Neither the order of columns, nor nulls, nor a wider type of the column make a difference.
    const auto one = rowHashes(batchOf("{\"a\":1,\"b\":\"x\"}\n"));
    const auto same = rowHashes(batchOf("{\"b\":\"x\",\"a\":1,\"c\":null}\n{\"a\":\"text\"}\n"));
    QCOMPARE(same.front(), one.front());
    const auto other = rowHashes(batchOf("{\"a\":\"x\",\"b\":1}\n"));
    QVERIFY(other.front() != one.front());
    const auto tail = rowHashes(batchOf("{\"z\":0}\n{\"a\":1,\"b\":\"x\"}\n"), 1);
    QCOMPARE(tail, one);
}

QTEST_GUILESS_MAIN(TestLegs)
#include "tst_legs.moc"
