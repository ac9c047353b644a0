// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_figures.h"
#include "theme/icons.h"

#include <QAbstractListModel>

namespace freshet::ui {

/// The variants of a lab session, as the list at its left shows them: in the roles of LibraryModel,
/// so that LibraryDelegate draws them. Threads: GUI thread only.
class VariantModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    /// Before there are figures: what is going to run.
    void setVariants(const std::vector<lab::Variant> &variants);
    void setFigures(const LabFigures &figures);
    /// The variant under way; -1: none.
    void setRunning(int variant);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Entry
    {
        QString name;
        QString detail;
        QString finding; ///< in place of the detail, once something is found
        Mark mark = Mark::Queued;

        bool operator==(const Entry &) const = default;
    };

    void setEntries(std::vector<Entry> entries);

    std::vector<Entry> m_entries;
    int m_running = -1;
};

} // namespace freshet::ui
