// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/row_axis.h"

#include <QTest>

using namespace freshet;
using namespace freshet::ui;

namespace {

RowAxis axisOf(std::int64_t rows, int rowHeight = 26, int viewport = 600)
{
    RowAxis axis;
    axis.setRowHeight(rowHeight);
    axis.setViewportHeight(viewport);
    axis.setRowCount(RowCount(rows));
    return axis;
}

constexpr std::int64_t kTrillion = 1'000'000'000'000;

} // namespace

class TestGridRowAxis : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endShowsTheLastRow_data()
    {
        QTest::addColumn<qlonglong>("rows");
        for (const qlonglong rows : {1LL, 23LL, 24LL, 100LL, 41'297'762LL, 41'297'763LL,
                                     1'000'000'000LL, 1'000'000'000'000LL})
            QTest::addRow("%lld rows", rows) << rows;
    }
    void endShowsTheLastRow()
    {
        QFETCH(qlonglong, rows);
        RowAxis axis = axisOf(rows);
        axis.scrollToEnd();
        QVERIFY(axis.isAtEnd());
        QCOMPARE(axis.visibleRows().end.value(), rows);
        QCOMPARE(axis.barValue(), axis.barMaximum());
        const int bottom = axis.topOf(RowIndex(rows - 1)) + axis.rowHeight();
        QCOMPARE(bottom, std::min<int>(600, static_cast<int>(std::min(rows, 100LL)) * 26));
    }

    void barIsExactInSmallTables()
    {
        RowAxis axis = axisOf(1'000);
        QCOMPARE(axis.barMaximum(), 1'000 * 26 - 600);
        for (int value = 0; value <= axis.barMaximum(); ++value) {
            axis.setBarValue(value);
            QCOMPARE(axis.offset(), std::int64_t{value});
            QCOMPARE(axis.barValue(), value);
        }
    }

    void barCoversLongTables_data()
    {
        QTest::addColumn<qlonglong>("rows");
        QTest::newRow("just beyond the bar's range") << 41'297'800LL;
        QTest::newRow("a billion") << 1'000'000'000LL;
        QTest::newRow("a trillion") << 1'000'000'000'000LL;
        QTest::newRow("as many as there may be") << qlonglong{RowAxis::kMaxRows};
    }
    void barCoversLongTables()
    {
        QFETCH(qlonglong, rows);
        RowAxis axis = axisOf(rows);
        QCOMPARE(axis.barMaximum(), RowAxis::kBarRange);
        std::int64_t before = -1;
        for (int step = 0; step <= 1'000; ++step) {
            const int value = static_cast<int>(std::int64_t{RowAxis::kBarRange} * step / 1'000);
            axis.setBarValue(value);
            QVERIFY(axis.offset() > before);
            QCOMPARE(axis.barValue(), value);
            before = axis.offset();
        }
        QVERIFY(axis.isAtEnd());
        axis.setBarValue(0);
        QCOMPARE(axis.offset(), std::int64_t{0});
    }

    void exactPlaceSurvivesTheBar()
    {
        RowAxis axis = axisOf(kTrillion);
        axis.setOffset(12'345'678'901'234);
        axis.setBarValue(axis.barValue());
        QCOMPARE(axis.offset(), std::int64_t{12'345'678'901'234});
    }

    void wheelMovesByPixelsAnywhere()
    {
        RowAxis axis = axisOf(kTrillion);
        axis.setOffset(kTrillion * 13);
        QVERIFY(axis.scrollBy(1));
        QCOMPARE(axis.offset(), kTrillion * 13 + 1);
        QVERIFY(axis.scrollBy(-79));
        QCOMPARE(axis.offset(), kTrillion * 13 - 78);
        QVERIFY(axis.scrollBy(std::numeric_limits<std::int64_t>::max()));
        QVERIFY(axis.isAtEnd());
        QVERIFY(axis.scrollBy(std::numeric_limits<std::int64_t>::min()));
        QCOMPARE(axis.offset(), std::int64_t{0});
        QVERIFY(!axis.scrollBy(-1));
    }

    void rowsAndHeightsAgree_data()
    {
        QTest::addColumn<qlonglong>("offset");
        QTest::newRow("at the top") << 0LL;
        QTest::newRow("inside the first row") << 25LL;
        QTest::newRow("at the second row") << 26LL;
        QTest::newRow("far down") << 25'999'999'000'013LL;
    }
    void rowsAndHeightsAgree()
    {
        QFETCH(qlonglong, offset);
        RowAxis axis = axisOf(kTrillion);
        axis.setOffset(offset);
        const RowRange rows = axis.visibleRows();
        QCOMPARE(axis.rowAt(0), std::optional(rows.first));
        QCOMPARE(axis.rowAt(599), std::optional(rows.end - RowCount(1)));
        for (RowIndex row = rows.first; row < rows.end; row += RowCount(1)) {
            QCOMPARE(axis.rowAt(std::max(0, axis.topOf(row))), std::optional(row));
            QCOMPARE(axis.topOf(row), static_cast<int>(row.value() * 26 - offset));
        }
    }

    void belowTheLastRowIsNone()
    {
        const RowAxis axis = axisOf(3);
        QCOMPARE(axis.rowAt(77), std::optional(RowIndex(2)));
        QCOMPARE(axis.rowAt(78), std::nullopt);
        QCOMPARE(axis.nearestRow(78), std::optional(RowIndex(2)));
        QCOMPARE(axis.nearestRow(-50), std::optional(RowIndex(0)));
        QCOMPARE(axisOf(0).nearestRow(0), std::nullopt);
    }

    void revealsWithAsLittleMovementAsPossible()
    {
        RowAxis axis = axisOf(kTrillion);
        QVERIFY(!axis.ensureVisible(RowIndex(22)));
        QVERIFY(axis.ensureVisible(RowIndex(23)));
        QCOMPARE(axis.offset(), std::int64_t{24 * 26 - 600});
        QVERIFY(axis.ensureVisible(RowIndex(0)));
        QCOMPARE(axis.offset(), std::int64_t{0});
        QVERIFY(axis.centreOn(RowIndex(500'000'000'000)));
        QCOMPARE(axis.topOf(RowIndex(500'000'000'000)), (600 - 26) / 2);
    }

    void keepsTheTopRowWhenTheFontGrows()
    {
        RowAxis axis = axisOf(kTrillion);
        axis.setOffset(700'000'000'000 * 26 + 13);
        axis.setRowHeight(52);
        QCOMPARE(axis.visibleRows().first, RowIndex(700'000'000'000));
        QCOMPARE(axis.offset(), std::int64_t{700'000'000'000 * 52 + 26});
    }

    void shrinkingPullsTheViewBack()
    {
        RowAxis axis = axisOf(1'000);
        axis.scrollToEnd();
        axis.setRowCount(RowCount(10));
        QCOMPARE(axis.offset(), std::int64_t{0});
        QCOMPARE(axis.visibleRows(), (RowRange{RowIndex(0), RowIndex(10)}));
    }
};

QTEST_APPLESS_MAIN(TestGridRowAxis)
#include "tst_grid_row_axis.moc"
