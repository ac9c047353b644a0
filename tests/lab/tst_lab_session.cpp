// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_session.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;
using namespace freshet::lab;
using std::chrono::microseconds;

namespace {

RunRecord runOf(int variant, int repeat, std::int64_t totalUs)
{
    RunRecord run{.variant = variant, .repeat = repeat};
    run.verdict = transfer::VerdictKind::Verified;
    run.total = microseconds(totalUs);
    run.rows = RowCount(1000);
    return run;
}

/// Two variants, three runs of each; the second takes `slower` µs more.
LabSession sessionOf(std::int64_t slower)
{
    LabSession session{.id = "s", .plan = {.name = "users", .runs = 3}};
    for (const char *name : {"JSON", "NDJSON"}) {
        Variant &variant = session.plan.variants.emplace_back();
        variant.name = name;
        variant.request.bytes.url = "http://127.0.0.1/users?token=hush";
        variant.request.bytes.headers = {{"Authorization", "Bearer hush"}};
    }
    for (int repeat = 0; repeat < 3; ++repeat) {
        session.runs.push_back(runOf(0, repeat, 1000 + repeat));
        session.runs.push_back(runOf(1, repeat, 1000 + slower + repeat));
    }
    return session;
}

/// Every member that is kept, with a value of its own.
RunRecord fullRun()
{
    RunRecord run{.variant = 1, .repeat = 2, .isWarmUp = true, .position = 3};
    run.began = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'795'000'000'123));
    run.phases = {.nameLookup = microseconds(11),
                  .connected = microseconds(12),
                  .tlsDone = microseconds(13),
                  .requestSent = microseconds(14),
                  .answerBegan = microseconds(47),
                  .firstByte = microseconds(15),
                  .lastByte = microseconds(16)};
    run.marks = {.first = microseconds(17),
                 .row1k = microseconds(18),
                 .row10k = microseconds(19),
                 .quarter = microseconds(20),
                 .half = microseconds(21),
                 .threeQuarters = microseconds(22),
                 .last = microseconds(23)};
    run.total = microseconds(24);
    run.verdict = transfer::VerdictKind::Ended;
    run.evidence = {"one", "two"};
    run.error = "Timeout: nothing arrived";
    run.isCancelled = true;
    run.httpStatus = 200;
    run.httpVersion = "2";
    run.format = "ndjson";
    run.contentCodings = {"gzip"};
    run.requests = 4;
    run.retries = 5;
    run.rows = RowCount(6);
    run.rejected = RowCount(7);
    run.wireBytes = ByteCount(8);
    run.decodedBytes = ByteCount(9'007'199'254'740'991);
    run.longestGap = microseconds(25);
    run.rowsBeforeLongestGap = RowCount(26);
    run.peakMemory = ByteCount(27);
    run.memoryBefore = ByteCount(28);
    run.cpu = {microseconds(29), microseconds(30), microseconds(31)};
    run.waitedForServer = microseconds(32);
    run.waitedForUs = microseconds(33);
    run.arrivals.bytes = {{microseconds(34), 35}, {microseconds(36), 37}};
    run.arrivals.rows = {{microseconds(38), 39}};
    run.arrivals.bursts = {{microseconds(40), microseconds(41), 42}};
    run.arrivals.burstCount = 43;
    run.arrivals.chunks = {4096, 44};
    run.arrivals.chunkCount = 45;
    run.arrivals.flushedBursts = 46;
    run.health = {.kind = StreamKind::Bursts,
                  .findings = {{StreamKind::Bursts, "a", {"b", "c"}, {"d"}}}};
    return run;
}

} // namespace

class TestLabSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMarkComesBack()
    {
        LabSession session = sessionOf(0);
        for (Variant &variant : session.plan.variants) // what is secret does not come back
            variant.request.bytes.headers.clear();
        session.runs = {fullRun()};
        session.program = "Freshet";
        session.isCancelled = true;
        const std::string text = session.toJson();
        const auto back = LabSession::fromJson(text);
        QVERIFY2(back, back ? "" : back.error().detail.c_str());
        QCOMPARE(back->toJson(), text);
        const RunRecord &run = back->runs.front();
        QCOMPARE(run.decodedBytes.value(), 9'007'199'254'740'991);
        QCOMPARE(run.phases.tlsDone, fullRun().phases.tlsDone);
        QCOMPARE(run.phases.answerBegan, fullRun().phases.answerBegan);
        QCOMPARE(run.marks.threeQuarters, fullRun().marks.threeQuarters);
        QCOMPARE(run.arrivals.chunks, fullRun().arrivals.chunks);
        QVERIFY(run.arrivals.bursts == fullRun().arrivals.bursts);
        QCOMPARE(run.health.findings.front().cures, std::vector<std::string>{"d"});
        QVERIFY(!runOf(0, 0, 1).marks.first);
    }

    void secretsStayOut()
    {
        const std::string text = sessionOf(0).toJson();
        QVERIFY(text.find("hush") == std::string::npos);
        const auto back = LabSession::fromJson(text);
        QVERIFY(back);
        QCOMPARE(back->plan.variants.front().request.missingSecrets,
                 std::vector<std::string>{"Authorization"});
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no JSON") << QByteArray("{\"freshetLab\":1,") << ErrorCode::SyntaxError;
        QTest::newRow("a later version")
            << QByteArray("{\"freshetLab\":2}") << ErrorCode::InvalidArgument;
        QTest::newRow("something else") << QByteArray("{}") << ErrorCode::InvalidArgument;
        QTest::newRow("a run of no variant")
            << QByteArray("{\"freshetLab\":1,\"plan\":{},\"runs\":[{\"variant\":0}]}")
            << ErrorCode::InvalidArgument;
    }

    void refusals()
    {
        QFETCH(QByteArray, text);
        const auto session = LabSession::fromJson(text.toStdString());
        QVERIFY(!session);
        QTEST(session.error().code, "code");
    }

    void keptInTheLibrary()
    {
        const QTemporaryDir folder;
        const std::filesystem::path library = folder.path().toStdString();
        QVERIFY(listSessions(library) && listSessions(library)->empty());
        LabSession early = sessionOf(0);
        early.began = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'000'000));
        early.id = newSessionId(early.plan, early.began);
        LabSession late = sessionOf(0);
        late.began = early.began + std::chrono::seconds(60);
        late.id = newSessionId(late.plan, late.began);
        QCOMPARE(early.id, std::string("20261118T110640-000-users"));
        QVERIFY(saveSession(library, early));
        QVERIFY(saveSession(library, late));
        QFile stray(folder.filePath(QStringLiteral("lab/notes.lab.json")));
        QVERIFY(stray.open(QIODevice::WriteOnly) && stray.write("no session") > 0);
        stray.close();

        const auto entries = listSessions(library);
        QVERIFY(entries);
        QCOMPARE(entries->size(), std::size_t(2));
        QCOMPARE(entries->front().id, late.id);
        QCOMPARE(entries->front().variants, 2);
        QCOMPARE(entries->front().runs, 6);
        QCOMPARE(loadSession(library, early.id)->id, early.id);
        QCOMPARE(loadSession(library, "users")->id, late.id);
        QVERIFY(removeSession(library, late.id));
        QCOMPARE(loadSession(library, "users")->id, early.id);
        QCOMPARE(removeSession(library, late.id).error().code, ErrorCode::DatasetNotFound);
        QCOMPARE(loadSession(library, "orders").error().code, ErrorCode::DatasetNotFound);
    }

    /// A list reads the beginning of a file, and the whole only where it has no entry.
    void listsByTheEntry()
    {
        const QTemporaryDir folder;
        const std::filesystem::path library = folder.path().toStdString();
        LabSession session = sessionOf(0);
        session.began = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'000'000));
        session.id = newSessionId(session.plan, session.began);
        session.isCancelled = true;
        QVERIFY(saveSession(library, session));
        const auto entries = listSessions(library);
        QVERIFY(entries && entries->size() == 1);
        const SessionEntry &entry = entries->front();
        QFile file(QString::fromStdString(entry.file.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        file.close();
        QVERIFY(!text.contains("hush"));
        QVERIFY(LabSession::fromJson(text.toStdString()).has_value());
        const auto sameAs = [&entry](const SessionEntry &other) {
            return other.id == entry.id && other.name == entry.name && other.began == entry.began &&
                   other.variants == entry.variants && other.runs == entry.runs &&
                   other.isCancelled == entry.isCancelled && other.source == entry.source &&
                   other.file == entry.file;
        };
        const auto write = [&file](const QByteArray &content) {
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            QCOMPARE(file.write(content), content.size());
            file.close();
        };
        // Nothing behind the first line is looked at until the session is opened.
        const auto firstLine = text.indexOf('\n') + 1;
        write(text.left(firstLine) + "\x01 not JSON");
        const auto brief = listSessions(library);
        QVERIFY(brief && brief->size() == 1 && sameAs(brief->front()));
        QCOMPARE(loadSession(library, session.id).error().code, ErrorCode::SyntaxError);
        // Files of before begin with the session itself.
        write('{' + text.mid(firstLine));
        const auto older = listSessions(library);
        QVERIFY(older && older->size() == 1 && sameAs(older->front()));
        QVERIFY(loadSession(library, session.id).has_value());
        // So does one whose entry would be too long to be read at once.
        session.plan.name = std::string(20'000, 'n');
        QVERIFY(saveSession(library, session));
        const auto longer = listSessions(library);
        QVERIFY(longer && longer->size() == 1);
        QCOMPARE(longer->front().name, session.plan.name);
    }

    void sessionsAreComparedByName()
    {
        LabSession before = sessionOf(0);
        LabSession now = sessionOf(500);
        now.plan.variants.insert(now.plan.variants.begin(), now.plan.variants.front());
        now.plan.variants.front().name = "CSV";
        for (RunRecord &run : now.runs)
            ++run.variant;
        before.plan.variants.push_back(before.plan.variants.front());
        before.plan.variants.back().name = "pages";
        const SessionComparison comparison = compareSessions(before, now);
        QCOMPARE(comparison.onlyNow, std::vector<std::string>{"CSV"});
        QCOMPARE(comparison.onlyBefore, std::vector<std::string>{"pages"});
        QCOMPARE(comparison.variants.size(), std::size_t(2));
        const VariantChange &ndjson = comparison.variants.back();
        QCOMPARE(ndjson.name, std::string("NDJSON"));
        QCOMPARE(ndjson.changes.at(Metric::Total).outcome, Outcome::FirstSmaller);
        QCOMPARE(comparison.variants.front().changes.at(Metric::Total).outcome,
                 Outcome::NoDifference);
    }
};

QTEST_GUILESS_MAIN(TestLabSession)
#include "tst_lab_session.moc"
