// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/runs_page.h"

#include "runs/run_model.h"
#include "text/figures.h"
#include "theme/theme.h"
#include "widgets/detail_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTableView>
#include <QVBoxLayout>

namespace freshet::ui {

RunsPage::RunsPage(std::shared_ptr<store::Library> library, std::string id, const QString &name,
                   const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_library(std::move(library)),
      m_id(std::move(id)),
      m_model(new RunModel(this)),
      m_table(new DetailTable(m_model, theme))
{
    m_table->setSentence(tr("What wrote this dataset, the latest first."));
    auto *table = m_table->table();
    table->setObjectName(QStringLiteral("runs"));
    table->setAccessibleName(tr("Runs of %1").arg(name));
    m_table->showSentences();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    setFocusProxy(m_table);
    connect(m_table, &DetailTable::currentRowChanged, this, [this](int row) {
        m_table->setDetail(row < 0 ? QString() : runText(m_model->run(row)));
    });
    connect(m_table, &DetailTable::copyRequested, this, &RunsPage::copy);
}

void RunsPage::refresh()
{
    m_runner.runLatest([library = m_library, id = m_id] { return library->runs(id); },
                       [this](Result<std::vector<store::RunRecord>> runs) {
                           if (!runs) {
                               Q_EMIT failed(runs.error());
                               return;
                           }
                           m_model->setRuns(std::move(*runs));
                           m_table->fitColumns();
                           m_table->table()->selectRow(0);
                           Q_EMIT counted(m_model->rowCount());
                       });
}

void RunsPage::copy()
{
    const auto [first, count] = m_table->selectedRows();
    QStringList texts;
    for (int row = first; row < first + count; ++row)
        texts += runText(m_model->run(row));
    if (texts.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(texts.join(QStringLiteral("\n\n")));
    Q_EMIT said(count == 1 ? tr("Copied 1 run") : tr("Copied %1 runs").arg(count));
}

} // namespace freshet::ui
