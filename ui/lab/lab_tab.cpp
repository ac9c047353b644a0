// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_tab.h"

#include "dialogs/secrets_dialog.h"
#include "lab/findings_panel.h"
#include "lab/lab_driver.h"
#include "lab/lab_list.h"
#include "lab/lab_saver.h"
#include "lab/lab_side.h"
#include "lab/plan_secrets.h"
#include "lab/results_page.h"
#include "lab/setup_page.h"
#include "lab/variant_model.h"
#include "text/lab_text.h"
#include "theme/theme.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

Result<LabFiguresPtr> loadFigures(const std::filesystem::path &library, const std::string &id)
{
    auto session = lab::loadSession(library, id);
    if (!session)
        return fail(std::move(session).error());
    return figuresOf(std::move(*session), std::nullopt);
}

} // namespace

LabTab::LabTab(LabList &sessions, const Theme &theme, WindowState &state, QWidget *parent)
    : QWidget(parent),
      m_sessions(sessions),
      m_theme(theme),
      m_driver(new LabDriver(this)),
      m_variants(new VariantModel(this)),
      m_side(new LabSide(*m_variants, theme)),
      m_middle(new QStackedWidget),
      m_setup(new SetupPage(theme)),
      m_results(new ResultsPage(theme)),
      m_findings(new FindingsPanel(theme)),
      m_saver(new LabSaver(state, this))
{
    m_middle->addWidget(m_setup);
    m_middle->addWidget(m_results);
    auto *splitter = new QSplitter;
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_side);
    splitter->addWidget(m_middle);
    splitter->addWidget(m_findings);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({theme.px(232), theme.px(806), theme.px(322)});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    setFocusProxy(m_setup);

    connect(m_setup, &SetupPage::changed, this, &LabTab::updateSide);
    connect(m_setup, &SetupPage::startRequested, this, &LabTab::start);
    connect(m_setup, &SetupPage::failed, this, &LabTab::failed);
    connect(m_results, &ResultsPage::currentChanged, this, &LabTab::setCurrent);
    connect(m_results, &ResultsPage::compareRequested, this, &LabTab::compareWith);
    connect(m_side, &LabSide::currentChanged, this, &LabTab::setCurrent);
    connect(m_side, &LabSide::runClicked, this, &LabTab::start);
    connect(m_side, &LabSide::stopClicked, this, &LabTab::cancel);
    connect(m_side, &LabSide::changeClicked, this, &LabTab::showSetup);
    connect(m_findings, &FindingsPanel::reportRequested, this,
            [this](const QString &suffix) { m_saver->saveReport(m_figures, suffix); });
    connect(m_findings, &FindingsPanel::pictureRequested, this, [this](const QString &suffix) {
        m_saver->savePicture(m_figures, *m_results->chart(), suffix);
    });
    connect(m_saver, &LabSaver::said, this, &LabTab::said);
    connect(m_saver, &LabSaver::failed, this, &LabTab::failed);
    connect(m_driver, &LabDriver::ticked, this, [this] {
        const auto &progress = m_driver->progress();
        m_results->setProgress(progress, m_plan);
        m_variants->setRunning(progress.current ? progress.current->variant : -1);
    });
    connect(m_driver, &LabDriver::runMade, this,
            [this] { show(m_driver->session(), std::nullopt); });
    connect(m_driver, &LabDriver::failed, this,
            [this](const Error &error) { Q_EMIT failed(error, title()); });
    connect(m_driver, &LabDriver::finished, this, [this](const lab::LabSession &session) {
        m_variants->setRunning(-1);
        updateSide();
        show(session, std::nullopt);
        m_sessions.refresh();
    });
    connect(&m_sessions, &LabList::changed, this, &LabTab::offerEarlier);
    showSetup();
}

LabTab::~LabTab() = default;

void LabTab::setUp(const transfer::DownloadRequest &base)
{
    m_setup->setBase(base);
    showSetup();
}

void LabTab::showSetup()
{
    if (isRunning())
        return;
    if (m_figures)
        m_setup->setPlan(m_figures->session.plan);
    m_setup->offerRecipes(transfer::recipeFolder(m_sessions.library()));
    m_middle->setCurrentWidget(m_setup);
    m_findings->hide();
    updateSide();
}

void LabTab::start()
{
    if (isRunning())
        return;
    auto plan = m_middle->currentWidget() == m_setup || !m_figures
                    ? m_setup->plan()
                    : Result<lab::LabPlan>(m_figures->session.plan);
    if (plan)
        run(std::move(*plan));
    else
        Q_EMIT failed(plan.error(), tr("the lab"));
}

void LabTab::run(lab::LabPlan plan)
{
    if (lab::variantLackingSecrets(plan) != nullptr) {
        askForSecrets(std::move(plan));
        return;
    }
    m_plan = std::move(plan);
    m_figures = nullptr;
    m_variants->setVariants(m_plan.variants);
    m_results->setFigures(nullptr);
    m_findings->setFigures(nullptr);
    m_middle->setCurrentWidget(m_results);
    m_driver->start(m_plan, m_sessions.library());
    updateSide();
    Q_EMIT titleChanged();
}

