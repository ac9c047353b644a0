// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/run_model.h"

#include "store/schema_difference.h"
#include "text/dataset_text.h"
#include "text/figures.h"

#include <QLocale>

#include <algorithm>

namespace freshet::ui {

namespace {

QString kindText(const store::RunRecord &run)
{
    if (run.kind == "download")
        return RunModel::tr("Download");
    if (run.kind == "resume")
        return RunModel::tr("Resume");
    return run.kind == "sync" ? RunModel::tr("What is new") : QString::fromStdString(run.kind);
}

QString verdictText(const store::RunRecord &run)
{
    if (!run.finished)
        return RunModel::tr("under way");
    if (run.verdict == "unchanged")
        return RunModel::tr("nothing new");
    return run.verdict.empty() ? RunModel::tr("stopped") : QString::fromStdString(run.verdict);
}

/// "2 new, 1 gone, 1 of another type".
QString columnsText(const store::SchemaDifference &difference)
{
    QStringList parts;
    if (!difference.added.empty())
        parts += RunModel::tr("%1 new").arg(difference.added.size());
    if (!difference.vanished.empty())
        parts += RunModel::tr("%1 gone").arg(difference.vanished.size());
    if (!difference.retyped.empty())
        parts += RunModel::tr("%1 of another type").arg(difference.retyped.size());
    return parts.join(QStringLiteral(", "));
}

/// A sentence for each column.
QStringList differenceText(const store::RunRecord &run)
{
    QStringList sentences;
    for (const auto &sentence : store::SchemaDifference::fromJson(run.schemaDifference).sentences())
        sentences += asSentence(QString::fromStdString(sentence));
    return sentences;
}

QString countText(RowCount rows)
{
    return rows == RowCount() ? QString() : groupedText(rows.value());
}

QString startedText(const store::RunRecord &run)
{
    return QLocale().toString(toDateTime(run.started), QLocale::ShortFormat);
}

} // namespace

QString runText(const store::RunRecord &run)
{
    QStringList lines;
    QString head = kindText(run) + QStringLiteral(" · ") + startedText(run);
    if (run.finished)
        head += QStringLiteral(" · ") +
                durationText(std::chrono::duration_cast<std::chrono::microseconds>(*run.finished -
                                                                                   run.started));
    lines += head;
    lines += QString::fromStdString(run.source);
    lines += RunModel::tr("%1 before, %2 added, %3 updated, %4 known already")
                 .arg(rowsText(run.rowsBefore), groupedText(run.figures.added.value()),
                      groupedText(run.figures.updated.value()),
                      groupedText(run.figures.duplicates.value()));
    lines += differenceText(run);
    for (const auto &evidence : run.evidence)
        lines += asSentence(QString::fromStdString(evidence));
    if (!run.error.empty())
        lines += asSentence(QString::fromStdString(run.error));
    return lines.join(QLatin1Char('\n'));
}

void RunModel::setRuns(std::vector<store::RunRecord> runs)
{
    beginResetModel();
    m_runs = std::move(runs);
    std::reverse(m_runs.begin(), m_runs.end());
    endResetModel();
}

const store::RunRecord &RunModel::run(int row) const
{
    return m_runs.at(static_cast<std::size_t>(row));
}

int RunModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int column = index.column();
    const bool isFigure = column == Added || column == Updated || column == Received;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && column == Columns)
        return differenceText(m_runs[static_cast<std::size_t>(index.row())])
            .join(QLatin1Char('\n'));
    if (role != Qt::DisplayRole)
        return {};
    const store::RunRecord &run = m_runs[static_cast<std::size_t>(index.row())];
    switch (column) {
    case Started:
        return startedText(run);
    case Kind:
        return kindText(run);
    case Added:
        return groupedText(run.figures.added.value());
    case Updated:
        return countText(run.figures.updated);
    case Received:
        return bytesText(run.wireBytes);
    case Verdict:
        return verdictText(run);
    default:
        return columnsText(store::SchemaDifference::fromJson(run.schemaDifference));
    }
}

QVariant RunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isFigure = section == Added || section == Updated || section == Received;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isFigure ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Started"),  tr("Run"),     tr("Rows added"), tr("Updated"),
                             tr("Received"), tr("Verdict"), tr("Columns")};
    return names[section];
}

} // namespace freshet::ui
