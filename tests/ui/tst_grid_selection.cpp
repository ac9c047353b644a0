// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_keys.h"
#include "grid/grid_selection.h"

#include <QKeyEvent>
#include <QTest>

using namespace freshet::ui;
using Mode = GridSelection::Mode;

namespace {

// The selected cells of a small grid, drawn: one line a row.
QString drawn(const GridSelection &selection, int rows, int columns)
{
    QStringList lines(rows, QString(columns, u'.'));
    for (const CellRect &rect : selection.disjoint(rows, columns)) {
        for (auto row = rect.firstRow; row < rect.endRow; ++row) {
            for (int column = rect.firstColumn; column < rect.endColumn; ++column) {
                QChar &cell = lines[static_cast<qsizetype>(row)][column];
                cell = cell == u'.' ? u'x' : u'!'; // ! = counted twice
            }
        }
    }
    return lines.join(u' ');
}

} // namespace

class TestGridSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsEmpty()
    {
        const GridSelection selection;
        QVERIFY(!selection.current());
        QVERIFY(selection.disjoint(10, 10).empty());
    }

    void shiftSpansFromWhereItBegan()
    {
        GridSelection selection;
        selection.select({2, 2}, Mode::Replace);
        selection.select({3, 3}, Mode::Extend);
        QCOMPARE(drawn(selection, 4, 4), u".... .... ..xx ..xx");
        selection.select({1, 0}, Mode::Extend);
        QCOMPARE(drawn(selection, 4, 4), u".... xxx. xxx. ....");
        QCOMPARE(selection.current(), std::optional(GridPlace{1, 0}));
    }

    void ctrlAddsAndCellsCountOnce()
    {
        GridSelection selection;
        selection.select({0, 0}, Mode::Replace);
        selection.select({2, 1}, Mode::Extend);
        selection.select({1, 1}, Mode::Add);
        selection.select({3, 3}, Mode::Extend);
        QCOMPARE(drawn(selection, 4, 5), u"xx... xxxx. xxxx. .xxx.");
        selection.select({0, 4}, Mode::Replace);
        QCOMPARE(drawn(selection, 4, 5), u"....x ..... ..... .....");
    }

    void wholeRowsTakeInLateColumns()
    {
        GridSelection selection;
        selection.selectRow({1, 2}, Mode::Replace);
        QCOMPARE(drawn(selection, 3, 3), u"... xxx ...");
        QCOMPARE(drawn(selection, 3, 5), u"..... xxxxx .....");
        selection.select({2, 2}, Mode::Extend);
        QCOMPARE(drawn(selection, 3, 3), u"... xxx xxx");
    }

    void wholeColumnsTakeInLateRows()
    {
        GridSelection selection;
        selection.selectColumn({0, 1}, Mode::Replace);
        QVERIFY(selection.hasWholeColumn(1));
        QVERIFY(!selection.hasWholeColumn(0));
        QCOMPARE(drawn(selection, 2, 3), u".x. .x.");
        QCOMPARE(drawn(selection, 4, 3), u".x. .x. .x. .x.");
    }

    void rowsAndColumnsCross()
    {
        GridSelection selection;
        selection.selectRow({1, 0}, Mode::Replace);
        selection.selectColumn({0, 1}, Mode::Add);
        QCOMPARE(drawn(selection, 3, 3), u".x. xxx .x.");
    }

    void widensTheActiveRectangle()
    {
        GridSelection selection;
        selection.select({1, 1}, Mode::Replace);
        selection.select({2, 2}, Mode::Extend);
        selection.widenToRows();
        QCOMPARE(drawn(selection, 4, 4), u".... xxxx xxxx ....");
        selection.widenToColumns();
        QCOMPARE(drawn(selection, 4, 4), u".xx. .xx. .xx. .xx.");
    }

    void allOfAThousandMillionRowsIsOneRectangle()
    {
        GridSelection selection;
        selection.selectAll({5, 5});
        const std::vector<CellRect> all = selection.disjoint(1'000'000'000, 40);
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all.front(), (CellRect{0, 1'000'000'000, 0, 40}));
        QVERIFY(selection.contains({999'999'999, 39}));
        QVERIFY(selection.touchesRow(7));
    }

    void countOfRectanglesIsBounded()
    {
        GridSelection selection;
        for (int i = 0; i < 3'000; ++i)
            selection.select({i * 2, 0}, Mode::Add);
        QCOMPARE(selection.rects().size(), GridSelection::kMaxRects);
        QVERIFY(selection.contains({2'999 * 2, 0}));
        QVERIFY(!selection.contains({0, 0}));
    }

    void movementsStayInside_data()
    {
        QTest::addColumn<GridMove>("move");
        QTest::addColumn<GridPlace>("from");
        QTest::addColumn<GridPlace>("to");
        const GridPlace middle{50, 5};
        QTest::newRow("up") << GridMove::Up << middle << GridPlace{49, 5};
        QTest::newRow("up at the top") << GridMove::Up << GridPlace{0, 5} << GridPlace{0, 5};
        QTest::newRow("down") << GridMove::Down << middle << GridPlace{51, 5};
        QTest::newRow("down at the end") << GridMove::Down << GridPlace{99, 5} << GridPlace{99, 5};
        QTest::newRow("left") << GridMove::Left << middle << GridPlace{50, 4};
        QTest::newRow("left at the edge") << GridMove::Left << GridPlace{5, 0} << GridPlace{5, 0};
        QTest::newRow("right") << GridMove::Right << middle << GridPlace{50, 6};
        QTest::newRow("right at the edge") << GridMove::Right << GridPlace{5, 9} << GridPlace{5, 9};
        QTest::newRow("page up") << GridMove::PageUp << middle << GridPlace{30, 5};
        QTest::newRow("page up near the top")
            << GridMove::PageUp << GridPlace{3, 5} << GridPlace{0, 5};
        QTest::newRow("page down") << GridMove::PageDown << middle << GridPlace{70, 5};
        QTest::newRow("home") << GridMove::RowStart << middle << GridPlace{50, 0};
        QTest::newRow("end") << GridMove::RowEnd << middle << GridPlace{50, 9};
        QTest::newRow("first row") << GridMove::FirstRow << middle << GridPlace{0, 5};
        QTest::newRow("last row") << GridMove::LastRow << middle << GridPlace{99, 5};
        QTest::newRow("first cell") << GridMove::FirstCell << middle << GridPlace{0, 0};
        QTest::newRow("last cell") << GridMove::LastCell << middle << GridPlace{99, 9};
    }
    void movementsStayInside()
    {
        QFETCH(GridMove, move);
        QFETCH(GridPlace, from);
        QFETCH(GridPlace, to);
        QCOMPARE(moved(from, move, 100, 10, 20), to);
    }

    void keysThatAreNotOurs_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("modifiers");
        QTest::newRow("tab leaves the grid") << int(Qt::Key_Tab) << int(Qt::NoModifier);
        QTest::newRow("go to row is the window's") << int(Qt::Key_G) << int(Qt::ControlModifier);
        QTest::newRow("space is the window's") << int(Qt::Key_Space) << int(Qt::NoModifier);
        QTest::newRow("escape is the window's") << int(Qt::Key_Escape) << int(Qt::NoModifier);
        QTest::newRow("alt with an arrow") << int(Qt::Key_Left) << int(Qt::AltModifier);
        QTest::newRow("tabs by page keys") << int(Qt::Key_PageDown) << int(Qt::ControlModifier);
    }
    void keysThatAreNotOurs()
    {
        QFETCH(int, key);
        QFETCH(int, modifiers);
        const QKeyEvent event(QEvent::KeyPress, key, Qt::KeyboardModifiers(modifiers));
        const GridKey meant = gridKey(event);
        QVERIFY(!meant.move);
        QVERIFY(!meant.command);
    }
};

QTEST_MAIN(TestGridSelection)
#include "tst_grid_selection.moc"
