// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspector/json_tree_model.h"

#include <algorithm>
#include <utility>

namespace freshet::ui {

namespace {

// A line of the tree shows no more.
constexpr std::size_t kShownBytes = 400;

} // namespace

void JsonTreeModel::setDocument(std::shared_ptr<const JsonDocument> document)
{
    beginResetModel();
    m_document = std::move(document);
    endResetModel();
}

void JsonTreeModel::setStyle(const GridStyle &style)
{
    m_style = style;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1),
                           {Qt::ForegroundRole});
}

int JsonTreeModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<int>(index.internalId()) : 0;
}

// The value itself is the root, so that its members are the first level.
QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, static_cast<quintptr>(m_document->child(nodeOf(parent), row)));
}

QModelIndex JsonTreeModel::parent(const QModelIndex &index) const
{
    const int above = index.isValid() ? m_document->node(nodeOf(index)).parent : 0;
    if (above <= 0)
        return {};
    return createIndex(m_document->node(above).place, 0, static_cast<quintptr>(above));
}

int JsonTreeModel::rowCount(const QModelIndex &parent) const
{
    return !m_document || parent.column() > 0 ? 0 : m_document->childCount(nodeOf(parent));
}

int JsonTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QString JsonTreeModel::keyText(int node) const
{
    const JsonNode &at = m_document->node(node);
    if (m_document->node(at.parent).kind == JsonKind::Array)
        return QString::number(at.place);
    return QString::fromStdString(m_document->key(node));
}

QString JsonTreeModel::valueText(int node) const
{
    const JsonKind kind = m_document->node(node).kind;
    const int children = m_document->childCount(node);
    if (kind == JsonKind::Object)
        return children == 0 ? QStringLiteral("{}") : QStringLiteral("{ %1 }").arg(children);
    if (kind == JsonKind::Array)
        return children == 0 ? QStringLiteral("[]") : QStringLiteral("[ %1 ]").arg(children);
    const std::string_view raw = m_document->rawText(node);
    const std::string_view head = raw.substr(0, kShownBytes);
    QString text = QString::fromUtf8(head.data(), static_cast<qsizetype>(head.size()));
    if (head.size() < raw.size())
        text += QChar(0x2026);
    return text;
}

QColor JsonTreeModel::colourOf(int node, int column) const
{
    if (column == Key)
        return m_style.dimText;
    switch (m_document->node(node).kind) {
    case JsonKind::Object:
    case JsonKind::Array:
    case JsonKind::Null:
        return m_style.faint;
    case JsonKind::String:
        return m_style.json;
    case JsonKind::Number:
    case JsonKind::True:
    case JsonKind::False:
        break;
    }
    return m_style.text;
}

QVariant JsonTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == Key ? keyText(node) : valueText(node);
    case Qt::ForegroundRole:
        return colourOf(node, index.column());
    case Qt::ToolTipRole:
        return pathOf(index);
    default:
        return {};
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : tr("Value");
}

QString JsonTreeModel::valueOf(const QModelIndex &index) const
{
    return m_document ? QString::fromStdString(m_document->plainText(nodeOf(index))) : QString();
}

QString JsonTreeModel::pathOf(const QModelIndex &index) const
{
    return m_document ? QString::fromStdString(m_document->path(nodeOf(index))) : QString();
}

} // namespace freshet::ui
