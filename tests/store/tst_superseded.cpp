// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_check.h"
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include <random>

using namespace freshet;
using test::countingBatch;
using test::LibraryFixture;

namespace {

/// Columns of texts, row by row, so that rows can be taken out and added as in a plain list.
using Rows = std::vector<std::vector<std::string>>;

Rows rowsOf(const std::vector<std::vector<std::string>> &columns)
{
    Rows rows(columns.empty() ? 0 : columns[0].size());
    for (const auto &column : columns) {
        for (std::size_t i = 0; i < column.size(); ++i)
            rows[i].push_back(column[i]);
    }
    return rows;
}

Rows rowsOf(const columnar::RecordBatch &batch)
{
    std::vector<std::vector<std::string>> columns;
    for (const columnar::Column &column : batch.columns)
        columns.push_back(test::texts(column));
    return rowsOf(columns);
}

Rows rowsOf(const store::DatasetSnapshot &snapshot)
{
    return rowsOf(test::texts(snapshot));
}

/// The extents follow each other without a gap and say where each row is.
QString extentFault(const store::DatasetSnapshot &snapshot)
{
    RowIndex next;
    for (std::int64_t batch = 0; batch < snapshot.batchCount(); ++batch) {
        const auto extent = snapshot.extent(batch);
        if (extent.first != next)
            return QStringLiteral("batch %1 starts elsewhere").arg(batch);
        for (std::int64_t i = 0; i < extent.rows.value(); ++i) {
            if (snapshot.batchOf(next + RowCount(i)) != batch)
                return QStringLiteral("row %1 is looked for elsewhere").arg(next.value() + i);
        }
        next += extent.rows;
    }
    return next.value() == snapshot.rowCount().value() ? QString() : QStringLiteral("rows lack");
}

std::vector<RowIndex> drawnRows(std::mt19937 &random, std::int64_t rows)
{
    std::vector<RowIndex> drawn;
    const unsigned every = 1 + random() % 20;
    for (std::int64_t row = 0; row < rows; ++row) {
        if (random() % every == 0)
            drawn.emplace_back(row);
    }
    return drawn;
}

void eraseRows(Rows &rows, const std::vector<RowIndex> &which)
{
    for (auto row = which.rbegin(); row != which.rend(); ++row)
        rows.erase(rows.begin() + row->value());
}

std::vector<RowIndex> rows(std::initializer_list<std::int64_t> numbers)
{
    return {numbers.begin(), numbers.end()};
}

std::vector<std::string> numbersIn(const store::DatasetSnapshot &snapshot)
{
    return test::texts(snapshot).at(0);
}

using Texts = std::vector<std::string>;

} // namespace

