// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sync.h"

#include "columnar/value_text.h"
#include "store/schema_difference.h"
#include "transfer/scripted_transport.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdio>
#include <deque>
#include <map>
#include <mutex>

using namespace freshet;
using namespace std::chrono_literals;
using test::Script;
using test::ScriptedTransport;
using transfer::DownloadRequest;
using transfer::Progress;
using transfer::SinceRule;
using transfer::SyncChange;
using transfer::Transfer;
using transfer::VerdictKind;

namespace {

constexpr auto kPatience = 60s;
constexpr int kNoCut = -1;

/// Answers 304.
class NotModified final : public transport::Transport
{
public:
    Result<transport::TransportEnd> run(transport::ByteSink &, const CancelToken &) override
    {
        return fail(Error{.code = ErrorCode::HttpStatus, .nativeCode = 304});
    }
    transport::TransportProgress progress() const override { return {}; }
};

/// A table behind an API: each change of a row gets the next number, by which rows are asked for.
struct Source
{
    struct Row
    {
        int id;
        std::string value;
    };

    std::map<int, Row> bySequence;
    std::map<int, int> sequenceOf; ///< id → sequence
    int last = 0;
    bool isInclusive = false;
    std::string extra; ///< members added to each row
    std::string etag;
    bool fallsSilent = false;
    bool ignoresSince = false;
    bool sendsTokens = false; ///< as a header
    /// Cut the next answers after so many rows.
    std::deque<int> cuts;

    std::mutex mutex;
    std::vector<std::string> asked; ///< queries

    void put(int id, const std::string &value)
    {
        if (const auto known = sequenceOf.find(id); known != sequenceOf.end())
            bySequence.erase(known->second);
        bySequence[++last] = {id, value};
        sequenceOf[id] = last;
    }
    /// Change a row and leave its number: no since rule finds that.
    void change(int id, const std::string &value) { bySequence[sequenceOf[id]].value = value; }
    void fill(int first, int end)
    {
        for (int id = first; id < end; ++id)
            put(id, "v" + std::to_string(id));
    }
    /// Rows as `id=value`, by id.
    QString oracle() const
    {
        std::map<int, std::string> values;
        for (const auto &[sequence, row] : bySequence)
            values[row.id] = row.value;
        QString text;
        for (const auto &[id, value] : values)
            text += QStringLiteral("%1=%2 ").arg(id).arg(QString::fromStdString(value));
        return text;
    }

    Result<std::unique_ptr<transport::Transport>> open(const transport::ByteRequest &request)
    {
        const std::lock_guard lock(mutex);
        const auto query = request.url.find("since=");
        int since = query == std::string::npos ? 0 : std::stoi(request.url.substr(query + 6));
        asked.push_back(query == std::string::npos ? "all" : std::to_string(since));
        Script script;
        script.head.headers.push_back({"Content-Type", "application/x-ndjson"});
        if (ignoresSince)
            since = 0;
        if (sendsTokens)
            script.head.headers.push_back({"X-Next", std::to_string(last)});
        if (!etag.empty()) {
            script.head.headers.push_back({"ETag", etag});
            if (findHeader(request.headers, "If-None-Match") == etag)
                return std::make_unique<NotModified>();
        }
        const int most = cuts.empty() ? kNoCut : cuts.front();
        if (!cuts.empty())
            cuts.pop_front();
        std::string body;
        int count = 0;
        for (const auto &[sequence, row] : bySequence) {
            if (isInclusive && since > 0 ? sequence < since : sequence <= since)
                continue;
            if (count++ == most) {
                body += "{\"id\":"; // in the middle of a row
                break;
            }
            body += "{\"id\":" + std::to_string(row.id) + ",\"value\":\"" + row.value +
                    "\",\"seq\":" + std::to_string(sequence) + extra + "}\n";
        }
        script.piece = Script::of(body).piece;
        script.staysSilent = fallsSilent;
        if (most >= 0)
            script.error = Error{.code = ErrorCode::ConnectionLost, .detail = "cut"};
        return std::make_unique<ScriptedTransport>(std::move(script));
    }
};

SinceRule ruleOf(const QString &text)
{
    auto rule = SinceRule::parse(text.toStdString());
    if (!rule)
        qFatal("%s", rule.error().toString().c_str());
    return *std::move(rule);
}

const QString kUpsert = QStringLiteral("param=since,from=seq,key=id,mode=upsert");

/// A library and a source.
struct Fixture
{
    QTemporaryDir folder;
    std::shared_ptr<store::Library> library;
    std::shared_ptr<Source> source = std::make_shared<Source>();
    std::string id;

