// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "grid/cell_cache.h"
#include "grid/cell_painter.h"
#include "grid/grid_columns.h"
#include "grid/grid_copy.h"
#include "grid/grid_keys.h"
#include "grid/grid_selection.h"
#include "grid/grid_source.h"
#include "grid/grid_style.h"
#include "grid/row_axis.h"
#include "grid/selection_summary.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QFuture>
#include <QThreadPool>
#include <QTimer>

#include <optional>
#include <vector>

class QHeaderView;
class QMenu;
class QPainter;

namespace freshet::store {
class DatasetSnapshot;
}

namespace freshet::ui {

class GridCorner;
class GridHeader;
class HeaderModel;

/// A table of up to 2·10^15 rows of which only what is on the screen costs anything.
///
/// Cells in memory are painted at once; others are asked of a worker, what is visible first, then
/// a page ahead, and are painted faint until they come. `growSource` is O(1): call it at most once
/// per frame while data pours in.
/// \code
///   auto *grid = new DatasetGrid(this);
///   grid->setSnapshot(dataset->snapshot());      // again whenever the generation grew
///   grid->setFollowTail(true);
/// \endcode
///
/// Columns are addressed by their number in the schema; `current` and signals speak CellIndex.
/// Threads: GUI thread only. The destructor waits for at most one read.
class DatasetGrid : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit DatasetGrid(QWidget *parent = nullptr);
    ~DatasetGrid() override;

    /// Show another table from its start; arrangement of columns and selection are forgotten.
    void setSource(GridSourcePtr source);
    /// Show a later moment of the same table; place, selection and columns stay.
    void growSource(GridSourcePtr source);
    /// `growSource` with a dataset.
    void setSnapshot(const store::DatasetSnapshot &snapshot);
    [[nodiscard]] const GridSourcePtr &source() const { return m_source; }
    [[nodiscard]] RowCount rowCount() const { return m_axis.rowCount(); }

    using QAbstractScrollArea::setStyle;
    void setStyle(const GridStyle &style);
    [[nodiscard]] const GridStyle &gridStyle() const { return m_painter.style(); }

    [[nodiscard]] std::optional<CellIndex> currentCell() const;
    /// Make `cell` current and selected, and scroll it into view.
    void setCurrentCell(CellIndex cell);
    /// Scroll to `row` (the last one if there are fewer) and make it current in the present column.
    void goToRow(RowIndex row);
    [[nodiscard]] RowRange visibleRows() const { return m_axis.visibleRows(); }

    /// Selected cells without hidden columns.
    [[nodiscard]] CellBlocks selectedCells() const;
    [[nodiscard]] std::int64_t selectedCellCount() const;
    void selectAll();
    void clearSelection();

    /// Put the selection on the clipboard; `copyFinished` or `copyFailed` follows. Above
    /// `kCopyAskCells` cells or `kCopyAskBytes` of text, `copyNeedsConfirmation` comes instead,
    /// unless `confirmed`, which lifts the bound to `kCopyMaxBytes`.
    void copySelection(CopyOptions options = {}, bool confirmed = false);
    /// The same as a value, for dragging or saving.
    [[nodiscard]] QFuture<Result<std::string>> selectionText(CopyOptions options) const;
    static constexpr std::int64_t kCopyAskCells = 100'000;
    static constexpr ByteCount kCopyAskBytes = 64_MiB;
    static constexpr ByteCount kCopyMaxBytes = 256_MiB;

    [[nodiscard]] bool followsTail() const { return m_followsTail; }
    /// Keep the last row in view as rows come. Scrolling up releases it, Ctrl+End and dragging the
    /// bar to its end set it.
    void setFollowTail(bool follow);

    [[nodiscard]] std::vector<ColumnSetting> columnSettings() const;
    /// Apply by name, also before the first table; columns that come later take their width and
    /// hiding when they come.
    void applyColumnSettings(const std::vector<ColumnSetting> &settings);
    [[nodiscard]] bool isColumnHidden(int column) const;
    void setColumnHidden(int column, bool hidden);
    void moveColumn(int fromPlace, int toPlace);
    /// Fit the width to the rows in view.
    void fitColumn(int column);
    /// Draw an arrow in this column's header; -1 for none.
    void setSortMark(int column, Qt::SortOrder order);
    [[nodiscard]] QHeaderView *header() const;

Q_SIGNALS:
    void currentCellChanged(std::optional<freshet::ui::CellIndex> cell);
    void selectionChanged();
    /// After `selectionChanged`, when the figures are worked out.
    void selectionSummaryChanged(const freshet::ui::SelectionSummary &summary);
    /// Double click or Enter.
    void cellActivated(freshet::ui::CellIndex cell);
    void followTailChanged(bool follows);
    void columnSettingsChanged();
    void copyNeedsConfirmation(freshet::ui::CopyOptions options, qint64 cells, qint64 bytes);
    void copyFinished(qint64 cells, qint64 bytes);
    void copyFailed(const freshet::Error &error);
    /// Cells cannot be read and are shown as unreadable. Told once for a table.
    void readFailed(const freshet::Error &error);
    /// Add actions before the menus open.
    void cellMenuAboutToShow(QMenu *menu);
    void columnMenuAboutToShow(QMenu *menu, int column);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Drag { None, Cells, Rows };
    /// Who moved the view: only the user's movements touch the lock on the tail.
    enum class By { User, Program };

    // grid_view.cpp
    void connectParts();
    void updateFont();
    void updateLayout();
    void updateScrollBars();
    void rowBarAction(int action);
    void scrollRows(std::int64_t pixels);
    void scrolled(By by, std::int64_t before);
    void fetchVisible();
    void settleWidths();
    [[nodiscard]] std::optional<int> widthOfCells(int column) const;
    [[nodiscard]] bool isEmpty() const;

    // grid_paint.cpp
    void paintBackground(QPainter &painter, const std::vector<VisibleColumn> &columns) const;
    void paintLines(QPainter &painter, const std::vector<VisibleColumn> &columns) const;
    void paintCells(QPainter &painter, const std::vector<VisibleColumn> &columns) const;
    void paintCursor(QPainter &painter, const std::vector<VisibleColumn> &columns) const;
    void paintNumbers(QPainter &painter) const;

    // grid_events.cpp
    void moveCurrent(GridMove move, GridSelection::Mode mode);
    void runCommand(GridCommand command);
    void dragTo(QPoint position);
    void pressColumn(int column);
    void showColumnMenu(int column, QPoint globalPosition);
    [[nodiscard]] std::optional<GridPlace> placeAt(QPoint position) const;

    // grid_selecting.cpp
    void selectionTouched();
    void revealCurrent();
    void columnsArranged();
    void startSummary();
    void announceCurrent();
    [[nodiscard]] std::int64_t estimatedBytes(std::int64_t cells) const;

    GridSourcePtr m_source;
    RowAxis m_axis;
    GridSelection m_selection;
    CellPainter m_painter;
    CellCache m_cells;
    HeaderModel *m_headerModel;
    GridHeader *m_header;
    GridCorner *m_corner;
    GridColumns *m_columns;

    int m_fontSize = 13;
    int m_numberWidth = 0;
    bool m_scrollsUp = false;
    bool m_followsTail = false;
    bool m_isSettingBars = false;
    Drag m_drag = Drag::None;
    QPoint m_dragPosition;
    QBasicTimer m_autoScroll;
    QTimer m_summaryDelay;
    std::optional<CellIndex> m_toldCurrent;
    CancelToken m_summing;
    CancelToken m_copying;
    mutable QThreadPool m_reader;
};

} // namespace freshet::ui
