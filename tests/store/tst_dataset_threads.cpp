// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include <atomic>
#include <random>
#include <thread>

using namespace freshet;
using test::countingBatch;
using test::LibraryFixture;

namespace {

/// Reads snapshots until told to stop and counts what is not as it should be.
class Reader
{
public:
    Reader(std::shared_ptr<store::Dataset> dataset, unsigned seed)
        : m_dataset(std::move(dataset)), m_random(seed), m_thread([this] { run(); })
    {}
    int stop()
    {
        m_stop = true;
        m_thread.join();
        return m_faults;
    }

private:
    void run()
    {
        std::int64_t before = 0;
        while (!m_stop) {
            (void)m_dataset->generation();
            const auto snapshot = m_dataset->snapshot();
            const std::int64_t rows = snapshot.rowCount().value();
            check(rows >= before);
            check(snapshot.committedRows() <= snapshot.rowCount());
            before = rows;
            if (rows != 0)
                checkRow(snapshot, static_cast<std::int64_t>(m_random() % std::uint64_t(rows)));
            if (m_random() % 50 == 0)
                checkAll(snapshot);
        }
    }
    void checkRow(const store::DatasetSnapshot &snapshot, std::int64_t row)
    {
        const std::int64_t batch = snapshot.batchOf(RowIndex(row));
        const auto extent = snapshot.extent(batch);
        auto column = snapshot.cachedColumn(batch, 0);
        if (!column) {
            auto read = snapshot.column(batch, 0);
            check(read.has_value());
            if (!read)
                return;
            column = std::move(*read);
        }
        check(column->valueAt<std::int64_t>(row - extent.first.value()) == row);
    }
    void checkAll(const store::DatasetSnapshot &snapshot)
    {
        const auto scan = snapshot.scan();
        std::int64_t expected = 0;
        for (;;) {
            const auto batch = scan->next();
            check(batch.has_value());
            if (!batch || !*batch)
                break;
            for (std::int64_t row = 0; row < (*batch)->rowCount; ++row)
                check((*batch)->columns[0].valueAt<std::int64_t>(row) == expected++);
        }
        check(expected == snapshot.rowCount().value());
    }
    void check(bool holds) { m_faults += holds ? 0 : 1; }

    std::shared_ptr<store::Dataset> m_dataset;
    std::mt19937_64 m_random;
    std::atomic<bool> m_stop{false};
    int m_faults = 0;
    std::thread m_thread; ///< last, because it uses the others
};

} // namespace

class TestDatasetThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readersWhileItIsWritten()
    {
        LibraryFixture fixture;
        fixture.library->setCacheCapacity(1_MiB); // small enough to evict
        auto writer = fixture.create();
        const auto dataset = writer->dataset();
        std::vector<std::unique_ptr<Reader>> readers;
        for (unsigned seed = 0; seed < 3; ++seed)
            readers.push_back(std::make_unique<Reader>(dataset, seed));

        const std::int64_t largest = columnar::kMaxBatchRows < 100 ? 10 : 20'000;
        std::mt19937_64 random(5);
        std::int64_t rows = 0;
        std::string failure;
        for (int step = 0; step < 150 && failure.empty(); ++step) {
            auto batch = countingBatch(
                rows,
                random() % 3 == 0 ? static_cast<std::int64_t>(random()) % largest + largest : 5);
            if (step > 75) { // a late column: the schema changes on the way
                auto schema = *batch.schema;
                schema.fields.push_back({"late", {.kind = columnar::TypeKind::Bool}});
                batch.schema = std::make_shared<const columnar::Schema>(std::move(schema));
                batch.columns.push_back(columnar::absentColumn(
                    {.kind = columnar::TypeKind::Bool}, batch.rowCount, columnar::Absence::Null));
            }
            rows += batch.rowCount;
            if (const auto appended = writer->append(std::move(batch)); !appended)
                failure = appended.error().toString();
            if (step % 10 == 0) {
                if (const auto done = writer->commit({.state = "Receiving"}); !done)
                    failure = done.error().toString();
            }
        }
        const auto finished = writer->finish(test::completeState());
        for (auto &reader : readers)
            QCOMPARE(reader->stop(), 0);
        QCOMPARE(failure, std::string());
        QVERIFY_OK(finished);
        QCOMPARE(dataset->snapshot().rowCount(), RowCount(rows));
    }

    void theLibraryFromManyThreads()
    {
        LibraryFixture fixture;
        std::atomic<int> faults{0};
        std::vector<std::thread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([&, number] {
                const std::string name = "thread " + std::to_string(number);
                for (int round = 0; round < 5; ++round) {
                    auto writer = fixture.library->create({.name = name, .state = "Receiving"});
                    if (!writer || !(*writer)->append(countingBatch(0, 10)) ||
                        !(*writer)->finish(test::completeState()) || !fixture.library->list() ||
                        !fixture.library->dataset(name) || !fixture.library->remove(name))
                        ++faults;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(faults.load(), 0);
        QVERIFY(fixture.library->list()->empty());
    }
};

QTEST_GUILESS_MAIN(TestDatasetThreads)
#include "tst_dataset_threads.moc"
