// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/grid_view.h"

#include "grid/dataset_source.h"
#include "grid/grid_corner.h"
#include "grid/grid_header.h"
#include "grid/header_model.h"

#include <QFontInfo>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace freshet::ui {

namespace {

// Rows looked at to fit a column: a screen full.
constexpr std::int64_t kRowsMeasured = 200;

} // namespace

DatasetGrid::DatasetGrid(QWidget *parent)
    : QAbstractScrollArea(parent),
      m_headerModel(new HeaderModel(this)),
      m_header(new GridHeader(m_headerModel, this)),
      m_corner(new GridCorner(this)),
      m_columns(new GridColumns(m_header, m_headerModel, this))
{
    // Data reads from left to right, whatever the language of the window.
    setLayoutDirection(Qt::LeftToRight);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Rows"));
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::ArrowCursor);
    m_reader.setMaxThreadCount(1);
    m_summaryDelay.setSingleShot(true);
    m_summaryDelay.setInterval(100);
    connectParts();
    updateFont();
}

DatasetGrid::~DatasetGrid()
{
    m_summing.cancel();
    m_copying.cancel();
    m_reader.clear();
    m_reader.waitForDone();
}

void DatasetGrid::connectParts()
{
    connect(&m_cells, &CellCache::cellsArrived, this, [this] {
        settleWidths();
        viewport()->update();
    });
    connect(&m_cells, &CellCache::readFailed, this, &DatasetGrid::readFailed);
    connect(m_columns, &GridColumns::resized, this, [this] {
        updateScrollBars();
        viewport()->update();
    });
    connect(m_columns, &GridColumns::arranged, this, &DatasetGrid::columnsArranged);
    connect(m_columns, &GridColumns::settingsChanged, this, &DatasetGrid::columnSettingsChanged);
    connect(m_header, &QHeaderView::sectionPressed, this, &DatasetGrid::pressColumn);
    connect(m_header, &QHeaderView::sectionHandleDoubleClicked, this, &DatasetGrid::fitColumn);
    connect(m_header, &GridHeader::menuRequested, this, &DatasetGrid::showColumnMenu);
    connect(m_corner, &GridCorner::clicked, this, [this] {
        setFocus(Qt::MouseFocusReason);
        selectAll();
    });
    connect(&m_summaryDelay, &QTimer::timeout, this, &DatasetGrid::startSummary);
    connect(verticalScrollBar(), &QAbstractSlider::actionTriggered, this,
            &DatasetGrid::rowBarAction);
    // In a long table one step of the bar is many rows: its wheel goes the way of ours.
    verticalScrollBar()->installEventFilter(this);
    m_header->setHighlighted([this](int column) {
        const std::optional<int> place = m_columns->placeOf(column);
        return place && m_selection.hasWholeColumn(*place);
    });
}

bool DatasetGrid::isEmpty() const
{
    return m_axis.rowCount().value() == 0 || m_columns->shownCount() == 0;
}

void DatasetGrid::setSource(GridSourcePtr source)
{
    // Settings given before the first table are meant for it.
    if (m_source)
        m_columns->forgetSettings();
    m_source = std::move(source);
    m_cells.reset(m_source);
    m_axis.setRowCount(RowCount());
    m_axis.setRowCount(m_source ? m_source->rowCount() : RowCount());
    m_columns->reset(m_source ? m_source->schema() : nullptr);
    m_selection.clear();
    m_numberWidth = 0;
    horizontalScrollBar()->setValue(0);
    if (m_followsTail)
        m_axis.scrollToEnd();
    updateLayout();
    settleWidths();
    selectionTouched();
}

void DatasetGrid::growSource(GridSourcePtr source)
{
    if (!m_source || !source || source->rowCount() < m_source->rowCount()) {
        setSource(std::move(source));
        return;
    }
    const bool sameColumns = source->schema() == m_source->schema();
    const RowRange before = m_axis.visibleRows();
    const std::int64_t offset = m_axis.offset();
    m_source = std::move(source);
    m_cells.grow(m_source);
    m_axis.setRowCount(m_source->rowCount());
    if (!sameColumns)
        m_columns->grow(m_source->schema());
    if (m_followsTail)
        m_axis.scrollToEnd();
    updateScrollBars();
    if (sameColumns && m_axis.visibleRows() == before && m_axis.offset() == offset)
        return;
    updateLayout();
    settleWidths();
    viewport()->update();
}

