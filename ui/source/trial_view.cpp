// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/trial_view.h"

#include "error_banner.h"
#include "grid/grid_view.h"
#include "text/dataset_text.h"
#include "text/trial_text.h"
#include "theme/grid_theme.h"
#include "theme/theme.h"
#include "widgets/detail_list.h"
#include "widgets/elided_label.h"
#include "widgets/progress_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace freshet::ui {

TrialView::TrialView(const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_trial(new Trial(this)),
      m_try(new QPushButton),
      m_state(new ElidedLabel),
      m_progress(new ProgressLine(theme)),
      m_banner(new ErrorBanner(theme)),
      m_pages(new QStackedWidget),
      m_empty(new QLabel),
      m_grid(new DatasetGrid),
      m_explanation(new DetailList(theme)),
      m_scroll(new QScrollArea)
{
    build();
    connect(m_try, &QPushButton::clicked, this, [this] {
        if (m_trial->isRunning())
            m_trial->cancel();
        else
            Q_EMIT tryRequested();
    });
    connect(m_trial, &Trial::changed, this, &TrialView::showRows);
    connect(m_trial, &Trial::ended, this, &TrialView::showEnd);
    connect(&theme, &Theme::changed, this, &TrialView::updateLook);
    m_state->setText(tr("shows the first rows and explains them, outside the library"));
    m_pages->hide();
    updateLook();
    updateButton();
}

void TrialView::build()
{
    setProperty("surface", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_try->setObjectName(QStringLiteral("tryButton"));
    m_state->setObjectName(QStringLiteral("trialState"));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(m_theme.px(14), m_theme.px(8), m_theme.px(14), m_theme.px(8));
    bar->setSpacing(m_theme.px(14));
    bar->addWidget(m_try);
    bar->addWidget(m_state, 1);

    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setProperty("role", QStringLiteral("small"));
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setAccessibleName(tr("First rows"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_explanation);
    m_scroll->setMinimumWidth(m_theme.px(220));
    m_scroll->setAccessibleName(tr("What was found out"));
    auto *splitter = new QSplitter;
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_grid);
    splitter->addWidget(m_scroll);
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({m_theme.px(600), m_theme.px(300)});
    m_pages->addWidget(m_empty);
    m_pages->addWidget(splitter);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_progress);
    layout->addWidget(m_banner);
    layout->addWidget(m_pages, 1);
}

void TrialView::updateLook()
{
    m_grid->setStyle(gridStyleOf(m_theme));
    m_state->setColor(m_theme.tokens().dimText);
    m_empty->setFont(m_theme.textFont());
}

void TrialView::updateButton()
{
    m_try->setText(m_trial->isRunning() ? tr("Cancel")
                                        : tr("&Try: first %1 rows").arg(Trial::kRows.value()));
    m_progress->setRunning(m_trial->isRunning());
}

void TrialView::start(const transfer::DownloadRequest &request)
{
    m_banner->dismiss();
    m_shown.reset();
    m_explanation->setSections({});
    Q_EMIT found(nullptr);
    if (m_pages->isHidden()) {
        m_pages->show();
        Q_EMIT opened();
    }
    m_empty->setText(tr("Waiting for the first rows…"));
    m_pages->setCurrentIndex(0);
    m_trial->start(request);
    updateButton();
}

void TrialView::showRows()
{
    m_state->setText(trialSentence(m_trial->progress()));
    const GridSourcePtr rows = m_trial->rows();
    if (!rows || rows->rowCount() == RowCount() || m_shown == rows->rowCount().value())
        return;
    if (m_shown)
        m_grid->growSource(rows);
    else
        m_grid->setSource(rows);
    m_shown = rows->rowCount().value();
    m_pages->setCurrentIndex(1);
}

void TrialView::showEnd()
{
    showRows();
    updateButton();
    const auto &findings = m_trial->findings();
    if (findings) {
        // Types may have widened behind the rows shown last.
        if (m_shown)
            m_grid->growSource(m_trial->rows());
        else
            m_grid->setSource(m_trial->rows());
        m_pages->setCurrentIndex(1);
        m_explanation->setSections(detailsOf(*findings));
        m_state->setText(trialSentence(*findings));
        Q_EMIT found(&*findings);
    } else {
        m_empty->setText(tr("Nothing came that could be shown."));
        m_pages->setCurrentIndex(0);
        m_state->setText({});
    }
    const auto &error = m_trial->error();
    if (!error)
        return;
    if (error->code == ErrorCode::Cancelled)
        m_state->setText(tr("Cancelled"));
    else
        m_banner->show(errorText(*error, m_trial->source()));
}

} // namespace freshet::ui
