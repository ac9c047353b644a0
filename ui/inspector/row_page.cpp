// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/row_page.h"

#include "grid/grid_copy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <numeric>
#include <utility>

namespace freshet::ui {

RowPage::RowPage(QWidget *parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_copy(new QPushButton(this)),
      m_form(new QTreeView(this))
{
    m_worker.setMaxThreadCount(1);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_copy->setText(tr("Copy as JSON"));
    m_copy->setFlat(true);
    m_copy->setAutoDefault(false);
    m_copy->setFocusPolicy(Qt::TabFocus);
    m_form->setAccessibleName(tr("Row"));
    m_form->setModel(&m_model);
    m_form->setFrameShape(QFrame::NoFrame);
    m_form->setRootIsDecorated(false);
    m_form->setUniformRowHeights(true);
    m_form->setAllColumnsShowFocus(true);
    m_form->setHeaderHidden(true);
    m_form->setAlternatingRowColors(false);
    m_form->header()->setSectionResizeMode(RowModel::Name, QHeaderView::Interactive);
    m_form->header()->setStretchLastSection(true);
    connect(m_copy, &QPushButton::clicked, this, &RowPage::copyRow);
    connect(m_form, &QTreeView::clicked, this,
            [this](const QModelIndex &index) { Q_EMIT columnPicked(index.row()); });

    auto *bar = new QHBoxLayout;
    bar->addWidget(m_title);
    bar->addStretch(1);
    bar->addWidget(m_copy);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(8);
    layout->addLayout(bar);
    layout->addWidget(m_form, 1);
    showRow();
}

RowPage::~RowPage()
{
    m_worker.clear();
    m_worker.waitForDone();
}

void RowPage::setStyle(const GridStyle &style)
{
    m_model.setStyle(style);
}

void RowPage::setCell(GridSourcePtr source, std::optional<CellIndex> cell)
{
    const bool sameRow = source == m_source && cell && m_cell && cell->row == m_cell->row;
    m_source = std::move(source);
    m_cell = m_source ? cell : std::nullopt;
    if (isVisible() && !sameRow)
        showRow();
    else if (isVisible())
        m_form->setCurrentIndex(m_model.index(m_cell->column, RowModel::ValueText));
}

// A page that nobody sees reads nothing.
void RowPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    showRow();
}

void RowPage::showRow()
{
    m_copy->setEnabled(m_cell.has_value());
    if (!m_cell) {
        m_title->setText(tr("No row"));
        m_model.setRow(nullptr, std::nullopt);
        return;
    }
    m_title->setText(tr("Row %1").arg(QLocale().toString(qlonglong(m_cell->row.value() + 1))));
    const bool isFirst = m_model.rowCount() == 0;
    m_model.setRow(m_source, m_cell->row);
    if (isFirst)
        m_form->resizeColumnToContents(RowModel::Name);
    m_form->setCurrentIndex(m_model.index(m_cell->column, RowModel::ValueText));
}

void RowPage::copyRow()
{
    CellBlocks row;
    row.columns.resize(static_cast<std::size_t>(m_source->schema()->columnCount()));
    std::iota(row.columns.begin(), row.columns.end(), 0);
    row.blocks.push_back({{m_cell->row, m_cell->row + RowCount(1)}, row.columns});
    QtConcurrent::run(&m_worker, [source = m_source, row] {
        return copyText(*source, row, {CopyFormat::Json, true, 256_MiB}, CancelToken());
    }).then(this, [this](const Result<std::string> &text) {
        if (text)
            QGuiApplication::clipboard()->setText(QString::fromStdString(*text));
        else
            m_title->setText(tr("The row cannot be copied."));
    });
}

} // namespace freshet::ui