void LabTab::askForSecrets(lab::LabPlan plan)
{
    const lab::Variant &lacking = *lab::variantLackingSecrets(plan);
    auto *dialog = new SecretsDialog(QString::fromStdString(lacking.name), tr("Run"),
                                     lacking.request, m_theme, this);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, request = lacking.request, plan = std::move(plan)]() mutable {
                lab::giveSecrets(plan, request, dialog->secrets());
                run(std::move(plan));
            });
    dialog->show();
}

void LabTab::repeat()
{
    onceOpen([this] { start(); });
}

void LabTab::cancel()
{
    m_driver->cancel();
}

bool LabTab::isRunning() const
{
    return m_driver->isRunning();
}

QString LabTab::sessionId() const
{
    return m_figures ? QString::fromStdString(m_figures->session.id) : m_opening;
}

QString LabTab::title() const
{
    const lab::LabPlan &plan = m_figures ? m_figures->session.plan : m_plan;
    if (plan.variants.empty())
        return tr("New lab");
    return tr("Lab: %1").arg(
        QString::fromStdString(plan.name.empty() ? plan.suggestedName() : plan.name));
}

void LabTab::open(const QString &sessionId)
{
    m_opening = sessionId;
    m_runner.runLatest([library = m_sessions.library(),
                        id = sessionId.toStdString()] { return loadFigures(library, id); },
                       [this](const Result<LabFiguresPtr> &figures) {
                           m_opening.clear();
                           const auto next = std::exchange(m_onceOpen, nullptr);
                           if (!figures) {
                               Q_EMIT failed(figures.error(), tr("the lab session"));
                               return;
                           }
                           m_plan = (*figures)->session.plan;
                           setFigures(*figures);
                           offerEarlier();
                           if (next)
                               next();
                       });
}

void LabTab::onceOpen(std::function<void()> action)
{
    if (m_opening.isEmpty())
        action();
    else
        m_onceOpen = std::move(action);
}

void LabTab::show(lab::LabSession session, std::optional<lab::LabSession> before)
{
    m_runner.runLatest(
        [session = std::move(session), before = std::move(before)]() mutable {
            return figuresOf(std::move(session), std::move(before));
        },
        [this](LabFiguresPtr figures) { setFigures(std::move(figures)); });
}

void LabTab::setFigures(LabFiguresPtr figures)
{
    const bool isNew = m_figures == nullptr;
    m_figures = std::move(figures);
    m_variants->setFigures(*m_figures);
    m_results->setFigures(m_figures);
    m_findings->setFigures(m_figures);
    m_findings->show();
    m_middle->setCurrentWidget(m_results);
    setCurrent(isNew || m_current < 0 ? 0 : m_current);
    updateSide();
    Q_EMIT titleChanged();
    Q_EMIT shown();
}

void LabTab::compareWith(const QString &sessionId)
{
    if (!m_opening.isEmpty()) {
        onceOpen([this, sessionId] { compareWith(sessionId); });
        return;
    }
    if (!m_figures || isRunning())
        return;
    if (sessionId.isEmpty()) {
        show(m_figures->session, std::nullopt);
        return;
    }
    m_runner.runLatest([library = m_sessions.library(),
                        id = sessionId.toStdString()] { return lab::loadSession(library, id); },
                       [this](Result<lab::LabSession> before) {
                           if (!before)
                               Q_EMIT failed(before.error(), tr("the earlier session"));
                           else
                               show(m_figures->session, std::move(*before));
                       });
}

void LabTab::offerEarlier()
{
    if (!m_figures)
        return;
    std::vector<lab::SessionEntry> others = m_sessions.entries();
    std::erase_if(others, [this](const lab::SessionEntry &entry) {
        return entry.id == m_figures->session.id;
    });
    m_results->offerEarlier(others);
}

void LabTab::setCurrent(int variant)
{
    m_current = variant;
    m_results->setCurrent(variant);
    m_findings->setCurrent(variant);
    m_side->setCurrent(variant);
}

void LabTab::updateSide()
{
    const bool isSettingUp = m_middle->currentWidget() == m_setup && !isRunning();
    Result<lab::LabPlan> chosen = isSettingUp ? m_setup->plan() : Result<lab::LabPlan>(m_plan);
    if (isSettingUp)
        m_variants->setVariants(chosen ? chosen->variants : std::vector<lab::Variant>());
    QString tally;
    if (m_figures && !isSettingUp)
        tally = tr("%1, %2 failed")
                    .arg(runsText(static_cast<int>(m_figures->session.runs.size())))
                    .arg(m_figures->failedRuns());
    const auto stage = isRunning()                 ? LabSide::Stage::Running
                       : isSettingUp || !m_figures ? LabSide::Stage::SettingUp
                                                   : LabSide::Stage::Shown;
    m_side->setStage(stage, chosen ? &*chosen : nullptr, tally);
}

} // namespace freshet::ui
