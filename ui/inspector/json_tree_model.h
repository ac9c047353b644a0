// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_style.h"
#include "inspector/json_document.h"

#include <QAbstractItemModel>

#include <memory>

namespace freshet::ui {

/// A JSON value as a tree: key or place, and value, with every digit as it was sent.
/// Threads: GUI thread only.
class JsonTreeModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Key, ValueText, ColumnCount };

    using QAbstractItemModel::QAbstractItemModel;

    void setDocument(std::shared_ptr<const JsonDocument> document);
    void setStyle(const GridStyle &style);

    /// What copying the value gives: a string's content, otherwise the text as it stands.
    [[nodiscard]] QString valueOf(const QModelIndex &index) const;
    [[nodiscard]] QString pathOf(const QModelIndex &index) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] int nodeOf(const QModelIndex &index) const;
    [[nodiscard]] QString keyText(int node) const;
    [[nodiscard]] QString valueText(int node) const;
    [[nodiscard]] QColor colourOf(int node, int column) const;

    std::shared_ptr<const JsonDocument> m_document;
    GridStyle m_style;
};

} // namespace freshet::ui
