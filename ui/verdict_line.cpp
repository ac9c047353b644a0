// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "verdict_line.h"

#include "evidence_popover.h"
#include "text/dataset_text.h"
#include "theme/theme.h"
#include "widgets/badge.h"
#include "widgets/elided_label.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace freshet::ui {

VerdictLine::VerdictLine(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_badge(new Badge(theme)),
      m_sentence(new ElidedLabel),
      m_details(new QPushButton(tr("Details"))),
      m_export(new QPushButton(tr("Export…")))
{
    setProperty("surface", QStringLiteral("panel"));
    setProperty("edge", QStringLiteral("bottom"));
    setAttribute(Qt::WA_StyledBackground);
    m_badge->setObjectName(QStringLiteral("verdictBadge"));
    m_details->setObjectName(QStringLiteral("verdictDetails"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8));
    layout->setSpacing(theme.px(10));
    layout->addWidget(m_badge);
    layout->addWidget(m_sentence, 1);
    layout->addWidget(m_details);
    layout->addWidget(m_export);
    connect(m_details, &QPushButton::clicked, this, &VerdictLine::showDetails);
    connect(m_export, &QPushButton::clicked, this, &VerdictLine::exportRequested);
}

void VerdictLine::setRecord(const store::DatasetRecord &record)
{
    m_record = record;
    m_badge->setMark(markOf(record));
    m_export->setEnabled(record.rows > RowCount());
    m_sentence->setText(verdictSentence(record));
}

void VerdictLine::showDetails()
{
    auto *popover = new EvidencePopover(m_record, m_theme, this);
    popover->showUnder(m_details);
}

} // namespace freshet::ui
