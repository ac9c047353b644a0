// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/run_record.h"

#include <QAbstractTableModel>

#include <vector>

namespace freshet::ui {

/// The runs that wrote a dataset, newest first. Threads: GUI thread only.
class RunModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Started, Kind, Added, Updated, Received, Verdict, Columns, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// `runs` with the oldest first, as the library has them.
    void setRuns(std::vector<store::RunRecord> runs);
    [[nodiscard]] const store::RunRecord &run(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    std::vector<store::RunRecord> m_runs; ///< newest first
};

/// Everything that is known of a run, line by line.
[[nodiscard]] QString runText(const store::RunRecord &run);

} // namespace freshet::ui
