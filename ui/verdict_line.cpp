// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verdict_line.h"

#include "details_popover.h"
#include "text/dataset_text.h"
#include "text/resume_text.h"
#include "theme/theme.h"
#include "widgets/badge.h"
#include "widgets/elided_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

VerdictLine::VerdictLine(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_badge(new Badge(theme)),
      m_sentence(new ElidedLabel),
      m_plan(new ElidedLabel),
      m_resume(new QPushButton(tr("Resume"))),
      m_anew(new QPushButton(tr("Get anew"))),
      m_dequeue(new QPushButton(tr("Cancel"))),
      m_details(new QPushButton(tr("Details"))),
      m_export(new QPushButton(tr("Export…")))
{
    setProperty("surface", QStringLiteral("panel"));
    setProperty("edge", QStringLiteral("bottom"));
    setAttribute(Qt::WA_StyledBackground);
    m_badge->setObjectName(QStringLiteral("verdictBadge"));
    m_plan->setObjectName(QStringLiteral("resumePlan"));
    m_resume->setObjectName(QStringLiteral("resumeButton"));
    m_resume->setProperty("primary", true);
    m_anew->setObjectName(QStringLiteral("anewButton"));
    m_anew->setToolTip(
        tr("Fetch everything into a new dataset; this one is kept until that is complete"));
    m_dequeue->setObjectName(QStringLiteral("dequeueButton"));
    m_dequeue->setToolTip(tr("Do not go on after all; the rows are kept"));
    m_details->setObjectName(QStringLiteral("verdictDetails"));
    auto *sentences = new QVBoxLayout;
    sentences->setSpacing(theme.px(2));
    sentences->addWidget(m_sentence);
    sentences->addWidget(m_plan);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8));
    layout->setSpacing(theme.px(10));
    layout->addWidget(m_badge);
    layout->addLayout(sentences, 1);
    layout->addWidget(m_resume);
    layout->addWidget(m_anew);
    layout->addWidget(m_dequeue);
    layout->addWidget(m_details);
    layout->addWidget(m_export);
    connect(m_resume, &QPushButton::clicked, this, &VerdictLine::resumeRequested);
    connect(m_anew, &QPushButton::clicked, this, &VerdictLine::anewRequested);
    connect(m_dequeue, &QPushButton::clicked, this, &VerdictLine::dequeueRequested);
    connect(m_details, &QPushButton::clicked, this, &VerdictLine::showDetails);
    connect(m_export, &QPushButton::clicked, this, &VerdictLine::exportRequested);
    connect(&theme, &Theme::changed, this, &VerdictLine::updateFonts);
    updateFonts();
}

void VerdictLine::updateFonts()
{
    m_plan->setFont(m_theme.smallFont());
    m_plan->setColor(m_theme.tokens().dimText);
}

void VerdictLine::setRecord(const store::DatasetRecord &record, bool isQueued)
{
    m_record = record;
    const bool isResumable = canResume(record);
    m_badge->setMark(isQueued ? Mark::Queued : markOf(record));
    m_export->setEnabled(record.rows > RowCount());
    m_sentence->setText(verdictSentence(record));
    m_plan->setVisible(isResumable);
    m_resume->setVisible(isResumable && !isQueued);
    m_anew->setVisible(isResumable && !isQueued && mayNeedNew(record) && !onlyNewHelps(record));
    m_dequeue->setVisible(isQueued);
    if (!isResumable)
        return;
    const QString plan = resumePlan(record);
    m_plan->setText(plan);
    m_resume->setText(resumeWord(record));
    m_resume->setToolTip(plan);
}

void VerdictLine::showDetails()
{
    auto *popover = new DetailsPopover(detailsOf(m_record), m_theme, this);
    popover->showUnder(m_details);
}

} // namespace freshet::ui
