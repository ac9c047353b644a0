// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The grid over real datasets: live tails, files that nobody has read yet, types that widen.
#include "grid/grid_view.h"
#include "store/library_fixture.h"
#include "ui/column_maker.h"

#include <QSignalSpy>

using namespace freshet;
using namespace freshet::ui;
using columnar::TypeKind;

namespace {

columnar::RecordBatch numbers(std::int64_t first, std::int64_t rows)
{
    std::vector<test::Value> values;
    for (std::int64_t row = first; row < first + rows; ++row)
        values.emplace_back(std::to_string(row * 10));
    const auto schema =
        std::make_shared<columnar::Schema>(columnar::Schema{{{"n", {TypeKind::Int64}}}});
    return {schema, rows, {test::makeColumn({TypeKind::Int64}, values)}};
}

columnar::RecordBatch texts(const std::vector<test::Value> &values)
{
    const auto schema = std::make_shared<columnar::Schema>(
        columnar::Schema{{{"n", {TypeKind::String}}, {"late", {TypeKind::String}}}});
    const columnar::Column column = test::makeColumn({TypeKind::String}, values);
    return {schema, std::ssize(values), {column, column}};
}

} // namespace

class TestGridDataset : public QObject
{
    Q_OBJECT

private:
    static std::string copied(DatasetGrid &grid, CellIndex cell)
    {
        grid.setCurrentCell(cell);
        const QFuture<Result<std::string>> text = grid.selectionText({});
        return text.result().value_or("‹failed›");
    }

private Q_SLOTS:
    void tailIsShownWhileItIsWritten()
    {
        test::LibraryFixture fixture;
        const auto writer = fixture.create();
        DatasetGrid grid;
        grid.resize(600, 400);
        grid.show();
        grid.setFollowTail(true);
        std::int64_t rows = 0;
        for (int i = 0; i < 50; ++i) {
            QVERIFY_OK(writer->append(numbers(rows, 100)));
            rows += 100;
            if (i % 7 == 0)
                QVERIFY_OK(writer->commit({.state = "Receiving"}));
            grid.setSnapshot(writer->dataset()->snapshot());
            (void)grid.grab();
            QCOMPARE(grid.visibleRows().end, RowIndex(rows));
        }
        QCOMPARE(copied(grid, {RowIndex(0), 0}), "0");
        QCOMPARE(copied(grid, {RowIndex(4'999), 0}), "49990");
    }

    void filesAreReadBehindTheWindow()
    {
        test::LibraryFixture fixture;
        std::string id;
        {
            const auto writer = fixture.create();
            id = writer->dataset()->id();
            for (int i = 0; i < 4; ++i)
                QVERIFY_OK(writer->append(numbers(i * 1'000, 1'000)));
            QVERIFY_OK(writer->finish(test::completeState()));
        }
        fixture.reopen();
        const auto dataset = fixture.library->dataset(id);
        QVERIFY_OK(dataset);
        DatasetGrid grid;
        grid.resize(600, 400);
        grid.show();
        QSignalSpy failed(&grid, &DatasetGrid::readFailed);
        grid.setSnapshot((*dataset)->snapshot());
        const QImage faint = grid.grab().toImage();
        QTRY_VERIFY(grid.grab().toImage() != faint);
        QCOMPARE(copied(grid, {RowIndex(3'999), 0}), "39990");
        QVERIFY(failed.empty());
    }

    void widenedAndLateColumnsKeepEveryValue()
    {
        test::LibraryFixture fixture;
        const auto writer = fixture.create();
        QVERIFY_OK(writer->append(numbers(0, 3)));
        DatasetGrid grid;
        grid.resize(600, 400);
        grid.show();
        grid.setSnapshot(writer->dataset()->snapshot());
        (void)grid.grab();
        QVERIFY_OK(writer->append(texts({"x", test::kNull})));
        grid.setSnapshot(writer->dataset()->snapshot());
        (void)grid.grab();
        grid.selectAll();
        const QFuture<Result<std::string>> text = grid.selectionText({CopyFormat::Json, true});
        QCOMPARE(QString::fromStdString(text.result().value_or("‹failed›")),
                 QStringLiteral("[\n{\"n\":\"0\"},\n{\"n\":\"10\"},\n{\"n\":\"20\"},\n"
                                "{\"n\":\"x\",\"late\":\"x\"},\n{\"n\":null,\"late\":null}\n]"));
    }
};

QTEST_MAIN(TestGridDataset)
#include "tst_grid_dataset.moc"
