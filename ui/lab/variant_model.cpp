// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/variant_model.h"

#include "library/library_model.h"
#include "text/lab_text.h"

#include <utility>

namespace freshet::ui {

void VariantModel::setVariants(const std::vector<lab::Variant> &variants)
{
    std::vector<Entry> entries;
    for (const auto &variant : variants)
        entries.push_back({.name = QString::fromStdString(variant.name),
                           .detail = QString::fromStdString(variant.detail)});
    setEntries(std::move(entries));
}

void VariantModel::setFigures(const LabFigures &figures)
{
    std::vector<Entry> entries;
    for (const auto &summary : figures.summaries) {
        const auto &variant =
            figures.session.plan.variants[static_cast<std::size_t>(summary.variant)];
        Entry entry{.name = QString::fromStdString(variant.name),
                    .detail = QString::fromStdString(variant.detail),
                    .mark = markOf(summary)};
        if (summary.runs == 0 && summary.failed > 0)
            entry.finding = QString::fromStdString(summary.lastError);
        else if (isUnhealthy(summary.health.kind))
            entry.finding = healthWord(summary.health.kind);
        else if (summary.failed > 0)
            entry.finding =
                tr("%1 of %2 runs failed").arg(summary.failed).arg(summary.failed + summary.runs);
        entries.push_back(std::move(entry));
    }
    setEntries(std::move(entries));
}

void VariantModel::setEntries(std::vector<Entry> entries)
{
    if (entries == m_entries)
        return;
    // The selection stays where it is while the same variants get figures.
    if (entries.size() == m_entries.size()) {
        m_entries = std::move(entries);
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

void VariantModel::setRunning(int variant)
{
    const int before = std::exchange(m_running, variant);
    if (before == variant)
        return;
    for (const int row : {before, variant}) {
        if (row >= 0 && row < rowCount())
            Q_EMIT dataChanged(index(row), index(row));
    }
}

int VariantModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant VariantModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    const QString fact = entry.finding.isEmpty() ? entry.detail : entry.finding;
    switch (role) {
    case Qt::DisplayRole:
        return entry.name;
    case Qt::AccessibleTextRole:
        return QString(entry.name + QStringLiteral(", ") + fact);
    case Qt::ToolTipRole:
        return QStringList({entry.name, entry.detail, entry.finding})
            .join(QLatin1Char('\n'))
            .trimmed();
    case LibraryModel::IsSectionRole:
        return false;
    case LibraryModel::FactRole:
        return fact;
    case LibraryModel::MarkRole:
        return static_cast<int>(index.row() == m_running ? Mark::Running : entry.mark);
    default:
        return {};
    }
}

} // namespace freshet::ui
