// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/catalogue_surgery.h"
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include "store/schema_difference.h"

using namespace freshet;
using columnar::Field;
using columnar::TypeKind;
using store::RunRecord;
using store::SchemaDifference;
using test::countingBatch;
using test::LibraryFixture;

namespace {

std::vector<RunRecord> runsOf(const LibraryFixture &fixture, const std::string &id)
{
    auto runs = fixture.library->runs(id);
    if (!runs)
        qFatal("%s", runs.error().toString().c_str());
    return *std::move(runs);
}

const QStringList kBackToVersion1{
    QStringLiteral("DROP TABLE runs"),
    QStringLiteral("DROP TABLE superseded"),
    QStringLiteral("ALTER TABLE datasets DROP COLUMN unreconciled_from"),
    QStringLiteral("ALTER TABLE blocks DROP COLUMN checksum"),
    QStringLiteral("ALTER TABLE parts DROP COLUMN footer_checksum"),
    QStringLiteral("PRAGMA user_version = 1")};

columnar::SchemaPtr schemaOf(std::vector<Field> fields)
{
    return std::make_shared<const columnar::Schema>(columnar::Schema{std::move(fields)});
}

Field field(const char *name, TypeKind kind)
{
    return {name, {.kind = kind}};
}

/// Rows of two or three columns; those in `missing` are named by no row.
columnar::RecordBatch batchOf(std::vector<Field> fields, std::int64_t rows,
                              const std::vector<std::string> &missing = {})
{
    auto batch = test::sampleBatch(schemaOf(std::move(fields)), rows, 7, test::Gaps::None);
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
        if (std::ranges::find(missing, batch.schema->fields[i].name) != missing.end())
            batch.columns[i] = columnar::absentColumn(batch.schema->fields[i].type, rows,
                                                      columnar::Absence::Missing);
    }
    return batch;
}

} // namespace

class TestRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachWritingIsARun()
    {
        LibraryFixture fixture;
        auto writer = fixture.create("users");
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QCOMPARE(runsOf(fixture, id).size(), std::size_t(1));
        QVERIFY(!runsOf(fixture, id)[0].finished);
        QVERIFY_OK(writer->finish({.state = "Incomplete",
                                   .verdict = "incomplete",
                                   .evidence = {"cut", "at \"5\""},
                                   .error = "ConnectionLost",
                                   .wireBytes = ByteCount(99)}));

        writer = *fixture.library->append(
            id, {.kind = "sync", .source = "http://localhost/api", .request = R"({"a":1})"});
        QVERIFY_OK(writer->append(countingBatch(5, 3)));
        QVERIFY_OK(writer->finish({.state = "Complete",
                                   .verdict = "ended",
                                   .figures = store::RunFigures{.added = RowCount(1),
                                                                .updated = RowCount(2),
                                                                .duplicates = RowCount(4)}}));

        const auto runs = runsOf(fixture, id);
        QCOMPARE(runs.size(), std::size_t(2));
        QCOMPARE(runs[0].number, 1);
        QCOMPARE(runs[0].kind, std::string("download"));
        QCOMPARE(runs[0].source, std::string("http://localhost/users"));
        QCOMPARE(runs[0].rowsBefore, RowCount(0));
        QCOMPARE(runs[0].figures.added, RowCount(5));
        QCOMPARE(runs[0].wireBytes, ByteCount(99));
        QCOMPARE(runs[0].verdict, std::string("incomplete"));
        QCOMPARE(runs[0].evidence, (std::vector<std::string>{"cut", "at \"5\""}));
        QCOMPARE(runs[0].error, std::string("ConnectionLost"));
        QVERIFY(runs[0].finished && runs[0].started <= *runs[0].finished);

        QCOMPARE(runs[1].number, 2);
        QCOMPARE(runs[1].kind, std::string("sync"));
        QCOMPARE(runs[1].source, std::string("http://localhost/api"));
        QCOMPARE(runs[1].rowsBefore, RowCount(5));
        QCOMPARE(runs[1].figures.added, RowCount(1));
        QCOMPARE(runs[1].figures.updated, RowCount(2));
        QCOMPARE(runs[1].figures.duplicates, RowCount(4));
        QCOMPARE(fixture.library->find(id)->request, std::string(R"({"a":1})"));
        QCOMPARE(fixture.library->find(id)->source, std::string("http://localhost/api"));
    }

    void aCrashEndsItsRun()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        writer.reset();
        fixture.reopen();
        const auto runs = runsOf(fixture, id);
        QCOMPARE(runs.size(), std::size_t(1));
        QVERIFY(runs[0].finished);
        QCOMPARE(runs[0].verdict, std::string("incomplete"));
        QCOMPARE(runs[0].figures.added, RowCount(5));
    }

    /// What a crash leaves to be compared by key stays known until a run has done it.
    void unmergedRowsAreHiddenUntilARunHasComparedThem()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QVERIFY_OK(writer->finish(test::completeState()));
        QVERIFY(!fixture.library->find(id)->unmergedFrom);

        writer = *fixture.library->append(id, {.kind = "sync", .reconciles = true});
        QVERIFY_OK(writer->append(countingBatch(0, 2)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        writer.reset();
        fixture.reopen();
        const auto record = *fixture.library->find(id);
        QCOMPARE(record.unmergedFrom, RowIndex(5));
        QCOMPARE(record.rows, RowCount(5));
        QCOMPARE(record.unmergedRows, RowCount(2));
        QCOMPARE((*fixture.library->dataset(id))->snapshot().rowCount(), RowCount(5));
        QCOMPARE(test::scannedTexts((*fixture.library->dataset(id))->snapshot())[0],
                 (std::vector<std::string>{"0", "1", "2", "3", "4"}));
        QCOMPARE(fixture.library->everyRow(id)->rowCount(), RowCount(7));
        QCOMPARE(runsOf(fixture, id)[1].figures.added, RowCount(0));

        writer = *fixture.library->append(id, {.kind = "resume", .reconciles = true});
        QCOMPARE(fixture.library->find(id)->unmergedFrom, RowIndex(5));
        const std::array gone{RowIndex(5), RowIndex(6)};
        QVERIFY_OK(writer->supersede(gone));
        QVERIFY_OK(writer->finish(test::completeState()));
        QVERIFY(!fixture.library->find(id)->unmergedFrom);
        QCOMPARE(fixture.library->find(id)->rows, RowCount(5));
        QCOMPARE(fixture.library->find(id)->unmergedRows, RowCount(0));
        QCOMPARE(runsOf(fixture, id)[2].rowsBefore, RowCount(5));
    }

    void aRunWithoutNewsLeavesTheDatasetAsItIs()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto before = *fixture.library->find(id);
        RunRecord run{.kind = "sync", .source = "here", .rowsBefore = RowCount(5)};
        run.started = std::chrono::system_clock::time_point(std::chrono::milliseconds(1234));
        run.finished = run.started + std::chrono::milliseconds(1);
        run.verdict = "unchanged";
        QVERIFY_OK(fixture.library->addRun(id, run));
        const auto runs = runsOf(fixture, id);
        QCOMPARE(runs.size(), std::size_t(2));
        QCOMPARE(runs[1].number, 2);
        QCOMPARE(runs[1].verdict, std::string("unchanged"));
        QCOMPARE(runs[1].started, run.started);
        QCOMPARE(runs[1].finished, run.finished);
        QCOMPARE(fixture.library->find(id)->updated, before.updated);
        QCOMPARE(fixture.library->find(id)->verdict, before.verdict);
    }

    void aLibraryOfVersion1IsBroughtUpToDate()
    {
        LibraryFixture fixture;
        auto writer = fixture.create("old");
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QVERIFY_OK(writer->finish(test::completeState()));
        writer = fixture.create("cut short");
        const std::string crashed = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 3)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        writer.reset();
        fixture.library.reset();
        QCOMPARE(test::changeCatalogue(fixture.folder(), kBackToVersion1), QString());

        fixture.reopen();
        const auto runs = runsOf(fixture, id);
        QCOMPARE(runs.size(), std::size_t(1));
        QCOMPARE(runs[0].kind, std::string("download"));
        QCOMPARE(runs[0].figures.added, RowCount(5));
        QCOMPARE(runs[0].verdict, std::string("verified"));
        QVERIFY(runs[0].finished);
        QCOMPARE(runsOf(fixture, crashed).at(0).figures.added, RowCount(3));
        QCOMPARE(runsOf(fixture, crashed).at(0).verdict, std::string("incomplete"));
        QCOMPARE((*fixture.library->dataset(id))->snapshot().rowCount(), RowCount(5));
        writer = *fixture.library->append(id, {.kind = "sync"});
        const std::array first{RowIndex(0)};
        QVERIFY_OK(writer->supersede(first));
        QVERIFY_OK(writer->finish(test::completeState()));
        fixture.reopen();
        QCOMPARE(runsOf(fixture, id).size(), std::size_t(2));
        QCOMPARE((*fixture.library->dataset(id))->snapshot().rowCount(), RowCount(4));
    }

    void aCatalogueOfANewerProgramIsLeftAlone()
    {
        LibraryFixture fixture;
        fixture.library.reset();
        QCOMPARE(
            test::changeCatalogue(fixture.folder(), {QStringLiteral("PRAGMA user_version = 1000")}),
            QString());
        const auto opened = store::Library::open(fixture.folder());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Unsupported);
    }

    void driftIsKeptWithTheRun()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        const Field name = field("name", TypeKind::String);
        const Field age = field("age", TypeKind::Int64);
        QVERIFY_OK(writer->append(batchOf({name, age}, 3)));
        QVERIFY_OK(writer->finish(test::completeState()));
        QCOMPARE(runsOf(fixture, id)[0].schemaDifference, std::string());

        writer = *fixture.library->append(id, {.kind = "sync"});
        const std::vector<Field> now{name, field("age", TypeKind::String),
                                     field("email", TypeKind::String)};
        QVERIFY_OK(writer->append(batchOf(now, 2, {"name", "email"})));
        QVERIFY_OK(writer->append(batchOf(now, 2, {"name"})));
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto difference = SchemaDifference::fromJson(runsOf(fixture, id)[1].schemaDifference);
        QCOMPARE(difference.sentences(), (std::vector<std::string>{
                                             "\"email\" is new (string), from row 6 on",
                                             "\"name\" has vanished: no row from 4 on names it",
                                             "\"age\" was int64 and is now string",
                                         }));
    }

    void driftInTheMiddleOfARunIsSeen()
    {
        store::SchemaWatch watch(schemaOf({}), RowCount(0));
        const Field a = field("a", TypeKind::Int64);
        const Field b = field("b", TypeKind::Null);
        watch.note(batchOf({a, b}, 100));
        const auto half = store::SchemaWatch::kGoneAfterRows / 2;
        const std::vector<Field> later{a, field("b", TypeKind::Int64),
                                       field("c", TypeKind::Double)};
        watch.note(batchOf(later, half, {"a"}));
        QVERIFY(watch.difference(*schemaOf(later)).vanished.empty());
        watch.note(batchOf(later, half, {"a"}));
        QCOMPARE(watch.difference(*schemaOf(later)).sentences(),
                 (std::vector<std::string>{
                     "\"c\" is new (double), from row 101 on",
                     "\"a\" has vanished: no row from 101 on names it",
                 }));
    }

    void noRowsAreNoDrift()
    {
        const auto schema = schemaOf({field("a", TypeKind::Int64)});
        store::SchemaWatch watch(schema, RowCount(10));
        QVERIFY(watch.difference(*schema).isEmpty());
        QCOMPARE(watch.difference(*schema).toJson(), std::string());
        QVERIFY(SchemaDifference::fromJson("not json").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRuns)
#include "tst_runs.moc"
