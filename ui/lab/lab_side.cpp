// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_side.h"

#include "lab/variant_model.h"
#include "library/library_delegate.h"
#include "text/lab_text.h"
#include "theme/theme.h"
#include "widgets/flow_layout.h"

#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

LabSide::LabSide(VariantModel &variants, const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_variants(variants),
      m_list(new QListView),
      m_heading(new QLabel(tr("Variants"))),
      m_setUp(new QLabel(tr("Set-up"))),
      m_planTitle(new QLabel),
      m_planDetails(new QLabel),
      m_tally(new QLabel),
      m_run(new QPushButton(tr("Run"))),
      m_stop(new QPushButton(tr("Stop"))),
      m_change(new QPushButton(tr("Change…")))
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_heading->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(4));
    m_list->setModel(&variants);
    m_list->setItemDelegate(new LibraryDelegate(theme, m_list));
    m_list->setProperty("bare", true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Variants"));
    m_list->setMinimumWidth(theme.px(140));
    for (QLabel *label : {m_heading, m_setUp})
        label->setProperty("role", QStringLiteral("section"));
    for (QLabel *label : {m_planDetails, m_tally})
        label->setProperty("role", QStringLiteral("small"));
    for (QLabel *label : {m_planTitle, m_planDetails, m_tally})
        label->setWordWrap(true);
    m_run->setObjectName(QStringLiteral("labRun"));
    m_run->setProperty("primary", true);
    m_stop->setObjectName(QStringLiteral("labStop"));
    m_change->setObjectName(QStringLiteral("labChange"));

    auto *buttons = new FlowLayout(theme.px(6), theme.px(6));
    for (QPushButton *button : {m_run, m_stop, m_change})
        buttons->addWidget(button);
    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(14));
    foot->setSpacing(theme.px(6));
    for (QLabel *label : {m_setUp, m_planTitle, m_planDetails, m_tally})
        foot->addWidget(label);
    foot->addLayout(buttons);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_heading);
    column->addWidget(m_list, 1);
    column->addLayout(foot);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (index.isValid())
                    Q_EMIT currentChanged(index.row());
            });
    connect(m_run, &QPushButton::clicked, this, &LabSide::runClicked);
    connect(m_stop, &QPushButton::clicked, this, &LabSide::stopClicked);
    connect(m_change, &QPushButton::clicked, this, &LabSide::changeClicked);
    connect(&theme, &Theme::changed, this, &LabSide::updateFonts);
    updateFonts();
}

void LabSide::updateFonts()
{
    for (QLabel *label : {m_heading, m_setUp, m_planDetails, m_tally})
        label->setFont(m_theme.smallFont());
}

void LabSide::setStage(Stage stage, const lab::LabPlan *plan, const QString &tally)
{
    m_planTitle->setText(plan != nullptr ? planHeadline(*plan) : QString());
    m_planDetails->setText(plan != nullptr ? planDetails(*plan) : QString());
    m_tally->setText(tally);
    m_tally->setVisible(!tally.isEmpty());
    m_run->setText(stage == Stage::Shown ? tr("Run again") : tr("Run"));
    m_run->setEnabled(plan != nullptr);
    m_run->setVisible(stage != Stage::Running);
    m_stop->setVisible(stage == Stage::Running);
    m_change->setVisible(stage == Stage::Shown);
}

void LabSide::setCurrent(int variant)
{
    if (m_list->currentIndex().row() != variant)
        m_list->setCurrentIndex(m_variants.index(variant));
}

} // namespace freshet::ui
