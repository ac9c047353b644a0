// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/findings_panel.h"

#include "lab/lab_card.h"
#include "lab/metric.h"
#include "lab/phase_bars.h"
#include "text/dataset_text.h"
#include "text/lab_text.h"
#include "theme/theme.h"
#include "widgets/flow_layout.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace freshet::ui {

namespace {

constexpr double kLeastWait = 1e-4; ///< seconds; less is what switching threads costs

std::optional<double> medianOf(const lab::VariantSummary &summary, lab::Metric metric)
{
    const auto found = summary.figures.find(metric);
    return found == summary.figures.end() ? std::nullopt : std::optional(found->second.median);
}

/// A bar for `seconds`, if there is such a phase.
void addPhase(QList<Phase> &phases, const QString &name, std::optional<double> seconds,
              Phase::Tone tone)
{
    if (seconds)
        phases += {.name = name,
                   .seconds = *seconds,
                   .figure = QString::fromStdString(lab::valueText(*seconds, lab::Unit::Seconds)),
                   .tone = tone};
}

/// The same for a wait, if it was one; `words` say whose fault it was.
void addWait(QList<Phase> &phases, const QString &name, std::optional<double> seconds,
             Phase::Tone tone, const QString &words)
{
    if (!seconds || *seconds < kLeastWait)
        return;
    addPhase(phases, name, seconds, tone);
    phases.back().figure += QStringLiteral(", ") + words;
}

/// A steady stream, and one that nothing can be said of, are no news.
bool isWorthTelling(lab::StreamKind kind)
{
    return kind != lab::StreamKind::Steady && kind != lab::StreamKind::Unknown;
}

std::optional<double> lengthOf(std::optional<double> from, std::optional<double> to)
{
    if (!to)
        return std::nullopt;
    return std::max(0.0, *to - from.value_or(0));
}

} // namespace

FindingsPanel::FindingsPanel(const Theme &theme, QWidget *parent)
    : QScrollArea(parent),
      m_theme(theme),
      m_findings(new QVBoxLayout),
      m_phaseCard(new LabCard(LabCard::Tone::Plain, QString(), theme)),
      m_phases(new PhaseBars(theme)),
      m_processors(new PhaseBars(theme)),
      m_reportCard(nullptr)
{
    auto *page = new QWidget;
    page->setProperty("surface", QStringLiteral("panel"));
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    column->setSpacing(theme.px(12));
    m_findings->setSpacing(theme.px(12));
    column->addLayout(m_findings);
    m_phaseCard->add(m_phases);
    m_phaseCard->addSmallPrint(tr("Processor time"));
    m_phaseCard->add(m_processors);
    column->addWidget(m_phaseCard);
    m_reportCard = buildReportCard();
    column->addWidget(m_reportCard);
    column->addStretch();
    setWidget(page);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Findings"));
    m_phaseCard->hide();
    m_reportCard->hide();
}

LabCard *FindingsPanel::buildReportCard()
{
    auto *card = new LabCard(LabCard::Tone::Plain, tr("Report"), m_theme);
    const auto addButtons = [this, card](const QString &what, const QStringList &suffixes,
                                         void (FindingsPanel::*signal)(const QString &)) {
        auto *row = new FlowLayout(m_theme.px(6), m_theme.px(6));
        for (const QString &suffix : suffixes) {
            auto *button = new QPushButton(suffix.toUpper());
            button->setObjectName(QStringLiteral("save-%1-%2").arg(what, suffix));
            button->setToolTip(tr("Save as %1…").arg(suffix.toUpper()));
            connect(button, &QPushButton::clicked, this, [this, signal, suffix] {
                Q_EMIT(this->*signal)(suffix);
            });
            row->addWidget(button);
        }
        card->add(row);
    };
    addButtons(QStringLiteral("report"),
               {QStringLiteral("html"), QStringLiteral("json"), QStringLiteral("csv")},
               &FindingsPanel::reportRequested);
    card->addSmallPrint(tr("Chart alone"));
    addButtons(QStringLiteral("chart"),
               {QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("csv")},
               &FindingsPanel::pictureRequested);
    return card;
}

void FindingsPanel::setFigures(const LabFiguresPtr &figures)
{
    m_figures = figures;
    setUpdatesEnabled(false); // one picture gives way to the next, nothing between them is seen
    rebuildFindings();
    updatePhases();
    const bool hasRuns = m_figures && !m_figures->lines.isEmpty();
    m_reportCard->setVisible(hasRuns);
    widget()->layout()->activate();
    setUpdatesEnabled(true);
}

LabCard *FindingsPanel::addFinding(LabCard *card)
{
    m_findings->addWidget(card);
    return card;
}

