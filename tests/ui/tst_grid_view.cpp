// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_header.h"
#include "grid/grid_view.h"
#include "ui/column_maker.h"
#include "ui/table_source.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace freshet;
using namespace freshet::ui;
using columnar::TypeKind;

namespace {

constexpr std::int64_t kBillion = 1'000'000'000;

void turnWheel(DatasetGrid &grid, int notches)
{
    const QPointF middle = grid.viewport()->rect().center();
    QWheelEvent event(middle, grid.viewport()->mapToGlobal(middle), {}, {0, notches * 120},
                      Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(grid.viewport(), &event);
}

void paintOnce(DatasetGrid &grid)
{
    (void)grid.grab();
}

QPoint cellPoint(const DatasetGrid &grid, int line, int column)
{
    const int left = grid.header()->x() - grid.viewport()->x();
    const int height = grid.viewport()->height() / grid.visibleRows().count().asSize() + 1;
    return {left + grid.header()->sectionViewportPosition(column) + 5, line * height + 8};
}

} // namespace

class TestGridView : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<DatasetGrid> m_grid;

    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_grid.get(), Qt::Key(key), modifiers);
    }
    [[nodiscard]] CellIndex current() const { return m_grid->currentCell().value_or(CellIndex{}); }

private Q_SLOTS:
    void init()
    {
        m_grid = std::make_unique<DatasetGrid>();
        m_grid->resize(900, 500);
        m_grid->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_grid.get()));
    }
    void cleanup() { m_grid.reset(); }

    void keysWalk()
    {
        m_grid->setSource(test::usersTable(1'000));
        m_grid->setCurrentCell({RowIndex(10), 1});
        press(Qt::Key_Down);
        press(Qt::Key_Right);
        QCOMPARE(current(), (CellIndex{RowIndex(11), 2}));
        press(Qt::Key_Home);
        QCOMPARE(current(), (CellIndex{RowIndex(11), 0}));
        press(Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(current(), (CellIndex{RowIndex(999), 8}));
        QCOMPARE(m_grid->visibleRows().end, RowIndex(1'000));
        press(Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(current(), (CellIndex{RowIndex(0), 0}));
        const RowCount page = m_grid->visibleRows().count();
        press(Qt::Key_PageDown);
        QVERIFY(current().row >= RowIndex(page.value() - 2));
        QVERIFY(m_grid->visibleRows().contains(current().row));
    }

    void currentCellStaysInView()
    {
        m_grid->setSource(test::usersTable(kBillion));
        m_grid->setCurrentCell({RowIndex(0), 0});
        for (const int key : {Qt::Key_PageDown, Qt::Key_Down, Qt::Key_PageDown, Qt::Key_Up,
                              Qt::Key_Right, Qt::Key_End, Qt::Key_PageUp, Qt::Key_Home}) {
            press(key);
            QVERIFY(m_grid->visibleRows().contains(current().row));
            const int x = m_grid->header()->sectionViewportPosition(current().column);
            QVERIFY(x >= 0);
            QVERIFY(x < m_grid->header()->width());
        }
    }

    void shiftAndCtrlSelect()
    {
        m_grid->setSource(test::usersTable(1'000));
        m_grid->setCurrentCell({RowIndex(1), 1});
        press(Qt::Key_Down, Qt::ShiftModifier);
        press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{4});
        press(Qt::Key_Space, Qt::ShiftModifier);
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{2 * 9});
        press(Qt::Key_Space, Qt::ControlModifier);
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{2 * 1'000});
        press(Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{9 * 1'000});
    }

    void mouseSelects()
    {
        m_grid->setSource(test::usersTable(1'000));
        paintOnce(*m_grid);
        QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, {}, cellPoint(*m_grid, 2, 1));
        QCOMPARE(current(), (CellIndex{RowIndex(2), 1}));
        QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, Qt::ShiftModifier,
                          cellPoint(*m_grid, 4, 2));
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{6});
        QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, Qt::ControlModifier,
                          cellPoint(*m_grid, 6, 0));
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{7});
        QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, {}, QPoint(3, 8));
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{9});
        QTest::mouseClick(m_grid->header()->viewport(), Qt::LeftButton, {},
                          {m_grid->header()->sectionViewportPosition(2) + 20, 10});
        QCOMPARE(m_grid->selectedCellCount(), std::int64_t{1'000});
    }

    void billionRowsOpenAtBothEnds()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        m_grid->setSource(test::usersTable(kBillion, probe));
        paintOnce(*m_grid);
        QCOMPARE(m_grid->rowCount(), RowCount(kBillion));
        QCOMPARE(m_grid->visibleRows().first, RowIndex(0));
        press(Qt::Key_End, Qt::ControlModifier);
        paintOnce(*m_grid);
        QCOMPARE(current().row, RowIndex(kBillion - 1));
        QCOMPARE(m_grid->visibleRows().end, RowIndex(kBillion));
        // Nine columns, two places, and a page ahead each.
        QVERIFY2(probe->peeks < 200, qPrintable(QString::number(probe->peeks)));
        QCOMPARE(probe->loads.load(), 0);
    }

    void wheelIsExactInABillionRows()
    {
        m_grid->setSource(test::usersTable(kBillion));
        m_grid->goToRow(RowIndex(123'456'789));
        const RowIndex top = m_grid->visibleRows().first;
        turnWheel(*m_grid, -1);
        QCOMPARE(m_grid->visibleRows().first, top + RowCount(3));
        turnWheel(*m_grid, 1);
        QCOMPARE(m_grid->visibleRows().first, top);
        m_grid->verticalScrollBar()->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        QCOMPARE(m_grid->visibleRows().first, top + RowCount(1));
        m_grid->verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepSub);
        QVERIFY(m_grid->visibleRows().contains(top));
        QVERIFY(m_grid->visibleRows().first < top);
    }

    void paintingAgainAsksNothing()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        m_grid->setSource(test::usersTable(kBillion, probe));
        paintOnce(*m_grid);
        const int before = probe->peeks;
        for (int i = 0; i < 20; ++i)
            paintOnce(*m_grid);
        QCOMPARE(probe->peeks.load(), before);
    }

    void growingAsksNothingWhileThePageIsFull()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        m_grid->setSource(test::usersTable(10'000, probe));
        paintOnce(*m_grid);
        const int before = probe->peeks;
        for (std::int64_t rows = 20'000; rows < 20'000'000; rows += 100'000)
            m_grid->growSource(test::usersTable(rows, probe));
        QCOMPARE(probe->peeks.load(), before);
        QCOMPARE(m_grid->visibleRows().first, RowIndex(0));
    }

    void cellsComeLater()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        probe->gate = std::make_unique<QSemaphore>();
        m_grid->setSource(test::usersTable(kBillion, probe));
        const QImage faint = m_grid->grab().toImage();
        probe->gate->release(100'000);
        QTRY_VERIFY(m_grid->grab().toImage() != faint);
        QTRY_VERIFY(probe->loads > 0);
        // The first column needed one run, not one for each of its rows.
        QVERIFY(probe->loads < 100);
    }

    void unreadableCellsAreToldOnce()
    {
        auto probe = std::make_shared<test::SourceProbe>();
        probe->brokenColumn = 1;
        QSignalSpy failed(m_grid.get(), &DatasetGrid::readFailed);
        m_grid->setSource(test::usersTable(400, probe));
        paintOnce(*m_grid);
        QTRY_VERIFY(!failed.empty());
        QCOMPARE(failed.first().first().value<Error>().code, ErrorCode::LibraryDamaged);
        const qsizetype told = failed.size();
        for (int i = 0; i < 5; ++i) {
            paintOnce(*m_grid);
            QCoreApplication::processEvents();
        }
        QCOMPARE(failed.size(), told);
    }

    void tailIsFollowed()
    {
        QSignalSpy changed(m_grid.get(), &DatasetGrid::followTailChanged);
        m_grid->setSource(test::usersTable(1'000));
        m_grid->setFollowTail(true);
        m_grid->growSource(test::usersTable(2'000));
        QCOMPARE(m_grid->visibleRows().end, RowIndex(2'000));
        turnWheel(*m_grid, 1);
        QVERIFY(!m_grid->followsTail());
        m_grid->growSource(test::usersTable(3'000));
        QVERIFY(m_grid->visibleRows().end < RowIndex(2'001));
        press(Qt::Key_End, Qt::ControlModifier);
        QVERIFY(m_grid->followsTail());
        m_grid->growSource(test::usersTable(kBillion));
        QCOMPARE(m_grid->visibleRows().end, RowIndex(kBillion));
        QCOMPARE(changed.size(), 3);
    }

    void barAtItsEndLocks()
    {
        m_grid->setSource(test::usersTable(kBillion));
        QScrollBar *bar = m_grid->verticalScrollBar();
        bar->setValue(bar->maximum() / 2);
        QVERIFY(!m_grid->followsTail());
        bar->setValue(bar->maximum());
        QVERIFY(m_grid->followsTail());
        bar->setValue(bar->maximum() - 1);
        QVERIFY(!m_grid->followsTail());
    }

    void lateColumnsComeAtTheRight()
    {
        const auto ids = test::makeColumn({TypeKind::Int64}, {"1", "2"});
        const auto names = test::makeColumn({TypeKind::String}, {test::kMissing, "b"});
        m_grid->setSource(test::tableOf({{"id", ids}}));
        m_grid->setCurrentCell({RowIndex(1), 0});
        const int width = m_grid->header()->sectionSize(0);
        m_grid->growSource(test::tableOf({{"id", ids}, {"name", names}}));
        QCOMPARE(m_grid->header()->count(), 2);
        QCOMPARE(m_grid->header()->visualIndex(1), 1);
        QCOMPARE(m_grid->header()->sectionSize(0), width);
        QCOMPARE(current(), (CellIndex{RowIndex(1), 0}));
        press(Qt::Key_Right);
        QCOMPARE(current(), (CellIndex{RowIndex(1), 1}));
    }

    void widenedColumnsAreReadAnew()
    {
        const auto numbers = test::makeColumn({TypeKind::Int64}, {"1", "2"});
        const auto texts = test::makeColumn({TypeKind::String}, {"1", "2"});
        m_grid->setSource(test::tableOf({{"id", numbers}}));
        const QImage right = m_grid->grab().toImage();
        m_grid->growSource(test::tableOf({{"id", texts}}));
        QVERIFY(m_grid->grab().toImage() != right);
    }

    void widthsAreSetOnceWithinBounds()
    {
        const std::string longText(5'000, 'm');
        const auto column = [&](const test::Value &value) {
            return test::makeColumn({TypeKind::String}, std::vector<test::Value>(100, value));
        };
        m_grid->setSource(test::tableOf({{"a", column("x")}, {"b", column(longText)}}));
        const int unit = QFontInfo(m_grid->font()).pixelSize();
        QCOMPARE(m_grid->header()->sectionSize(0), 60 * unit / 13);
        QCOMPARE(m_grid->header()->sectionSize(1), 320 * unit / 13);
        m_grid->header()->resizeSection(0, 200);
        m_grid->growSource(test::tableOf({{"a", column("x")}, {"b", column(longText)}}));
        QCOMPARE(m_grid->header()->sectionSize(0), 200);
        m_grid->fitColumn(0);
        QVERIFY(m_grid->header()->sectionSize(0) < 60 * unit / 13);
    }

    void widthsFollowTheFont()
    {
        const std::string longText(5'000, 'm');
        const auto column = test::makeColumn({TypeKind::String}, {longText, longText});
        m_grid->setSource(test::tableOf({{"a", column}, {"b", column}}));
        m_grid->header()->resizeSection(0, 200);
        QFont font = m_grid->font();
        const int unit = QFontInfo(font).pixelSize();
        QCOMPARE(m_grid->header()->sectionSize(1), 320 * unit / 13);
        font.setPixelSize(2 * unit);
        m_grid->setFont(font);
        QCOMPARE(m_grid->header()->sectionSize(0), 400);
        QCOMPARE(m_grid->header()->sectionSize(1), 2 * (320 * unit / 13));
        font.setBold(true); // another font of the same size
        m_grid->setFont(font);
        QCOMPARE(m_grid->header()->sectionSize(0), 400);
    }

    void copyFollowsTheOrderShown()
    {
        const auto numbers = [](const test::Value &a, const test::Value &b) {
            return test::makeColumn({TypeKind::Int64}, {a, b});
        };
        m_grid->setSource(test::tableOf(
            {{"a", numbers("1", "2")}, {"b", numbers("3", "4")}, {"c", numbers("5", "6")}}));
        m_grid->moveColumn(0, 2);
        m_grid->setColumnHidden(1, true);
        m_grid->selectAll();
        QSignalSpy copied(m_grid.get(), &DatasetGrid::copyFinished);
        press(Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE(copied.size(), 1);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"5\t1\n6\t2");
        m_grid->setColumnHidden(1, false);
        m_grid->selectAll();
        const QFuture<Result<std::string>> text = m_grid->selectionText({CopyFormat::Csv, true});
        QCOMPARE(QString::fromStdString(text.result().value()), u"b,c,a\n3,5,1\n4,6,2");
    }

    void movingKeepsTheCurrentCell()
    {
        m_grid->setSource(test::usersTable(100));
        m_grid->setCurrentCell({RowIndex(3), 0});
        m_grid->moveColumn(0, 4);
        QCOMPARE(current(), (CellIndex{RowIndex(3), 0}));
        press(Qt::Key_Home);
        QCOMPARE(current(), (CellIndex{RowIndex(3), 1}));
    }

    void muchIsAskedAboutBeforeCopying()
    {
        m_grid->setSource(test::usersTable(kBillion));
        paintOnce(*m_grid);
        m_grid->selectAll();
        QSignalSpy asked(m_grid.get(), &DatasetGrid::copyNeedsConfirmation);
        QSignalSpy copied(m_grid.get(), &DatasetGrid::copyFinished);
        m_grid->copySelection();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.first().at(1).toLongLong(), 9 * kBillion);
        QVERIFY(asked.first().at(2).toLongLong() > 20 * kBillion);
        QCOMPARE(copied.size(), 0);
    }

    void summaryIsWorkedOut()
    {
        m_grid->setSource(test::usersTable(1'000));
        QSignalSpy told(m_grid.get(), &DatasetGrid::selectionSummaryChanged);
        m_grid->setCurrentCell({RowIndex(0), 0});
        press(Qt::Key_Down, Qt::ShiftModifier);
        QTRY_VERIFY(!told.empty() && told.last().first().value<SelectionSummary>().hasFigures);
        const auto summary = told.last().first().value<SelectionSummary>();
        QCOMPARE(summary.cells, std::int64_t{2});
        QCOMPARE(summary.sum, "18014398509482199");
        QCOMPARE(summary.max, "9007199254741135");
        QVERIFY(!summary.isSumRounded);
    }

    void settingsReachColumnsByName()
    {
        m_grid->setSource(test::usersTable(100));
        m_grid->applyColumnSettings({{QStringLiteral("country"), 150, false},
                                     {QStringLiteral("note"), 0, true},
                                     {QStringLiteral("gone"), 80, false},
                                     {QStringLiteral("id"), 222, false}});
        QCOMPARE(m_grid->header()->visualIndex(6), 0);
        QCOMPARE(m_grid->header()->sectionSize(6), 150);
        QCOMPARE(m_grid->header()->sectionSize(0), 222);
        QVERIFY(m_grid->isColumnHidden(8));
        const std::vector<ColumnSetting> kept = m_grid->columnSettings();
        QCOMPARE(kept.front(), (ColumnSetting{QStringLiteral("country"), 150, false}));
    }

    void settingsMayComeBeforeTheTable()
    {
        m_grid->applyColumnSettings(
            {{QStringLiteral("country"), 150, false}, {QStringLiteral("note"), 0, true}});
        m_grid->growSource(test::usersTable(100));
        QCOMPARE(m_grid->header()->visualIndex(6), 0);
        QCOMPARE(m_grid->header()->sectionSize(6), 150);
        QVERIFY(m_grid->isColumnHidden(8));
        m_grid->setSource(test::usersTable(100));
        QCOMPARE(m_grid->header()->visualIndex(6), 6);
        QVERIFY(!m_grid->isColumnHidden(8));
    }

    void tabLeaves()
    {
        m_grid->setSource(test::usersTable(100));
        m_grid->setCurrentCell({RowIndex(0), 0});
        QKeyEvent tab(QEvent::KeyPress, Qt::Key_Tab, Qt::NoModifier);
        tab.accept();
        QCOMPARE(gridKey(tab).move, std::nullopt);
        QCOMPARE(current(), (CellIndex{RowIndex(0), 0}));
    }

    void anotherTableStartsAfresh()
    {
        m_grid->setSource(test::usersTable(kBillion));
        m_grid->goToRow(RowIndex(kBillion - 1));
        m_grid->setSource(test::usersTable(5));
        QCOMPARE(m_grid->visibleRows(), (RowRange{RowIndex(0), RowIndex(5)}));
        QCOMPARE(m_grid->currentCell(), std::nullopt);
        m_grid->setSource(nullptr);
        QCOMPARE(m_grid->rowCount(), RowCount(0));
        paintOnce(*m_grid);
        press(Qt::Key_Down);
        QCOMPARE(m_grid->currentCell(), std::nullopt);
    }

    void noRowsYetThenRows()
    {
        m_grid->growSource(test::usersTable(0));
        paintOnce(*m_grid);
        press(Qt::Key_End, Qt::ControlModifier);
        m_grid->growSource(test::usersTable(1));
        QCOMPARE(m_grid->visibleRows(), (RowRange{RowIndex(0), RowIndex(1)}));
        press(Qt::Key_Down);
        QCOMPARE(current(), (CellIndex{RowIndex(0), 0}));
    }
};

QTEST_MAIN(TestGridView)
#include "tst_grid_view.moc"
