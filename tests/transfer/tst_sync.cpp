// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema_difference.h"
#include "transfer/sync_fixture.h"

using namespace freshet;
using namespace freshet::test;

/// What is new, from sources that behave.
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
        SyncFixture fixture;
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
        SyncFixture fixture;
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
        SyncFixture fixture;
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
        SyncFixture fixture;
        fixture.source->isInclusive = true;
        fixture.source->fill(0, 10);
        fixture.get(QStringLiteral("param=since,from=seq,inclusive"));
        fixture.source->put(10, "new");
        fixture.sync();
        QCOMPARE(fixture.rows(), fixture.source->oracle());
        QCOMPARE(fixture.figures(), QStringLiteral("10 +1 ~0 =0"));
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
        SyncFixture fixture;
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
        SyncFixture fixture;
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
        SyncFixture fixture;
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
        SyncFixture fixture;
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
        SyncFixture fixture;
        fixture.source->fill(0, 5);
        fixture.get({});
        const auto answer =
            transfer::checkSource(*fixture.library, fixture.id, {}, fixture.options(), {});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestSync)
#include "tst_sync.moc"