    Fixture() { reopen(); }
    void reopen()
    {
        library.reset();
        auto opened = store::Library::open(folder.path().toStdString());
        if (!opened)
            qFatal("%s", opened.error().toString().c_str());
        library = *opened;
    }
    Transfer::Options options() const
    {
        Transfer::Options options;
        options.makeTransport = [source = source](const transport::ByteRequest &request) {
            return source->open(request);
        };
        return options;
    }
    DownloadRequest request(const QString &rule, int retries = 5) const
    {
        DownloadRequest request;
        request.bytes.url = "http://localhost/rows";
        request.name = "rows";
        if (!rule.isEmpty())
            request.since = ruleOf(rule);
        request.retry.firstDelay = 1ms;
        request.retry.maxRetries = retries;
        return request;
    }
    Progress wait(Result<std::unique_ptr<Transfer>> transfer)
    {
        if (!transfer)
            qFatal("%s", transfer.error().toString().c_str());
        if (!(*transfer)->waitFor(kPatience))
            qFatal("the transfer does not end");
        id = (*transfer)->dataset()->id();
        return (*transfer)->progress();
    }
    Progress get(const QString &rule, int retries = 5)
    {
        return wait(Transfer::start(library, request(rule, retries), options()));
    }
    Progress sync(const SyncChange &change = {})
    {
        return wait(Transfer::sync(library, id, change, {}, options()));
    }
    Progress resume() { return wait(Transfer::resume(library, id, {}, options())); }

    store::DatasetSnapshot snapshot()
    {
        const auto dataset = library->dataset(id);
        if (!dataset)
            qFatal("%s", dataset.error().toString().c_str());
        return (*dataset)->snapshot();
    }
    /// As Source::oracle, a row that is there twice twice.
    QString rows()
    {
        std::multimap<int, std::string> values;
        const auto shown = snapshot();
        for (std::int64_t batch = 0; batch < shown.batchCount(); ++batch) {
            const auto ids = shown.column(batch, *shown.schema()->indexOf("id"));
            const auto texts = shown.column(batch, *shown.schema()->indexOf("value"));
            for (std::int64_t row = 0; row < ids->length; ++row) {
                std::string number;
                columnar::appendText(number, *ids, row);
                values.emplace(std::stoi(number), texts->textAt(row));
            }
        }
        QString text;
        for (const auto &[number, value] : values)
            text += QStringLiteral("%1=%2 ").arg(number).arg(QString::fromStdString(value));
        return text;
    }
    store::RunRecord lastRun() const { return library->runs(id)->back(); }
    QString figures() const
    {
        const auto run = lastRun();
        return QStringLiteral("%1 +%2 ~%3 =%4")
            .arg(run.rowsBefore.value())
            .arg(run.figures.added.value())
            .arg(run.figures.updated.value())
            .arg(run.figures.duplicates.value());
    }
};

QString evidenceOf(const Progress &progress)
{
    QString text;
    for (const auto &sentence : progress.verdict->evidence)
        text += QString::fromStdString(sentence) + u'\n';
    return text;
}

constexpr const char *kKilledMode = "--sync-until-killed";

void fillForKill(Source &source)
{
    source.fill(0, 50);
    for (int row = 0; row < 50; row += 5)
        source.put(row, "changed");
}

/// The child: syncs from a source that falls silent behind its last row, and says when all rows are
/// committed, none of them compared.
int syncUntilKilled(const char *folder, const char *id)
{
    Fixture fixture;
    fillForKill(*fixture.source);
    fixture.source->fallsSilent = true;
    auto library = store::Library::open(folder);
    if (!library)
        return 1;
    const auto transfer = Transfer::sync(*library, id, {}, {}, fixture.options());
    if (!transfer)
        return 2;
    while (true) {
        const auto record = (*library)->find(id);
        if (record && record->unmergedRows == RowCount(10))
            break;
        if ((*transfer)->waitFor(10ms))
            return 3;
    }
    std::puts("committed");
    std::fflush(stdout);
    return (*transfer)->waitFor(kPatience) ? 4 : 5;
}

} // namespace

