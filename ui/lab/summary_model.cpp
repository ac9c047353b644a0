// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/summary_model.h"

#include "lab/metric.h"
#include "text/dataset_text.h"
#include "text/lab_text.h"
#include "theme/theme.h"

#include <algorithm>
#include <limits>

namespace freshet::ui {

namespace {

constexpr lab::Metric kShown[] = {lab::Metric::FirstByte,     lab::Metric::FirstRow,
                                  lab::Metric::Half,          lab::Metric::LastRow,
                                  lab::Metric::RowsPerSecond, lab::Metric::WireBytes,
                                  lab::Metric::PeakMemory};

lab::Metric metricOf(int column)
{
    return lab::allMetrics()[static_cast<std::size_t>(column - SummaryModel::FirstMetric)].metric;
}

} // namespace

SummaryModel::SummaryModel(const Theme &theme, QObject *parent)
    : QAbstractTableModel(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    });
}

void SummaryModel::setFigures(LabFiguresPtr figures)
{
    beginResetModel();
    m_figures = std::move(figures);
    endResetModel();
}

int SummaryModel::columnOf(lab::Metric metric)
{
    const auto all = lab::allMetrics();
    const auto found = std::ranges::find(all, metric, &lab::MetricInfo::metric);
    return FirstMetric + static_cast<int>(found - all.begin());
}

int SummaryModel::runsColumn()
{
    return FirstMetric + static_cast<int>(lab::allMetrics().size());
}

bool SummaryModel::isShownByDefault(int column)
{
    if (column < FirstMetric || column >= runsColumn())
        return true;
    return std::ranges::find(kShown, metricOf(column)) != std::end(kShown);
}

int SummaryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_figures ? 0 : static_cast<int>(m_figures->summaries.size());
}

int SummaryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : verdictColumn() + 1;
}

const lab::Comparison *SummaryModel::change(int variant, lab::Metric metric) const
{
    const auto *changes = m_figures->changeOf(variant);
    if (changes == nullptr)
        return nullptr;
    const auto found = changes->changes.find(metric);
    return found == changes->changes.end() ? nullptr : &found->second;
}

QVariant SummaryModel::metricData(const lab::VariantSummary &summary, lab::Metric metric,
                                  int role) const
{
    const auto found = summary.figures.find(metric);
    if (found == summary.figures.end())
        return role == SortRole ? QVariant(std::numeric_limits<double>::infinity()) : QVariant();
    const lab::Spread &spread = found->second;
    const auto *changed = change(summary.variant, metric);
    switch (role) {
    case Qt::DisplayRole:
        return changed == nullptr
                   ? spreadText(metric, spread)
                   : spreadText(metric, spread) + QStringLiteral("  ") + changeText(*changed);
    case Qt::ToolTipRole:
        return changed == nullptr ? spreadSentence(metric, spread)
                                  : QString(spreadSentence(metric, spread) + QLatin1Char('\n') +
                                            changeSentence(metric, *changed));
    case Qt::ForegroundRole: {
        const auto better = changed == nullptr ? std::nullopt : isBetter(metric, *changed);
        if (!better)
            return {};
        return *better ? m_theme.tokens().verified : m_theme.tokens().warning;
    }
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case SortRole:
        return spread.median;
    default:
        return {};
    }
}

QVariant SummaryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &summary = m_figures->summaries[static_cast<std::size_t>(index.row())];
    if (role == VariantRole)
        return summary.variant;
    if (index.column() == VariantColumn) {
        const auto &variant =
            m_figures->session.plan.variants[static_cast<std::size_t>(summary.variant)];
        if (role == Qt::DisplayRole || role == SortRole)
            return QString::fromStdString(variant.name);
        if (role == Qt::ToolTipRole)
            return QString::fromStdString(variant.name + '\n' + variant.detail);
        return {};
    }
    if (index.column() == runsColumn()) {
        if (role == Qt::DisplayRole)
            return summary.failed == 0 ? QString::number(summary.runs)
                                       : tr("%1, %2 failed").arg(summary.runs).arg(summary.failed);
        if (role == SortRole)
            return summary.runs;
        return role == Qt::TextAlignmentRole ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                             : QVariant();
    }
    if (index.column() == verdictColumn()) {
        if (role == Qt::DisplayRole || role == SortRole)
            return summary.runs == 0 ? QString()
                                     : QString::fromStdString(
                                           std::string(transfer::verdictName(summary.verdict)));
        if (role == Qt::ToolTipRole && !summary.lastError.empty())
            return QString::fromStdString(summary.lastError);
        return {};
    }
    return metricData(summary, metricOf(index.column()), role);
}

QVariant SummaryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isMetric = section >= FirstMetric && section < runsColumn();
    if (role == Qt::TextAlignmentRole)
        return QVariant((isMetric || section == runsColumn() ? Qt::AlignRight : Qt::AlignLeft) |
                        Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (section == VariantColumn)
        return tr("Variant");
    if (section == runsColumn())
        return tr("runs");
    return section == verdictColumn() ? tr("verdict") : metricTitle(metricOf(section));
}

} // namespace freshet::ui
