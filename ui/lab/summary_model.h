// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_figures.h"

#include <QAbstractTableModel>

namespace freshet::ui {

class Theme;

/// The figures of a session as a table: a row for each variant, a column for each thing measured.
/// Cells hold medians; their tooltips tell the spread and the number of runs. Held against an
/// earlier session, each cell says how it has changed.
/// Threads: GUI thread only.
class SummaryModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    /// A number to sort by; what was not measured comes last.
    static constexpr int SortRole = Qt::UserRole + 1;
    /// The variant that a row tells of.
    static constexpr int VariantRole = Qt::UserRole + 2;

    enum FixedColumn { VariantColumn = 0, FirstMetric = 1 };

    explicit SummaryModel(const Theme &theme, QObject *parent = nullptr);

    void setFigures(LabFiguresPtr figures);
    [[nodiscard]] static int columnOf(lab::Metric metric);
    [[nodiscard]] static int runsColumn();
    [[nodiscard]] static int verdictColumn() { return runsColumn() + 1; }
    /// Whether a column is shown unless the user says otherwise.
    [[nodiscard]] static bool isShownByDefault(int column);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QVariant metricData(const lab::VariantSummary &summary, lab::Metric metric,
                                      int role) const;
    [[nodiscard]] const lab::Comparison *change(int variant, lab::Metric metric) const;

    const Theme &m_theme;
    LabFiguresPtr m_figures;
};

} // namespace freshet::ui
