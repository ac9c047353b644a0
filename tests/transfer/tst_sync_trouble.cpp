// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sync_fixture.h"

#include <QProcess>

#include <cstdio>

using namespace freshet;
using namespace freshet::test;

namespace {

constexpr const char *kKilledMode = "--sync-until-killed";

void fillForKill(SyncSource &source)
{
    source.fill(0, 50);
    for (int row = 0; row < 50; row += 5)
        source.put(row, "changed");
}

/// The child: syncs from a source that falls silent behind its last row, and says when all rows are
/// committed, none of them compared.
int syncUntilKilled(const char *folder, const char *id)
{
    SyncFixture fixture;
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

/// What is new, after cuts and kills, and from sources that ignore what they are asked.
class TestSyncTrouble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
        SyncFixture fixture;
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
            SyncFixture fixture;
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
        SyncFixture fixture;
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
        fixture.source = std::make_shared<SyncSource>();
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
        SyncFixture fixture;
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
        SyncFixture fixture;
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
        SyncFixture fixture;
        fixture.source->ignoresSince = true;
        fixture.source->fill(0, 100);
        fixture.get(QStringLiteral("param=since,from=seq"));
        fixture.source->change(3, "x");
        fixture.source->put(100, "new");
        const auto progress = fixture.sync();
        QVERIFY(fixture.rows().contains(QStringLiteral(" 3=v3 3=x ")));
        QCOMPARE(fixture.snapshot().rowCount(), RowCount(102));
        QVERIFY2(evidenceOf(progress).contains(QStringLiteral(
                     "it sent 100 rows that were not asked for; 99 of them are here "
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
        SyncFixture fixture;
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
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == kKilledMode)
        return syncUntilKilled(argv[2], argv[3]);
    TestSyncTrouble test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_sync_trouble.moc"
