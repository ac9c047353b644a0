// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid/header_model.h"

#include "grid/type_words.h"

#include <utility>

namespace freshet::ui {

void HeaderModel::reset(columnar::SchemaPtr schema)
{
    beginResetModel();
    m_schema = std::move(schema);
    endResetModel();
}

void HeaderModel::grow(columnar::SchemaPtr schema)
{
    if (schema == m_schema)
        return;
    const int before = columnCount();
    const int after = schema->columnCount();
    if (after < before) {
        reset(std::move(schema));
        return;
    }
    if (after > before)
        beginInsertColumns({}, before, after - 1);
    m_schema = std::move(schema);
    if (after > before)
        endInsertColumns();
    if (before > 0)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, before - 1);
}

const columnar::Field &HeaderModel::field(int column) const
{
    return m_schema->fields[static_cast<std::size_t>(column)];
}

int HeaderModel::rowCount(const QModelIndex &) const
{
    return 0;
}

int HeaderModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_schema ? 0 : m_schema->columnCount();
}

QVariant HeaderModel::data(const QModelIndex &, int) const
{
    return {};
}

QVariant HeaderModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const columnar::Field &shown = field(section);
    const QString name = QString::fromStdString(shown.name);
    switch (role) {
    case Qt::DisplayRole:
        return name;
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return QString(name % u'\n' % typeWords(shown.type));
    default:
        return {};
    }
}

} // namespace freshet::ui
