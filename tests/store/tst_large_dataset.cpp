// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library_fixture.h"
#include "store/sample_batches.h"

#include <QElapsedTimer>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <random>

using namespace freshet;
using test::countingBatch;
using test::LibraryFixture;

namespace {

constexpr std::int64_t kBatches = 20'000;

/// Make the catalogue say that the first batch of the part is there `kBatches` times over.
QString multiplyBatches(const std::filesystem::path &file, const std::string &id,
                        std::int64_t batchRows)
{
    const QString name = QStringLiteral("multiply");
    QString error;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(QString::fromStdString(file.string()));
        database.open();
        database.transaction();
        QSqlQuery query(database);
        query.exec(QStringLiteral(
                       "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers"
                       " WHERE n < %1) INSERT INTO blocks SELECT dataset, part, n, offset, "
                       "metadata_length,"
                       " body_length, rows, NULL FROM blocks, numbers WHERE number = 1")
                       .arg(kBatches));
        error += query.lastError().text();
        query.exec(QStringLiteral("UPDATE datasets SET rows = %1 WHERE id = '%2'")
                       .arg(kBatches * batchRows)
                       .arg(QString::fromStdString(id)));
        error += query.lastError().text();
        database.commit();
        error += database.lastError().text();
    }
    QSqlDatabase::removeDatabase(name);
    return error;
}

} // namespace

class TestLargeDataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twentyThousandBatchesOpenByTheirIndexAlone()
    {
        LibraryFixture fixture;
        auto writer = fixture.create();
        const auto id = writer->dataset()->id();
        const std::int64_t batchRows = columnar::kMaxBatchRows;
        QVERIFY_OK(writer->append(countingBatch(0, batchRows)));
        QVERIFY_OK(writer->finish(test::completeState()));
        writer.reset();
        fixture.library.reset();
        QCOMPARE(multiplyBatches(fixture.folder() / "library.sqlite", id, batchRows).trimmed(),
                 QString());

        QElapsedTimer timer;
        timer.start();
        fixture.reopen();
        const auto dataset = fixture.library->dataset(id);
        QVERIFY_OK(dataset);
        const auto snapshot = (*dataset)->snapshot();
        qInfo("%lld rows in %lld batches open in %lld ms",
              static_cast<long long>(snapshot.rowCount().value()),
              static_cast<long long>(snapshot.batchCount()),
              static_cast<long long>(timer.elapsed()));
        QCOMPARE(snapshot.batchCount(), kBatches);
        QCOMPARE(snapshot.rowCount(), RowCount(kBatches * batchRows));

        std::mt19937_64 random(1);
        for (int look = 0; look < 200; ++look) {
            const auto row = static_cast<std::int64_t>(
                random() % static_cast<std::uint64_t>(snapshot.rowCount().value()));
            const std::int64_t batch = snapshot.batchOf(RowIndex(row));
            QCOMPARE(batch, row / batchRows);
            QCOMPARE(snapshot.extent(batch).first, RowIndex(batch * batchRows));
            const auto column = snapshot.column(batch, 0);
            QVERIFY_OK(column);
            QCOMPARE(column->valueAt<std::int64_t>(row % batchRows), row % batchRows);
        }
    }
};

QTEST_GUILESS_MAIN(TestLargeDataset)
#include "tst_large_dataset.moc"
