// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/row_model.h"

#include "grid/type_words.h"

#include <QFont>

#include <algorithm>
#include <utility>

namespace freshet::ui {

RowModel::RowModel(QObject *parent) : QAbstractTableModel(parent)
{
    m_worker.setMaxThreadCount(1);
}

RowModel::~RowModel()
{
    m_reading.cancel();
    m_worker.clear();
    m_worker.waitForDone();
}

void RowModel::setRow(GridSourcePtr source, std::optional<RowIndex> row)
{
    m_reading.cancel();
    m_worker.clear();
    beginResetModel();
    ++m_epoch;
    m_source = std::move(source);
    m_row = row;
    m_cells.assign(m_source && row ? m_source->schema()->fields.size() : 0, DisplayCell());
    std::vector<int> missing;
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        const int column = static_cast<int>(i);
        if (const std::optional<CellRun> run = m_source->peek(*row, column))
            m_cells[i] = displayCell(run->column, (*row - run->first).value());
        else
            missing.push_back(column);
    }
    endResetModel();
    if (!missing.empty())
        read(std::move(missing));
}

void RowModel::read(std::vector<int> columns)
{
    m_reading = CancelToken();
    m_worker.start([this, source = m_source, row = *m_row, columns = std::move(columns),
                    epoch = m_epoch, cancel = m_reading] {
        for (const int column : columns) {
            if (cancel.isCancelled())
                return;
            const Result<CellRun> run = source->load(row, column);
            DisplayCell cell{CellLook::Failed, false, false, {}};
            if (run)
                cell = displayCell(run->column, (row - run->first).value());
            QMetaObject::invokeMethod(
                this, [this, epoch, column, cell] { take(epoch, column, cell); },
                Qt::QueuedConnection);
        }
    });
}

void RowModel::take(std::uint64_t epoch, int column, const DisplayCell &cell)
{
    if (epoch != m_epoch)
        return;
    m_cells[static_cast<std::size_t>(column)] = cell;
    Q_EMIT dataChanged(index(column, ValueText), index(column, ValueText));
}

void RowModel::setStyle(const GridStyle &style)
{
    m_style = style;
    if (!m_cells.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1),
                           {Qt::ForegroundRole});
}

bool RowModel::isComplete() const
{
    return std::none_of(m_cells.begin(), m_cells.end(),
                        [](const DisplayCell &cell) { return cell.look == CellLook::Pending; });
}

int RowModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_cells.size());
}

int RowModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RowModel::valueText(const DisplayCell &cell) const
{
    switch (cell.look) {
    case CellLook::Pending:
        return QString(QChar(0x2026));
    case CellLook::Failed:
        return tr("cannot be read");
    case CellLook::Missing:
        return tr("missing");
    case CellLook::Null:
        return QStringLiteral("null");
    case CellLook::EmptyText:
        return tr("empty text");
    default:
        return QString(cell.text).replace(u'\n', QChar(0x21b5));
    }
}

QColor RowModel::colourOf(const DisplayCell &cell) const
{
    if (cell.look == CellLook::Failed)
        return m_style.failed;
    if (cell.look < CellLook::Text)
        return m_style.faint;
    return cell.look == CellLook::Json ? m_style.json : m_style.text;
}

QVariant RowModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto at = static_cast<std::size_t>(index.row());
    const columnar::Field &field = m_source->schema()->fields[at];
    const DisplayCell &cell = m_cells[at];
    if (index.column() == Name) {
        if (role == Qt::DisplayRole)
            return QString::fromStdString(field.name);
        if (role == Qt::ToolTipRole)
            return QString(QString::fromStdString(field.name) % u'\n' % typeWords(field.type));
        return role == Qt::ForegroundRole ? QVariant(m_style.dimText) : QVariant();
    }
    if (role == Qt::DisplayRole)
        return valueText(cell);
    if (role == Qt::ForegroundRole)
        return colourOf(cell);
    if (role == Qt::FontRole && cell.look < CellLook::Text) {
        QFont font;
        font.setItalic(true);
        return font;
    }
    return {};
}

QVariant RowModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Column") : tr("Value");
}

} // namespace freshet::ui