void FindingsPanel::rebuildFindings()
{
    while (QLayoutItem *item = m_findings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!m_figures)
        return;
    addAdvice(lab::AdviceWeight::Decided);
    for (const auto &summary : m_figures->summaries) {
        if (isWorthTelling(summary.health.kind))
            addHealth(summary);
    }
    addAdvice(lab::AdviceWeight::Undecided);
    if (!m_figures->changes.onlyBefore.empty() || !m_figures->changes.onlyNow.empty()) {
        auto *card =
            addFinding(new LabCard(LabCard::Tone::Plain, tr("Not in both sessions"), m_theme));
        for (const auto &name : m_figures->changes.onlyBefore)
            card->addSentence(
                tr("“%1” is in the earlier one only.").arg(QString::fromStdString(name)));
        for (const auto &name : m_figures->changes.onlyNow)
            card->addSentence(tr("“%1” is new.").arg(QString::fromStdString(name)));
    }
    // The layout would show them only some events later, and leave their places blank until then.
    for (int i = 0; i < m_findings->count(); ++i)
        m_findings->itemAt(i)->widget()->show();
}

void FindingsPanel::addAdvice(lab::AdviceWeight weight)
{
    const bool isDecided = weight == lab::AdviceWeight::Decided;
    LabCard *card = nullptr;
    for (const auto &sentence : m_figures->advice) {
        // How a stream comes has a card of its own.
        if (sentence.weight != weight || sentence.topic == lab::AdviceTopic::Health)
            continue;
        if (card == nullptr)
            card = addFinding(new LabCard(
                isDecided ? LabCard::Tone::Good : LabCard::Tone::Plain,
                isDecided ? tr("What the figures say") : tr("What they do not decide"), m_theme));
        card->addSentence(asSentence(QString::fromStdString(sentence.text)));
        if (!sentence.basis.empty())
            card->addSmallPrint(asSentence(QString::fromStdString(sentence.basis)));
    }
}

void FindingsPanel::addHealth(const lab::VariantSummary &summary)
{
    const auto &variant =
        m_figures->session.plan.variants[static_cast<std::size_t>(summary.variant)];
    auto *card = addFinding(new LabCard(isUnhealthy(summary.health.kind) ? LabCard::Tone::Warning
                                                                         : LabCard::Tone::Plain,
                                        healthTitle(summary.health.kind), m_theme));
    for (const auto &finding : summary.health.findings) {
        if (!isWorthTelling(finding.kind))
            continue;
        card->addSentence(tr("“%1”: %2")
                              .arg(QString::fromStdString(variant.name),
                                   QString::fromStdString(finding.sentence)));
        QStringList print;
        for (const auto &fact : finding.evidence)
            print += asSentence(QString::fromStdString(fact));
        QStringList cures;
        for (const auto &cure : finding.cures)
            cures += QString::fromStdString(cure);
        if (!cures.isEmpty())
            print += tr("Usual cures: %1.").arg(cures.join(QStringLiteral("; ")));
        if (!print.isEmpty())
            card->addSmallPrint(print.join(QLatin1Char(' ')));
    }
}

void FindingsPanel::setCurrent(int variant)
{
    m_current = variant;
    updatePhases();
}

void FindingsPanel::updatePhases()
{
    const bool isKnown = m_figures && m_current >= 0 &&
                         m_current < static_cast<int>(m_figures->summaries.size()) &&
                         m_figures->summaries[static_cast<std::size_t>(m_current)].runs > 0;
    m_phaseCard->setVisible(isKnown);
    if (!isKnown)
        return;
    const auto &summary = m_figures->summaries[static_cast<std::size_t>(m_current)];
    const auto &variant = m_figures->session.plan.variants[static_cast<std::size_t>(m_current)];
    m_phaseCard->setTitle(tr("Phases, %1").arg(QString::fromStdString(variant.name)));
    using lab::Metric;
    QList<Phase> phases;
    addPhase(phases, tr("look-up"), medianOf(summary, Metric::NameLookup), Phase::Tone::Calm);
    addPhase(phases, tr("connect"), medianOf(summary, Metric::Connect), Phase::Tone::Calm);
    addPhase(phases, tr("TLS"), medianOf(summary, Metric::Tls), Phase::Tone::Calm);
    const auto firstByte = medianOf(summary, Metric::FirstByte);
    addPhase(phases, tr("wait"), lengthOf(medianOf(summary, Metric::RequestSent), firstByte),
             Phase::Tone::Wait);
    addPhase(phases, tr("receive"), lengthOf(firstByte, medianOf(summary, Metric::LastRow)),
             Phase::Tone::Receive);
    addWait(phases, tr("starved"), medianOf(summary, Metric::WaitedForServer), Phase::Tone::Wait,
            tr("nothing came"));
    addWait(phases, tr("held back"), medianOf(summary, Metric::WaitedForUs), Phase::Tone::HeldBack,
            tr("we were slower"));
    m_phases->setPhases(std::move(phases));
    QList<Phase> processors;
    addPhase(processors, tr("network"), medianOf(summary, Metric::CpuNetwork),
             Phase::Tone::Receive);
    addPhase(processors, tr("decode"), medianOf(summary, Metric::CpuDecode), Phase::Tone::Wait);
    addPhase(processors, tr("store"), medianOf(summary, Metric::CpuStore), Phase::Tone::HeldBack);
    m_processors->setPhases(std::move(processors));
}

QString FindingsPanel::text() const
{
    QStringList texts;
    for (int i = 0; i < m_findings->count(); ++i) {
        if (const auto *card = qobject_cast<LabCard *>(m_findings->itemAt(i)->widget()))
            texts += card->text();
    }
    return texts.join(QStringLiteral("\n\n"));
}

} // namespace freshet::ui