void DatasetGrid::setSnapshot(const store::DatasetSnapshot &snapshot)
{
    growSource(std::make_shared<DatasetSource>(snapshot));
}

void DatasetGrid::setStyle(const GridStyle &style)
{
    m_painter.setStyle(style);
    m_header->setStyle(style);
    m_corner->setStyle(style);
    updateFont();
    viewport()->update();
}

void DatasetGrid::updateFont()
{
    const int before = m_fontSize;
    m_fontSize = std::max(1, QFontInfo(font()).pixelSize());
    m_painter.setFont(font());
    m_header->setFont(font());
    m_axis.setRowHeight(m_painter.rowHeight());
    m_numberWidth = 0;
    if (before != m_fontSize)
        m_columns->scaleWidths(qreal(m_fontSize) / std::max(1, before), m_fontSize);
    updateLayout();
}

// The row numbers take the room their digits need and do not give it back, so that columns stand
// still while scrolling.
void DatasetGrid::updateLayout()
{
    m_axis.setViewportHeight(viewport()->height());
    const int wanted = m_painter.numberColumnWidth(m_axis.visibleRows().end.value());
    m_numberWidth = std::max(m_numberWidth, wanted);
    const int height = m_header->sizeHint().height();
    if (viewportMargins().top() != height)
        setViewportMargins(0, height, 0, 0);
    const QRect area = viewport()->geometry();
    m_corner->setGeometry(area.left(), area.top() - height, m_numberWidth, height);
    m_header->setGeometry(area.left() + m_numberWidth, area.top() - height,
                          std::max(0, area.width() - m_numberWidth), height);
    updateScrollBars();
}

void DatasetGrid::updateScrollBars()
{
    const QScopedValueRollback guard(m_isSettingBars, true);
    QScrollBar *rows = verticalScrollBar();
    rows->setRange(0, m_axis.barMaximum());
    rows->setPageStep(m_axis.viewportHeight());
    rows->setSingleStep(m_axis.rowHeight());
    rows->setValue(m_axis.barValue());

    QScrollBar *columns = horizontalScrollBar();
    const int width = std::max(0, viewport()->width() - m_numberWidth);
    columns->setRange(0, std::max(0, m_header->length() - width));
    columns->setPageStep(width);
    columns->setSingleStep(m_painter.px(24));
    if (m_header->offset() != columns->value())
        m_header->setOffset(columns->value());
}

void DatasetGrid::scrollContentsBy(int dx, int dy)
{
    if (m_isSettingBars)
        return;
    if (dx != 0) {
        m_header->setOffset(horizontalScrollBar()->value());
        settleWidths();
        viewport()->update();
    }
    const std::int64_t before = m_axis.offset();
    if (dy == 0 || !m_axis.setBarValue(verticalScrollBar()->value()))
        return;
    scrolled(By::User, before);
    if (m_axis.isAtEnd() && m_axis.offset() > before)
        setFollowTail(true);
}

// Arrows and the bar's groove move by exact rows and pages also where the bar itself is coarse.
void DatasetGrid::rowBarAction(int action)
{
    std::int64_t pixels = 0;
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
        pixels = m_axis.rowHeight();
        break;
    case QAbstractSlider::SliderSingleStepSub:
        pixels = -m_axis.rowHeight();
        break;
    case QAbstractSlider::SliderPageStepAdd:
        pixels = m_axis.pageRows().value() * m_axis.rowHeight();
        break;
    case QAbstractSlider::SliderPageStepSub:
        pixels = -m_axis.pageRows().value() * m_axis.rowHeight();
        break;
    default:
        return;
    }
    scrollRows(pixels);
    verticalScrollBar()->setSliderPosition(m_axis.barValue());
}

void DatasetGrid::scrollRows(std::int64_t pixels)
{
    const std::int64_t before = m_axis.offset();
    if (m_axis.scrollBy(pixels))
        scrolled(By::User, before);
}

