// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/source_dialog.h"

#include "source/kind_list.h"
#include "source/source_commands.h"
#include "source/trial_view.h"
#include "text/error_text.h"
#include "transfer/request_secrets.h"
#include "transfer/url_login.h"
#include "widgets/fitting_size.h"
#include "widgets/notice_line.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace freshet::ui {

SourceDialog::SourceDialog(const transfer::DownloadRequest &request, const QString &recipe,
                           const Theme &theme, QWidget *parent)
    : QDialog(parent),
      m_theme(theme),
      m_kinds(new KindList(theme)),
      m_tabs(new QTabWidget),
      m_notice(new NoticeLine(theme)),
      m_trial(new TrialView(theme)),
      m_recipe(recipe)
{
    setObjectName(QStringLiteral("sourceDialog"));
    setWindowTitle(recipe.isEmpty() ? tr("Source") : tr("Source: %1").arg(recipe));
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    setRequest(request);
}

void SourceDialog::build()
{
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setObjectName(QStringLiteral("sourceTabs"));
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the request"));
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_tabs);
    splitter->addWidget(m_trial);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({m_theme.px(780), 0});

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_kinds);
    middle->addWidget(splitter, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(middle, 1);
    layout->addWidget(m_notice);
    layout->addLayout(buildButtons());
    setMinimumSize(m_theme.px(600), m_theme.px(420));
    resize(fittingSize(*this, {m_theme.px(1080), m_theme.px(780)}));

    connect(m_kinds, &QListWidget::currentRowChanged, this, [this] {
        const auto *kind = m_kinds->current();
        if (kind != nullptr && kind != m_kind)
            chooseKind(*kind);
    });
    connect(m_trial, &TrialView::opened, this, [splitter] {
        splitter->setStretchFactor(1, 1);
        splitter->setSizes({splitter->height() * 3 / 5, splitter->height() * 2 / 5});
    });
    connect(m_trial, &TrialView::tryRequested, this, &SourceDialog::tryRequest);
    connect(m_trial, &TrialView::found, this, [this](const TrialFindings *findings) {
        for (SourcePage *page : m_pages)
            page->showFindings(findings);
    });
}

