// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/job_page.h"

#include "theme/theme.h"

#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>

namespace freshet::ui {

namespace {

using transfer::ExportJobRule;

constexpr double kMostSeconds = 99'999'999;

} // namespace

JobPage::JobPage(const Theme &theme)
    : FormPage(theme),
      m_statusUrl(codeEdit(tr("found by itself, or for example $.statusUrl"))),
      m_state(codeEdit(tr("found by itself, or for example $.status"))),
      m_done(codeEdit(tr("the usual words, and for example READY"))),
      m_failed(codeEdit(tr("the usual words, and for example EXPIRED"))),
      m_progress(codeEdit(tr("found by itself, or for example $.progress"))),
      m_results(codeEdit(tr("found by itself, or for example $.results[].url"))),
      m_rows(codeEdit(tr("found by itself, or for example $.rowCount"))),
      m_connections(number(1, ExportJobRule::kMaxConnections)),
      m_pollEvery(seconds()),
      m_patience(seconds())
{
    m_statusUrl->setObjectName(QStringLiteral("jobStatusUrl"));
    m_results->setObjectName(QStringLiteral("jobResults"));
    m_connections->setObjectName(QStringLiteral("jobConnections"));
    m_pollEvery->setSpecialValueText(tr("as the server says"));
    m_patience->setMinimum(1);
    m_patience->setDecimals(0);
    addHint(tr("The request starts an export that the server prepares. Freshet asks how far it is, "
               "then fetches its files, which become one table. What is empty here is found by the "
               "names that APIs use."));
    addSection(tr("The job"));
    addField(tr("&Address"), m_statusUrl);
    addField(tr("&State"), m_state);
    addField(tr("States: &done"), m_done);
    addField(tr("States: &failed"), m_failed);
    addField(tr("Pro&gress"), m_progress);
    addSection(tr("Its files"));
    addField(tr("Add&resses"), m_results);
    addField(tr("Ro&ws"), m_rows);
    addField(tr("Co&nnections"), m_connections);
    addHint(tr("Places in an answer are $.path, with [] for each element of a list, or "
               "header:NAME. An address may be written out: /jobs/{$.id}/status. Files are asked "
               "for without the headers of the request; a link that has expired is asked for "
               "anew."));
    addSection(tr("Patience"));
    addField(tr("As&k every"), m_pollEvery);
    addField(tr("&Wait at most"), m_patience);
}

QDoubleSpinBox *JobPage::seconds()
{
    auto *box = new QDoubleSpinBox;
    box->setRange(0, kMostSeconds);
    box->setSuffix(tr(" s"));
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setGroupSeparatorShown(true);
    box->setMaximumWidth(theme().px(160));
    connect(box, &QDoubleSpinBox::valueChanged, this, &SourcePage::edited);
    return box;
}

void JobPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    const ExportJobRule rule = request.job.value_or(ExportJobRule());
    m_statusUrl->setText(QString::fromStdString(rule.statusUrlFrom));
    m_state->setText(QString::fromStdString(rule.stateFrom));
    m_done->setText(QString::fromStdString(rule.doneStates));
    m_failed->setText(QString::fromStdString(rule.failedStates));
    m_progress->setText(QString::fromStdString(rule.progressFrom));
    m_results->setText(QString::fromStdString(rule.resultsFrom));
    m_rows->setText(QString::fromStdString(rule.rowsFrom));
    m_connections->setValue(rule.connections);
    m_pollEvery->setValue(std::chrono::duration<double>(rule.pollEvery).count());
    m_patience->setValue(static_cast<double>(rule.patience.count()));
}

ExportJobRule JobPage::rule() const
{
    const auto textOf = [](const QLineEdit *field) {
        return field->text().trimmed().toStdString();
    };
    return {.statusUrlFrom = textOf(m_statusUrl),
            .stateFrom = textOf(m_state),
            .doneStates = textOf(m_done),
            .failedStates = textOf(m_failed),
            .progressFrom = textOf(m_progress),
            .resultsFrom = textOf(m_results),
            .rowsFrom = textOf(m_rows),
            .pollEvery = std::chrono::milliseconds(qRound64(m_pollEvery->value() * 1000)),
            .patience = std::chrono::seconds(qRound64(m_patience->value())),
            .connections = m_connections->value()};
}

void JobPage::store(transfer::DownloadRequest &request) const
{
    request.job = rule();
}

Status JobPage::validate() const
{
    return rule().validate();
}

} // namespace freshet::ui