class TestSync : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSourceThatGrowsAndChanges_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("isInclusive");
        const auto row = [](const char *name, const QString &rule, bool isInclusive) {
            QTest::newRow(name) << rule << isInclusive;
        };
        row("exclusive", kUpsert, false);
        row("inclusive", kUpsert + QStringLiteral(",inclusive"), true);
        row("with an overlap", kUpsert + QStringLiteral(",overlap=20"), false);
        row("a rule that says inclusive of an exclusive source",
            kUpsert + QStringLiteral(",inclusive"), false);
    }

    void aSourceThatGrowsAndChanges()
    {
        QFETCH(const QString, rule);
        QFETCH(const bool, isInclusive);
        Fixture fixture;
        fixture.source->isInclusive = isInclusive;
        fixture.source->fill(0, 100);
        QCOMPARE(fixture.get(rule).verdict->kind, VerdictKind::Ended);
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        for (int round = 1; round <= 4; ++round) {
            fixture.source->fill(100 * round, 100 * round + 30);
            for (int row = round; row < 100 * round; row += 7)
                fixture.source->put(row, "changed " + std::to_string(round));
            if (round == 3)
                fixture.reopen();
            const auto progress = fixture.sync();
            QCOMPARE(progress.verdict->kind, VerdictKind::Ended);
            QCOMPARE(fixture.rows(), fixture.source->oracle());
            QCOMPARE(fixture.library->find(fixture.id)->rows, fixture.snapshot().rowCount());
            QVERIFY(!fixture.library->find(fixture.id)->unmergedFrom);
        }
        QCOMPARE(fixture.library->runs(fixture.id)->size(), std::size_t(5));
        fixture.reopen();
        QCOMPARE(fixture.rows(), fixture.source->oracle());
    }

    void whatARunDidIsCounted()
    {
        Fixture fixture;
        fixture.source->isInclusive = true;
        fixture.source->fill(0, 10);
        fixture.get(kUpsert + QStringLiteral(",inclusive"));
        QCOMPARE(fixture.figures(), QStringLiteral("0 +10 ~0 =0"));
        fixture.source->fill(10, 13);
        fixture.source->put(3, "x");
        fixture.source->put(4, "y");
        fixture.sync();
        QCOMPARE(fixture.source->asked.back(), std::string("10"));
        // The border row is dropped by its content before keys are compared.
        QCOMPARE(fixture.figures(), QStringLiteral("10 +3 ~2 =0"));
        fixture.sync();
        QCOMPARE(fixture.figures(), QStringLiteral("13 +0 ~0 =0"));
    }

    void knownRowsAreDroppedWithoutUpsert()
    {
        Fixture fixture;
        fixture.source->fill(0, 10);
        fixture.get(QStringLiteral("param=since,from=seq,key=id"));
        fixture.source->put(3, "x");
        fixture.source->put(10, "new");
        fixture.sync();
        QVERIFY(fixture.rows().contains(QStringLiteral(" 3=v3 ")));
        QVERIFY(fixture.rows().contains(QStringLiteral(" 10=new ")));
        QCOMPARE(fixture.figures(), QStringLiteral("10 +1 ~0 =1"));
    }

    void withoutAKeyRowsAreAdded()
    {
        Fixture fixture;
        fixture.source->isInclusive = true;
        fixture.source->fill(0, 10);
        fixture.get(QStringLiteral("param=since,from=seq,inclusive"));
        fixture.source->put(10, "new");
        fixture.sync();
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        QCOMPARE(fixture.figures(), QStringLiteral("10 +1 ~0 =0"));
    }

    void aLostConnectionGoesOn_data()
    {
        QTest::addColumn<bool>("isInclusive");
        QTest::addColumn<int>("rowsFirst");
        for (const bool isInclusive : {false, true}) {
            for (const int rows : {0, 1, 2, 17, 49})
                QTest::addRow("%s, after %d rows", isInclusive ? "inclusive" : "exclusive", rows)
                    << isInclusive << rows;
        }
    }

    /// On the way, without a key: no row is lost and none comes twice.
    void aLostConnectionGoesOn()
    {
        QFETCH(const bool, isInclusive);
        QFETCH(const int, rowsFirst);
        Fixture fixture;
        fixture.source->isInclusive = isInclusive;
        fixture.source->fill(0, 50);
        fixture.source->cuts = {kNoCut, rowsFirst, 3, 1}; // a transport is tried beforehand
        const QString rule = isInclusive ? QStringLiteral("param=since,from=seq,inclusive")
                                         : QStringLiteral("param=since,from=seq");
        const auto progress = fixture.get(rule);
        QCOMPARE(progress.verdict->kind, VerdictKind::Ended);
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        QCOMPARE(fixture.source->asked.size(), std::size_t(5));
    }

    void aCutSyncIsResumed_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("isInclusive");
        QTest::newRow("by key") << kUpsert << false;
        QTest::newRow("by key, inclusive")
            << QString(kUpsert + QStringLiteral(",inclusive")) << true;
        QTest::newRow("by key, with an overlap")
            << QString(kUpsert + QStringLiteral(",overlap=5")) << false;
        QTest::newRow("without a key") << QStringLiteral("param=since,from=seq") << false;
        QTest::newRow("without a key, inclusive")
            << QStringLiteral("param=since,from=seq,inclusive") << true;
    }

    void aCutSyncIsResumed()
    {
        QFETCH(const QString, rule);
        QFETCH(const bool, isInclusive);
        const bool hasKey = rule.contains(QStringLiteral("key="));
        for (const bool bySync : {false, true}) {
            Fixture fixture;
            fixture.source->isInclusive = isInclusive;
            fixture.source->fill(0, 50);
            fixture.get(rule, 0);
            fixture.source->fill(50, 80);
            if (hasKey) {
                fixture.source->put(7, "x");
                fixture.source->put(49, "y");
            }
            fixture.source->cuts = {12};
            QCOMPARE(fixture.sync().verdict->kind, VerdictKind::Incomplete);
            QCOMPARE(fixture.lastRun().verdict, std::string("incomplete"));
            if (hasKey)
                fixture.source->put(55, "z");
            fixture.reopen();
            const auto progress = bySync ? fixture.sync() : fixture.resume();
            QCOMPARE(progress.verdict->kind, VerdictKind::Ended);
            QCOMPARE(fixture.rows(), fixture.source->oracle());
            // And what comes then goes on from there.
            fixture.source->put(100, "new");
            fixture.sync();
            QCOMPARE(fixture.rows(), fixture.source->oracle());
        }
    }

    /// SIGKILL between the commit of the new rows and their comparison with the older ones.
    void aKillBeforeTheComparison_data()
    {
        QTest::addColumn<bool>("bySync");
        QTest::newRow("resumed") << false;
        QTest::newRow("synced again") << true;
    }

    void aKillBeforeTheComparison()
    {
        QFETCH(const bool, bySync);
        Fixture fixture;
        fixture.source->fill(0, 50);
        fixture.get(kUpsert);
        const QString before = fixture.rows();
        fixture.library.reset();
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(QCoreApplication::applicationFilePath(),
                    {QString::fromLatin1(kKilledMode), fixture.folder.path(),
                     QString::fromStdString(fixture.id)});
        QByteArray said;
        while (!said.contains("committed") && child.waitForReadyRead(60'000))
            said += child.readAllStandardOutput();
        QVERIFY(said.contains("committed"));
        child.kill();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);

        fixture.reopen();
        // Readers see the table as it was, and are told that there is more.
        QCOMPARE(fixture.rows(), before);
        const auto record = *fixture.library->find(fixture.id);
        QCOMPARE(record.rows, RowCount(50));
        QCOMPARE(record.unmergedRows, RowCount(10));
        QCOMPARE(record.unmergedFrom, RowIndex(50));
        QCOMPARE(record.verdict, std::string("incomplete"));
        QVERIFY2(record.evidence.front().find("50 rows are kept, and 10 more came") !=
                     std::string::npos,
                 record.evidence.front().c_str());
        QCOMPARE(fixture.figures(), QStringLiteral("50 +0 ~0 =0"));
        // Without the key nobody could merge them any more.
        const auto withoutKey = Transfer::sync(
            fixture.library, fixture.id, {.since = ruleOf(QStringLiteral("param=since,from=seq"))},
            {}, fixture.options());
        QCOMPARE(withoutKey.error().code, ErrorCode::InvalidArgument);
        fixture.source = std::make_shared<Source>();
        fillForKill(*fixture.source);
        fixture.source->put(60, "new");
        QCOMPARE((bySync ? fixture.sync() : fixture.resume()).verdict->kind, VerdictKind::Ended);
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        QVERIFY(!fixture.library->find(fixture.id)->unmergedFrom);
        QCOMPARE(fixture.figures(), QStringLiteral("50 +1 ~10 =0"));
    }

    /// Cancelled in the middle, the same program goes on without them, too.
    void aCancelledSyncLeavesTheTableAsItWas()
    {
        Fixture fixture;
        fixture.source->fill(0, 50);
        fixture.get(kUpsert);
        const QString before = fixture.rows();
        fixture.source->put(7, "x");
        fixture.source->fallsSilent = true;
        auto sync = Transfer::sync(fixture.library, fixture.id, {}, {}, fixture.options());
        QVERIFY(sync.has_value());
        const auto dataset = (*sync)->dataset();
        QTRY_COMPARE(dataset->snapshot().rowCount(), RowCount(51));
        // While it runs, its rows are shown, but an export leaves them out.
        QCOMPARE(dataset->snapshot().merged().rowCount(), RowCount(50));
        (*sync)->cancel();
        QVERIFY((*sync)->waitFor(kPatience));
        QCOMPARE((*sync)->progress().rows, RowCount(50));
        QCOMPARE(dataset->snapshot().rowCount(), RowCount(50));
        QCOMPARE(fixture.rows(), before);
        QVERIFY(evidenceOf((*sync)->progress()).contains(QStringLiteral("1 more came")));
        sync->reset();
        fixture.source->fallsSilent = false;
        QCOMPARE(fixture.resume().verdict->kind, VerdictKind::Ended);
        QCOMPARE(fixture.rows(), fixture.source->oracle());
    }

    void aSourceThatIgnoresTheToken_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("sendsTokens");
        QTest::addColumn<bool>("isSaid");
        const auto row = [](const char *name, const char *rule, bool sendsTokens, bool isSaid) {
            QTest::newRow(name) << QString::fromUtf8(rule) << sendsTokens << isSaid;
        };
        row("from a column", "param=since,from=seq", false, true);
        row("from a column, inclusive", "param=since,from=seq,inclusive", false, true);
        row("from a header", "param=since,from=header:X-Next", true, true);
        row("no token came, so that all is asked for", "param=since,from=header:X-Next", false,
            false);
        row("by key", "param=since,from=seq,key=id,mode=upsert", false, false);
    }

    /// No row comes twice, whatever the source sends.
    void aSourceThatIgnoresTheToken()
    {
        QFETCH(const QString, rule);
        QFETCH(const bool, sendsTokens);
        QFETCH(const bool, isSaid);
        Fixture fixture;
        fixture.source->ignoresSince = true;
        fixture.source->sendsTokens = sendsTokens;
        fixture.source->fill(0, 100);
        fixture.get(rule);
        for (int round = 1; round <= 3; ++round) {
            if (round != 2) // once there is nothing new
                fixture.source->fill(100 * round, 100 * round + 5);
            const auto progress = fixture.sync();
            QCOMPARE(progress.verdict->kind, VerdictKind::Ended);
            QCOMPARE(fixture.rows(), fixture.source->oracle());
            QCOMPARE(fixture.lastRun().figures.added, RowCount(round != 2 ? 5 : 0));
            QCOMPARE(evidenceOf(progress).contains(QStringLiteral("seems to ignore since")),
                     isSaid);
            fixture.reopen();
        }
    }

    /// Rows from before the token that are not here in this form may be newer versions of known
    /// ones.
    void aSourceThatIgnoresTheTokenAndChangesRows()
    {
        Fixture fixture;
        fixture.source->ignoresSince = true;
        fixture.source->fill(0, 100);
        fixture.get(QStringLiteral("param=since,from=seq"));
        fixture.source->change(3, "x");
        fixture.source->put(100, "new");
        const auto progress = fixture.sync();
        QVERIFY(fixture.rows().contains(QStringLiteral(" 3=v3 3=x ")));
        QCOMPARE(fixture.snapshot().rowCount(), RowCount(102));
        QVERIFY2(evidenceOf(progress).contains(
                     QStringLiteral("it sent 100 rows that were not asked for; 99 of them are here "
                                    "already and were dropped, 1 more are not here and were added")),
                 qPrintable(evidenceOf(progress)));
    }

    /// What came of this run cannot be told apart on the way; the next run knows it.
    void aCutAnswerOfASourceThatIgnoresTheToken_data()
    {
        QTest::addColumn<bool>("isSync");
        QTest::newRow("the first download") << false;
        QTest::newRow("a sync") << true;
    }

    void aCutAnswerOfASourceThatIgnoresTheToken()
    {
        QFETCH(const bool, isSync);
        Fixture fixture;
        const QString rule = QStringLiteral("param=since,from=seq");
        fixture.source->ignoresSince = true;
        fixture.source->fill(0, 50);
        if (isSync) {
            fixture.get(rule);
            fixture.source->fill(50, 80);
        }
        fixture.source->cuts = {isSync ? 60 : kNoCut, isSync ? 70 : 20, kNoCut};
        const auto cut = isSync ? fixture.sync() : fixture.get(rule);
        QCOMPARE(cut.verdict->kind, VerdictKind::Incomplete);
        const QStringList rows = fixture.rows().split(u' ', Qt::SkipEmptyParts);
        QCOMPARE(QSet<QString>(rows.begin(), rows.end()).size(), rows.size());
        fixture.reopen();
        fixture.source->cuts.clear();
        QCOMPARE(fixture.resume().verdict->kind, VerdictKind::Ended);
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        fixture.source->put(100, "new");
        fixture.sync();
        QCOMPARE(fixture.rows(), fixture.source->oracle());
    }

    void firstFromAFile_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("ndjson") << QByteArray("{\"id\":1,\"value\":\"a\",\"seq\":1}\n"
                                              "{\"id\":2,\"value\":\"b\",\"seq\":2}\n");
        QTest::newRow("csv, other order of columns") << QByteArray("seq,value,id\n1,a,1\n2,b,2\n");
    }

    void firstFromAFile()
    {
        QFETCH(const QByteArray, file);
        Fixture fixture;
        fixture.source->put(1, "a");
        fixture.source->put(2, "b");
        const bool isCsv = file.startsWith("seq");
        QFile export_(fixture.folder.filePath(isCsv ? QStringLiteral("rows.csv")
                                                    : QStringLiteral("rows.ndjson")));
        QVERIFY(export_.open(QIODevice::WriteOnly) && export_.write(file) == file.size());
        export_.close();
        DownloadRequest request;
        request.bytes.url = export_.fileName().toStdString();
        QCOMPARE(fixture.wait(Transfer::start(fixture.library, request, {})).verdict->kind,
                 VerdictKind::Verified);
        QCOMPARE(fixture.rows(), fixture.source->oracle());

        fixture.source->put(2, "changed");
        fixture.source->put(3, "c");
        const auto progress = fixture.sync({.source = fixture.request(kUpsert)});
        QCOMPARE(fixture.source->asked.back(), std::string("2"));
        QCOMPARE(progress.verdict->kind, VerdictKind::Ended);
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        QCOMPARE(fixture.lastRun().source, std::string("http://localhost/rows"));
        // The API is the dataset's source from now on.
        fixture.source->put(4, "d");
        fixture.sync();
        QCOMPARE(fixture.source->asked.back(), std::string("4"));
        QCOMPARE(fixture.rows(), fixture.source->oracle());
    }

    void driftIsKept()
    {
        Fixture fixture;
        fixture.source->fill(0, 5);
        fixture.source->extra = ",\"old\":1";
        fixture.get(kUpsert);
        fixture.source->extra = ",\"new\":true";
        fixture.source->put(5, "x");
        fixture.sync();
        const auto difference =
            store::SchemaDifference::fromJson(fixture.lastRun().schemaDifference);
        QCOMPARE(difference.sentences(),
                 (std::vector<std::string>{"\"new\" is new (bool), from row 6 on",
                                           "\"old\" has vanished: no row from 6 on names it"}));
    }

    void refusals()
    {
        Fixture fixture;
        fixture.source->fill(0, 5);
        fixture.get({});
        const auto refused = [&](const SyncChange &change) {
            const auto sync =
                Transfer::sync(fixture.library, fixture.id, change, {}, fixture.options());
            return sync ? ErrorCode::Internal : sync.error().code;
        };
        QCOMPARE(refused({}), ErrorCode::InvalidArgument);
        QCOMPARE(refused({.since = ruleOf(QStringLiteral("param=since,from=nope"))}),
                 ErrorCode::InvalidArgument);
        QCOMPARE(refused({.since = ruleOf(QStringLiteral("param=since,from=seq,key=nope"))}),
                 ErrorCode::InvalidArgument);
        // Nothing has happened to the dataset.
        QCOMPARE(fixture.library->find(fixture.id)->verdict, std::string("ended"));
        QCOMPARE(fixture.library->runs(fixture.id)->size(), std::size_t(1));
        fixture.source->put(6, "x");
        fixture.sync({.since = ruleOf(kUpsert)});
        QCOMPARE(fixture.source->asked.back(), std::string("5"));
        QCOMPARE(fixture.rows(), fixture.source->oracle());
    }

    void unchangedSourcesCostNothing()
    {
        Fixture fixture;
        fixture.source->fill(0, 5);
        fixture.source->etag = "\"v1\"";
        fixture.get({});
        const auto before = *fixture.library->find(fixture.id);
        const auto check = [&] {
            return transfer::checkSource(*fixture.library, fixture.id, {}, fixture.options(), {});
        };
        auto answer = check();
        QVERIFY2(answer.has_value(), answer ? "" : answer.error().toString().c_str());
        QVERIFY(answer->isUnchanged);
        QVERIFY(answer->sentence.find("304") != std::string::npos);
        QCOMPARE(fixture.lastRun().verdict, std::string("unchanged"));
        QCOMPARE(fixture.library->find(fixture.id)->updated, before.updated);

        fixture.source->etag = "\"v2\"";
        answer = check();
        QVERIFY(answer.has_value());
        QVERIFY(!answer->isUnchanged);
        QVERIFY(answer->sentence.find("\"v2\"") != std::string::npos);
        QCOMPARE(fixture.lastRun().verdict, std::string("changed"));
        QCOMPARE(fixture.snapshot().rowCount(), RowCount(5));
        QCOMPARE(fixture.library->find(fixture.id)->verdict, before.verdict);
    }

    void withoutAValidatorNobodyKnows()
    {
        Fixture fixture;
        fixture.source->fill(0, 5);
        fixture.get({});
        const auto answer =
            transfer::checkSource(*fixture.library, fixture.id, {}, fixture.options(), {});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::InvalidArgument);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == kKilledMode)
        return syncUntilKilled(argv[2], argv[3]);
    TestSync test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_sync.moc"