QLayout *SourceDialog::buildButtons()
{
    auto *recipe = new QPushButton(tr("Sa&ve as recipe…"));
    recipe->setObjectName(QStringLiteral("saveRecipe"));
    auto *import = new QPushButton(tr("&Import curl…"));
    import->setObjectName(QStringLiteral("importCurl"));
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *apply = new QPushButton(tr("A&pply"));
    apply->setObjectName(QStringLiteral("applySource"));
    apply->setToolTip(tr("Put it into the request bar without getting it"));
    auto *get = new QPushButton(tr("&Get"));
    get->setObjectName(QStringLiteral("getSource"));
    get->setProperty("primary", true);
    // Enter in a field must not begin a download.
    for (QPushButton *button : {recipe, import, cancel, apply, get})
        button->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(m_theme.px(14), m_theme.px(10), m_theme.px(14), m_theme.px(10));
    buttons->setSpacing(m_theme.px(8));
    for (QPushButton *button : {recipe, import, copyButton()})
        buttons->addWidget(button);
    buttons->addStretch(1);
    for (QPushButton *button : {cancel, apply, get})
        buttons->addWidget(button);
    connect(recipe, &QPushButton::clicked, this, &SourceDialog::saveRecipe);
    connect(import, &QPushButton::clicked, this, [this] {
        askForCurl(
            m_theme, [this](const transfer::DownloadRequest &request) { setRequest(request); },
            this);
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(apply, &QPushButton::clicked, this, [this] {
        Q_EMIT applied(request());
        accept();
    });
    connect(get, &QPushButton::clicked, this, [this] {
        if (!isReady())
            return;
        Q_EMIT getRequested(request());
        accept();
    });
    return buttons;
}

QPushButton *SourceDialog::copyButton()
{
    auto *button = new QPushButton(tr("&Copy as…"));
    button->setObjectName(QStringLiteral("copySource"));
    button->setAutoDefault(false);
    auto *menu = new QMenu(button);
    const auto add = [this, menu](const QString &text, CommandForm form) {
        menu->addAction(text, this, [this, form] {
            const auto said = copyAsCommand(request(), form);
            if (said)
                showNotice(Mark::Verified, *said);
            else
                showNotice(Mark::Incomplete, errorText(said.error()).toPlainText());
        });
    };
    add(tr("a curl command"), CommandForm::Curl);
    add(tr("a freshet-cli command"), CommandForm::FreshetCli);
    button->setMenu(menu);
    return button;
}

void SourceDialog::saveRecipe()
{
    const auto made = request();
    const QString suggestion = !m_recipe.isEmpty() ? m_recipe
                               : made.bytes.url.empty()
                                   ? QString()
                                   : QString::fromStdString(made.suggestedName());
    askForRecipeName(
        m_theme, suggestion,
        [this](const QString &name) {
            m_recipe = name;
            setWindowTitle(tr("Source: %1").arg(name));
            Q_EMIT recipeMade({.name = name.toStdString(), .request = request()});
            showNotice(Mark::Verified, tr("Saved as recipe “%1”.").arg(name));
        },
        this);
}

void SourceDialog::tryRequest()
{
    if (isReady())
        m_trial->start(request());
}

transfer::DownloadRequest SourceDialog::request() const
{
    transfer::DownloadRequest request = m_draft;
    for (const SourcePage *page : m_pages)
        page->store(request);
    m_kind->settle(request);
    transfer::liftUrlLogin(request);
    return request;
}

void SourceDialog::setRequest(const transfer::DownloadRequest &request)
{
    m_draft = request;
    transfer::liftUrlLogin(m_draft);
    if (m_draft.grpc)
        forgetGrpcPreparation(m_draft);
    showKind(kindOf(m_draft));
}

void SourceDialog::keepShown()
{
    for (const SourcePage *page : m_pages)
        page->store(m_draft);
}

void SourceDialog::chooseKind(const SourceKind &kind)
{
    keepShown();
    showKind(kind);
}

void SourceDialog::showKind(const SourceKind &kind)
{
    m_kind = &kind;
    m_kinds->setCurrent(kind);
    m_notice->hide();
    while (QWidget *old = m_tabs->widget(0)) {
        m_tabs->removeTab(0);
        delete old;
    }
    m_pages.clear();

    // What does not fit stays in the draft, for when the user comes back to where it does.
    transfer::DownloadRequest settled = m_draft;
    kind.settle(settled);
    m_draft.bytes.url = settled.bytes.url;
    for (const PageMaker make : kind.pages) {
        SourcePage *page = make({m_theme});
        page->load(settled);
        auto *area = new QScrollArea;
        area->setWidgetResizable(true);
        area->setFrameShape(QFrame::NoFrame);
        area->viewport()->setProperty("surface", QStringLiteral("panel"));
        area->setFocusPolicy(Qt::NoFocus);
        area->setWidget(page);
        m_pages.push_back(page);
        m_tabs->addTab(area, page->name());
        connect(page, &SourcePage::edited, this, &SourceDialog::wasEdited);
    }
    orderFocus();
}

/// Pages come and go, and what is new stands behind everything: the trial and the buttons follow
/// the pages again.
void SourceDialog::orderFocus()
{
    QWidget *last = m_tabs->tabBar();
    QWidgetList behind;
    for (QWidget *now = nextInFocusChain(); now != this; now = now->nextInFocusChain()) {
        if (now->focusPolicy() == Qt::NoFocus || now->focusProxy() != nullptr)
            continue;
        if (m_tabs->isAncestorOf(now))
            last = now;
        else if (now != m_kinds && !m_kinds->isAncestorOf(now))
            behind += now;
    }
    for (QWidget *widget : behind) {
        setTabOrder(last, widget);
        last = widget;
    }
}

bool SourceDialog::isReady()
{
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        const auto status = m_pages[i]->validate();
        if (status)
            continue;
        m_tabs->setCurrentIndex(static_cast<int>(i));
        m_pages[i]->setFocus();
        showNotice(Mark::Incomplete, errorText(status.error()).toPlainText());
        return false;
    }
    const auto made = request();
    QStringList names;
    const auto missing = transfer::missingSecrets(made);
    for (const auto *list : {&missing.headers, &missing.parameters}) {
        for (const auto &name : *list)
            names += QString::fromStdString(name);
    }
    if (!names.isEmpty()) {
        m_tabs->setCurrentIndex(0);
        showNotice(Mark::Incomplete, tr("Secrets are not kept with a request; give them again: %1.")
                                         .arg(names.join(QStringLiteral(", "))));
        return false;
    }
    // A call is whole only once it is prepared, which takes a worker.
    if (const auto valid = made.grpc ? Status() : made.validate(); !valid) {
        showNotice(Mark::Incomplete, errorText(valid.error()).toPlainText());
        return false;
    }
    return true;
}

void SourceDialog::showNotice(Mark mark, const QString &sentence)
{
    m_notice->say(mark, sentence);
    m_notice->show();
}

void SourceDialog::wasEdited()
{
    m_notice->hide();
}

} // namespace freshet::ui
