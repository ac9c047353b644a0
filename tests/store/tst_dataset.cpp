// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library_fixture.h"
#include "store/sample_batches.h"

using namespace freshet;
using columnar::Absence;
using columnar::kMaxBatchRows;
using columnar::Schema;
using columnar::SchemaPtr;
using columnar::TypeKind;
using store::CommitPoint;
using test::countingBatch;
using test::LibraryFixture;

namespace {

std::vector<std::string> countedTexts(std::int64_t rows)
{
    std::vector<std::string> texts;
    for (std::int64_t row = 0; row < rows; ++row)
        texts.push_back(std::to_string(row));
    return texts;
}

SchemaPtr schemaOf(std::vector<columnar::Field> fields)
{
    return std::make_shared<const Schema>(Schema{std::move(fields)});
}

} // namespace

class TestDataset : public QObject
{
    Q_OBJECT

private:
    /// Extents are gapless and agree with batchOf and with what is read.
    static void checkPlaces(const store::DatasetSnapshot &snapshot)
    {
        RowIndex expected;
        for (std::int64_t batch = 0; batch < snapshot.batchCount(); ++batch) {
            const auto extent = snapshot.extent(batch);
            QCOMPARE(extent.first, expected);
            QVERIFY(extent.rows.value() > 0);
            QVERIFY(extent.rows.value() <= kMaxBatchRows);
            QCOMPARE(snapshot.batchOf(extent.first), batch);
            expected += extent.rows;
            QCOMPARE(snapshot.batchOf(expected - RowCount(1)), batch);
        }
        QCOMPARE(expected.value(), snapshot.rowCount().value());
    }

private Q_SLOTS:
    void anEmptySnapshot()
    {
        const store::DatasetSnapshot nothing;
        QCOMPARE(nothing.rowCount(), RowCount(0));
        QCOMPARE(nothing.batchCount(), 0);
        QCOMPARE(nothing.schema()->columnCount(), 0);
        const auto end = nothing.scan()->next();
        QVERIFY(end.has_value() && !end->has_value());
    }