class TestSuperseded : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readersSeeALeftOutRowNowhere_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    /// Against a plain list: rows come and go over several commits, writers and openings.
    void readersSeeALeftOutRowNowhere()
    {
        QFETCH(const unsigned, seed);
        std::mt19937 random(seed);
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        const auto schema = test::everyTypeSchema();
        Rows expected;
        for (int round = 0; round < 6; ++round) {
            for (unsigned i = random() % 4; i != 0; --i) {
                auto batch = test::sampleBatch(schema, 1 + random() % 40, random());
                std::ranges::move(rowsOf(batch), std::back_inserter(expected));
                QVERIFY_OK(writer->append(std::move(batch)));
            }
            const auto before = writer->dataset()->snapshot();
            const auto gone = drawnRows(random, before.rowCount().value());
            const std::size_t half = gone.size() / 2;
            QVERIFY_OK(writer->supersede(std::span(gone).first(half)));
            QVERIFY_OK(writer->supersede(std::span(gone).subspan(half)));
            QCOMPARE(rowsOf(writer->dataset()->snapshot()), expected); // not before the commit
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
            QCOMPARE(rowsOf(before), expected);
            eraseRows(expected, gone);

            const auto now = writer->dataset()->snapshot();
            QCOMPARE(now.rowCount().value(), std::ssize(expected));
            QCOMPARE(now.committedRows(), now.rowCount());
            QCOMPARE(extentFault(now), QString());
            QCOMPARE(rowsOf(now), expected);
            QCOMPARE(rowsOf(test::scannedTexts(now)), expected);
            QCOMPARE(fixture.library->find(id)->rows, now.rowCount());
            if (random() % 2 == 0) {
                writer.reset(); // as a crash would
                fixture.reopen();
                const auto kept = fixture.library->dataset(id);
                QVERIFY_OK(kept);
                QCOMPARE(rowsOf((*kept)->snapshot()), expected);
                auto next = fixture.library->append(id);
                QVERIFY_OK(next);
                writer = std::move(*next);
            }
        }
        QVERIFY_OK(writer->finish(test::completeState()));
        QCOMPARE(rowsOf((*fixture.library->dataset(id))->snapshot()), expected);
    }

    void rowsStayUntilTheCommit()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        QVERIFY_OK(writer->append(countingBatch(5, 1)));
        QVERIFY_OK(writer->supersede(rows({1, 3})));
        writer.reset();
        fixture.reopen();
        QCOMPARE(numbersIn((*fixture.library->dataset(id))->snapshot()),
                 (Texts{"0", "1", "2", "3", "4"}));
    }

    void aRingKeepsTheLastRows_data()
    {
        QTest::addColumn<int>("ring");
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("commitEvery");
        QTest::addColumn<int>("rows");
        QTest::newRow("one row") << 1 << 3 << 1 << 100;
        QTest::newRow("smaller than a batch") << 100 << 700 << 2 << 9'000;
        QTest::newRow("many parts") << 100'000 << 40'000 << 1 << 1'200'000;
        QTest::newRow("commits now and then") << 70'000 << 25'000 << 4 << 900'000;
        QTest::newRow("never full") << 5'000 << 700 << 1 << 4'900;
    }

    void aRingKeepsTheLastRows()
    {
        QFETCH(const int, ring);
        QFETCH(const int, batch);
        QFETCH(const int, commitEvery);
        QFETCH(const int, rows);
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        std::optional<store::DatasetSnapshot> before;
        std::int64_t written = 0;
        std::size_t mostFiles = 0;
        for (int round = 0; written < rows; ++round) {
            QVERIFY_OK(writer->append(countingBatch(written, batch)));
            written += batch;
            if (round == 0)
                before = writer->dataset()->snapshot();
            if (round % commitEvery != 0)
                continue;
            const std::int64_t held = writer->dataset()->snapshot().rowCount().value();
            const auto gone = writer->keepLast(RowCount(ring));
            QVERIFY_OK(gone);
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
            const auto now = writer->dataset()->snapshot();
            QCOMPARE(now.rowCount().value(), std::min<std::int64_t>(ring, held));
            QCOMPARE(gone->value(), held - now.rowCount().value());
            QCOMPARE(extentFault(now), QString());
            mostFiles = std::max(mostFiles, fixture.files(id).size());
        }
        QVERIFY_OK(writer->keepLast(RowCount(ring)));
        QVERIFY_OK(writer->finish(test::completeState()));
        const std::int64_t left = std::min<std::int64_t>(ring, written);
        Texts expected;
        for (std::int64_t i = written - left; i < written; ++i)
            expected.push_back(std::to_string(i));
        QCOMPARE(numbersIn(writer->dataset()->snapshot()), expected);
        // What was there at the beginning stays readable for whoever holds it.
        QCOMPARE(before->rowCount().value(), std::int64_t(batch));
        QCOMPARE(numbersIn(*before).front(), std::string("0"));
        fixture.reopen();
        QCOMPARE(numbersIn((*fixture.library->dataset(id))->snapshot()), expected);
        QVERIFY2(mostFiles <= 12, qPrintable(QString::number(mostFiles)));
        const auto check = fixture.library->check(id, CancelToken(), nullptr);
        QVERIFY_OK(check);
        QVERIFY(check->damage.empty());
        QCOMPARE(check->rows.value(), left);
    }

    void aRingGoesOnAfterACrash()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        std::int64_t written = 0;
        for (int round = 0; round < 12; ++round) {
            for (int i = 0; i < 4; ++i, written += 40'000)
                QVERIFY_OK(writer->append(countingBatch(written, 40'000)));
            QVERIFY_OK(writer->keepLast(RowCount(100'000)));
            QVERIFY_OK(writer->commit({.state = "Receiving"}));
            writer.reset(); // as a crash would
            fixture.reopen();
            const auto kept = (*fixture.library->dataset(id))->snapshot();
            QCOMPARE(kept.rowCount(), RowCount(100'000));
            const Texts numbers = numbersIn(kept);
            QCOMPARE(numbers.front(), std::to_string(written - 100'000));
            QCOMPARE(numbers.back(), std::to_string(written - 1));
            auto next = fixture.library->append(id);
            QVERIFY_OK(next);
            writer = std::move(*next);
        }
        QVERIFY(fixture.files(id).size() <= 12);
    }

    void aRowMayBeNamedTwice()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        QVERIFY_OK(writer->supersede(rows({0, 4})));
        QVERIFY_OK(writer->supersede(rows({3, 4})));
        const std::uint64_t generation = writer->dataset()->generation();
        QVERIFY_OK(writer->finish(test::completeState()));
        QCOMPARE(numbersIn(writer->dataset()->snapshot()), (Texts{"1", "2"}));
        QVERIFY(writer->dataset()->generation() > generation);
    }

    void allRowsMayGo()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const std::string id = writer->dataset()->id();
        QVERIFY_OK(writer->append(countingBatch(0, 2)));
        QVERIFY_OK(writer->supersede(rows({0, 1})));
        QVERIFY_OK(writer->append(countingBatch(2, 1)));
        QVERIFY_OK(writer->commit({.state = "Receiving"}));
        QCOMPARE(numbersIn(writer->dataset()->snapshot()), (Texts{"2"}));
        QVERIFY_OK(writer->supersede(rows({0})));
        QVERIFY_OK(writer->finish(test::completeState()));
        fixture.reopen();
        const auto empty = (*fixture.library->dataset(id))->snapshot();
        QCOMPARE(empty.rowCount(), RowCount(0));
        QCOMPARE(test::scannedTexts(empty), (std::vector<Texts>{{}}));
    }

    void wrongRowsAreRefused_data()
    {
        QTest::addColumn<QList<int>>("rows");
        QTest::newRow("behind the last") << QList<int>{0, 5};
        QTest::newRow("below zero") << QList<int>{-1};
        QTest::newRow("not ascending") << QList<int>{2, 1};
        QTest::newRow("twice in one call") << QList<int>{2, 2};
    }

    void wrongRowsAreRefused()
    {
        QFETCH(const QList<int>, rows);
        LibraryFixture fixture;
        auto writer = fixture.create();
        QVERIFY_OK(writer->append(countingBatch(0, 5)));
        const std::vector<RowIndex> wrong(rows.begin(), rows.end());
        QCOMPARE(writer->supersede(wrong).error().code, ErrorCode::InvalidArgument);
        QVERIFY_OK(writer->finish(test::completeState()));
        QCOMPARE(writer->dataset()->snapshot().rowCount(), RowCount(5));
    }
};

QTEST_GUILESS_MAIN(TestSuperseded)
#include "tst_superseded.moc"