void DatasetGrid::scrolled(By by, std::int64_t before)
{
    m_scrollsUp = m_axis.offset() < before;
    if (by == By::User && m_scrollsUp)
        setFollowTail(false);
    updateLayout();
    settleWidths();
    viewport()->update();
}

void DatasetGrid::setFollowTail(bool follow)
{
    if (follow == m_followsTail)
        return;
    m_followsTail = follow;
    const std::int64_t before = m_axis.offset();
    if (follow && m_axis.scrollToEnd())
        scrolled(By::Program, before);
    Q_EMIT followTailChanged(follow);
}

void DatasetGrid::goToRow(RowIndex row)
{
    if (isEmpty())
        return;
    row = RowIndex(std::clamp(row.value(), std::int64_t{0}, m_axis.rowCount().value() - 1));
    const std::int64_t before = m_axis.offset();
    if (m_axis.centreOn(row))
        scrolled(By::User, before);
    const int place = m_selection.current() ? m_selection.current()->column : 0;
    m_selection.select({row.value(), place}, GridSelection::Mode::Replace);
    selectionTouched();
}

// Ask for what is in view, and for the page that comes next in the direction of scrolling.
void DatasetGrid::fetchVisible()
{
    if (isEmpty())
        return;
    const RowRange rows = m_axis.visibleRows();
    const std::int64_t page = m_axis.pageRows().value();
    const std::int64_t count = m_axis.rowCount().value();
    const RowRange ahead =
        m_scrollsUp
            ? RowRange{RowIndex(std::max(std::int64_t{0}, rows.first.value() - page)), rows.first}
            : RowRange{rows.end, RowIndex(std::min(count, rows.end.value() + page))};
    std::vector<int> columns;
    for (const VisibleColumn &shown : m_columns->visible(m_header->width()))
        columns.push_back(shown.column);
    m_cells.want(rows, std::move(columns), ahead);
}

void DatasetGrid::settleWidths()
{
    if (isEmpty())
        return;
    const bool isFinal = m_axis.visibleRows().count() >= m_axis.pageRows();
    const auto measure = [this](int column) {
        return widthOfCells(column);
    };
    // Narrow columns let others come into view, which want their width too.
    constexpr int kRounds = 8;
    for (int round = 0; round < kRounds; ++round) {
        if (!m_columns->hasUnsettled(m_header->width()))
            return;
        fetchVisible();
        if (!m_columns->settleWidths(m_header->width(), measure, isFinal))
            return;
    }
}

std::optional<int> DatasetGrid::widthOfCells(int column) const
{
    const RowRange rows = m_axis.visibleRows();
    const RowIndex end = std::min(rows.end, rows.first + RowCount(kRowsMeasured));
    int width = 0;
    for (RowIndex row = rows.first; row < end; row += RowCount(1)) {
        const DisplayCell *cell = m_cells.find({row, column});
        if (cell == nullptr)
            return std::nullopt;
        width = std::max(width, m_painter.widthOf(*cell));
    }
    return width;
}

std::vector<ColumnSetting> DatasetGrid::columnSettings() const
{
    return m_columns->settings();
}

void DatasetGrid::applyColumnSettings(const std::vector<ColumnSetting> &settings)
{
    m_columns->apply(settings);
}

bool DatasetGrid::isColumnHidden(int column) const
{
    return m_columns->isHidden(column);
}

void DatasetGrid::setColumnHidden(int column, bool hidden)
{
    m_columns->setHidden(column, hidden);
}

void DatasetGrid::moveColumn(int fromPlace, int toPlace)
{
    m_columns->move(fromPlace, toPlace);
}

void DatasetGrid::fitColumn(int column)
{
    if (column >= 0 && column < m_headerModel->columnCount())
        m_columns->fit(column, widthOfCells(column).value_or(0));
}

void DatasetGrid::setSortMark(int column, Qt::SortOrder order)
{
    m_header->setSortMark(column, order);
}

QHeaderView *DatasetGrid::header() const
{
    return m_header;
}

} // namespace freshet::ui