    void rowsAreVisibleBeforeTheyAreCommitted()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        const auto dataset = writer->dataset();
        const auto before = dataset->generation();
        QVERIFY_OK(writer->append(countingBatch(0, 3)));
        QVERIFY(dataset->generation() > before);
        const auto snapshot = dataset->snapshot();
        QCOMPARE(test::texts(snapshot)[0], countedTexts(3));
        QCOMPARE(snapshot.committedRows(), RowCount(0));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        QCOMPARE(dataset->snapshot().committedRows(), RowCount(3));
        QCOMPARE(snapshot.committedRows(), RowCount(0));
    }

    void generationStaysWhenNothingIsNew()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        QVERIFY_OK(writer->append(countingBatch(0, 3)));
        const auto generation = writer->dataset()->generation();
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        QVERIFY_OK(writer->finish(test::completeState()));
        QCOMPARE(writer->dataset()->generation(), generation);
    }

    void everyRowAtItsPlaceHoweverItWasWritten_data()
    {
        QTest::addColumn<int>("batchRows");
        QTest::addColumn<int>("batches");
        QTest::addColumn<int>("commitEvery");
        QTest::newRow("single rows, each committed") << 1 << 300 << 1;
        QTest::newRow("single rows, never committed") << 1 << 300 << 1000;
        QTest::newRow("small batches, some commits") << 37 << 120 << 7;
        QTest::newRow("large batches") << 20'000 << 12 << 5;
        QTest::newRow("larger than a batch may be") << 70'000 << 2 << 1;
    }
    void everyRowAtItsPlaceHoweverItWasWritten()
    {
        QFETCH(int, batchRows);
        QFETCH(int, batches);
        QFETCH(int, commitEvery);
        if (kMaxBatchRows < 100)
            batchRows = std::min(batchRows, 400);
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto dataset = writer->dataset();
        std::int64_t rows = 0;
        std::vector<store::DatasetSnapshot> kept;
        for (int i = 1; i <= batches; ++i) {
            QVERIFY_OK(writer->append(countingBatch(rows, batchRows)));
            rows += batchRows;
            if (i % commitEvery == 0)
                QVERIFY_OK(writer->commit({.state = "Receiving"}));
            if (i % 50 == 1)
                kept.push_back(dataset->snapshot());
        }
        QCOMPARE(dataset->snapshot().rowCount(), RowCount(rows));
        checkPlaces(dataset->snapshot());
        QCOMPARE(test::texts(dataset->snapshot())[0], countedTexts(rows));
        QVERIFY_OK(writer->finish(test::completeState()));
        writer.reset();
        // Earlier snapshots show what they always did.
        for (const auto &snapshot : kept) {
            checkPlaces(snapshot);
            QCOMPARE(test::texts(snapshot)[0], countedTexts(snapshot.rowCount().value()));
        }
        const auto id = dataset->id();
        fixture.reopen();
        const auto again = fixture.library->dataset(id);
        QVERIFY_OK(again);
        checkPlaces((*again)->snapshot());
        QCOMPARE((*again)->snapshot().committedRows(), RowCount(rows));
        QCOMPARE(test::texts((*again)->snapshot())[0], countedTexts(rows));
        QCOMPARE(test::scannedTexts((*again)->snapshot())[0], countedTexts(rows));
    }

    void slowRowsEndUpInFullBatches()
    {
        if (kMaxBatchRows < 1000)
            QSKIP("batches are tiny in this build");
        LibraryFixture fixture;
        const auto writer = fixture.create();
        for (int row = 0; row < 600; ++row) {
            QVERIFY_OK(writer->append(countingBatch(row, 1)));
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
        }
        // A tail file that takes each commit's rows, and few batches in memory.
        QVERIFY(writer->dataset()->snapshot().batchCount() <= 65);
        const auto files = fixture.files(writer->dataset()->id());
        QCOMPARE(files.size(), std::size_t(1));
        QVERIFY(files[0].starts_with("tail-"));
        QVERIFY_OK(writer->finish(test::completeState()));
        QCOMPARE(writer->dataset()->snapshot().batchCount(), 1);
        const auto left = fixture.files(writer->dataset()->id());
        QCOMPARE(left.size(), std::size_t(1));
        QVERIFY(left[0].starts_with("part-"));
    }

    void everyTypeSurvives()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const SchemaPtr schema = test::everyTypeSchema();
        std::vector<std::vector<std::string>> expected(schema->fields.size());
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const auto batch = test::sampleBatch(schema, 13, seed);
            for (std::size_t column = 0; column < expected.size(); ++column) {
                const auto more = test::texts(batch.columns[column]);
                expected[column].insert(expected[column].end(), more.begin(), more.end());
            }
            QVERIFY_OK(writer->append(batch));
            if (seed % 3 == 0)
                QVERIFY_OK(writer->commit({.state = "Receiving"}));
        }
        QCOMPARE(test::texts(writer->dataset()->snapshot()), expected);
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto id = writer->dataset()->id();
        writer.reset();
        fixture.reopen();
        const auto dataset = fixture.library->dataset(id);
        QVERIFY_OK(dataset);
        QCOMPARE(*(*dataset)->snapshot().schema(), *schema);
        QCOMPARE(test::texts((*dataset)->snapshot()), expected);
    }

    void aSchemaThatGrowsOnTheWay_data()
    {
        QTest::addColumn<bool>("committed");
        QTest::addColumn<int>("rows");
        QTest::newRow("few rows, not committed") << false << 5;
        QTest::newRow("few rows, committed") << true << 5;
        QTest::newRow("full batches") << true << 40'000;
    }
    void aSchemaThatGrowsOnTheWay()
    {
        QFETCH(bool, committed);
        QFETCH(int, rows);
        if (kMaxBatchRows < 100)
            rows = std::min(rows, 50);
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto dataset = writer->dataset();
        const auto narrow = schemaOf({{"n", {.kind = TypeKind::Int64}}});
        const auto wide =
            schemaOf({{"n", {.kind = TypeKind::String}}, {"late", {.kind = TypeKind::Bool}}});
        const auto first = test::sampleBatch(narrow, rows, 1, test::Gaps::None);
        const auto second = test::sampleBatch(wide, rows, 2, test::Gaps::None);
        QVERIFY_OK(writer->append(first));
        if (committed)
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
        const auto early = dataset->snapshot();
        QVERIFY_OK(writer->append(second));

        std::vector<std::vector<std::string>> expected{
            test::texts(first.columns[0]),
            std::vector<std::string>(std::size_t(rows), "‹missing›")};
        for (std::size_t column = 0; column < 2; ++column) {
            const auto more = test::texts(second.columns[column]);
            expected[column].insert(expected[column].end(), more.begin(), more.end());
        }
        QCOMPARE(*dataset->snapshot().schema(), *wide);
        QCOMPARE(test::texts(dataset->snapshot()), expected);
        QCOMPARE(*early.schema(), *narrow);
        QCOMPARE(test::texts(early)[0], test::texts(first.columns[0]));
        if (committed)
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
        QCOMPARE(test::texts(dataset->snapshot()), expected);
        QVERIFY_OK(writer->finish(test::completeState()));
        checkPlaces(dataset->snapshot());
        const auto id = dataset->id();
        writer.reset();
        fixture.reopen();
        const auto again = fixture.library->dataset(id);
        QVERIFY_OK(again);
        QCOMPARE(*(*again)->snapshot().schema(), *wide);
        QCOMPARE(test::texts((*again)->snapshot()), expected);
        QCOMPARE(test::scannedTexts((*again)->snapshot()), expected);
        QCOMPARE(test::texts(early)[0], test::texts(first.columns[0]));
    }

    void writingGoesOnInAnotherRun_data()
    {
        QTest::addColumn<bool>("finished");
        QTest::addColumn<bool>("sameColumns");
        QTest::newRow("after the end, same columns") << true << true;
        QTest::newRow("after the end, another column") << true << false;
        QTest::newRow("after a crash, same columns") << false << true;
        QTest::newRow("after a crash, another column") << false << false;
    }
    void writingGoesOnInAnotherRun()
    {
        QFETCH(bool, finished);
        QFETCH(bool, sameColumns);
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 10)));
        QVERIFY_OK(writer->commit({.state = "Receiving", .resumePoint = "{\"byte\":10}"}));
        if (finished)
            QVERIFY_OK(writer->finish(test::completeState()));
        else
            QVERIFY_OK(writer->append(countingBatch(10, 90))); // lost: never committed
        writer.reset();

        auto appender = fixture.library->append(id);
        QVERIFY_OK(appender);
        const auto dataset = (*appender)->dataset();
        QCOMPARE(test::texts(dataset->snapshot())[0], countedTexts(10));
        auto batch = countingBatch(10, 10);
        if (!sameColumns) {
            batch.schema = schemaOf({batch.schema->fields[0], {"x", {.kind = TypeKind::Bool}}});
            batch.columns.push_back(
                columnar::absentColumn({.kind = TypeKind::Bool}, 10, Absence::Null));
        }
        QVERIFY_OK((*appender)->append(batch));
        QVERIFY_OK((*appender)->commit({.state = "Receiving"}));
        QCOMPARE(test::texts(dataset->snapshot())[0], countedTexts(20));
        QVERIFY_OK((*appender)->append(countingBatch(20, 5)));
        QVERIFY_OK((*appender)->finish(test::completeState()));
        appender->reset();
        fixture.reopen();
        const auto again = fixture.library->dataset(id);
        QVERIFY_OK(again);
        QCOMPARE(test::texts((*again)->snapshot())[0], countedTexts(25));
        QCOMPARE((*again)->snapshot().schema()->columnCount(), sameColumns ? 1 : 2);
    }

    void onlyTheAskedColumnsInTheAskedOrder()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        const auto batch = test::sampleBatch(test::everyTypeSchema(), 20, 1);
        QVERIFY_OK(writer->append(batch));
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto snapshot = writer->dataset()->snapshot();
        const std::vector<int> columns{12, 2};
        const auto scan = snapshot.scan(columns);
        QCOMPARE(scan->schema()->fields[0].name, std::string("string"));
        QCOMPARE(*scan->totalRows(), RowCount(20));
        std::size_t row = 0;
        for (;;) {
            const auto next = scan->next();
            QVERIFY_OK(next);
            if (!*next)
                break;
            QCOMPARE((*next)->columns.size(), std::size_t(2));
            row += static_cast<std::size_t>((*next)->rowCount);
        }
        QCOMPARE(row, std::size_t(20));
        const auto some = snapshot.batch(0, columns);
        QVERIFY_OK(some);
        QCOMPARE(some->schema->fields[1].name, std::string("int64"));
        const auto all = test::texts(batch.columns[12]);
        QCOMPARE(test::texts(some->columns[0])[0], all[0]);
    }

    void nothingIsWrittenAfterTheEnd()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        QVERIFY_OK(writer->append(countingBatch(0, 3)));
        QVERIFY_OK(writer->finish(test::completeState()));
        QVERIFY(!writer->append(countingBatch(3, 3)));
        QVERIFY(!writer->commit({.state = "Receiving"}));
        QVERIFY(!writer->finish(test::completeState()));
        QCOMPARE(test::texts(writer->dataset()->snapshot())[0], countedTexts(3));
    }

    void theCacheKeepsWhatWasRead()
    {
        LibraryFixture fixture;
        const auto writer = fixture.create();
        QVERIFY_OK(writer->append(countingBatch(0, 100)));
        // The tail is in memory already.
        QVERIFY(writer->dataset()->snapshot().cachedColumn(0, 0).has_value());
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto snapshot = writer->dataset()->snapshot();
        QVERIFY(!snapshot.cachedColumn(0, 0).has_value());
        // Whoever reads everything fills nothing.
        QVERIFY(snapshot.scan()->next().has_value());
        QVERIFY_OK(snapshot.scannedColumn(0, 0));
        QVERIFY_OK(snapshot.batch(0, std::vector<int>{0}));
        QVERIFY(!snapshot.cachedColumn(0, 0).has_value());
        const auto read = snapshot.column(0, 0);
        QVERIFY_OK(read);
        const auto cached = snapshot.cachedColumn(0, 0);
        QVERIFY(cached.has_value());
        QCOMPARE(cached->values.data(), read->values.data());
        fixture.library->setCacheCapacity(ByteCount(0));
        QVERIFY(!snapshot.cachedColumn(0, 0).has_value());
        QVERIFY_OK(snapshot.column(0, 0));
        QVERIFY(!snapshot.cachedColumn(0, 0).has_value());
    }

    void aSnapshotOutlivesTheFiles()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        QVERIFY_OK(writer->append(countingBatch(0, 100)));
        QVERIFY_OK(writer->finish(test::completeState()));
        const auto dataset = writer->dataset();
        writer.reset();
        const auto snapshot = dataset->snapshot();
        QVERIFY_OK(snapshot.column(0, 0));
        QVERIFY_OK(fixture.library->remove(dataset->id()));
        fixture.library->setCacheCapacity(ByteCount(0));
        QCOMPARE(test::texts(snapshot)[0], countedTexts(100));
    }
};

QTEST_GUILESS_MAIN(TestDataset)
#include "tst_dataset.moc"
