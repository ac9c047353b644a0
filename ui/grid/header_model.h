// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/schema.h"

#include <QAbstractTableModel>

namespace freshet::ui {

/// Names and types of the columns, for the header alone: the model has no rows.
class HeaderModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Other columns.
    void reset(columnar::SchemaPtr schema);
    /// The same columns, perhaps under wider types, and new ones behind them. Emits only what
    /// changed.
    void grow(columnar::SchemaPtr schema);
    [[nodiscard]] const columnar::Field &field(int column) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    columnar::SchemaPtr m_schema;
};

} // namespace freshet::ui
