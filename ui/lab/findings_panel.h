// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_figures.h"

#include <QScrollArea>

class QVBoxLayout;

namespace freshet::ui {

class LabCard;
class PhaseBars;
class Theme;

/// The cards at the right of the lab: what the figures say, what is wrong with a stream, what is
/// left open, the phases of the variant in front, reports. Threads: GUI thread only.
class FindingsPanel : public QScrollArea
{
    Q_OBJECT
public:
    explicit FindingsPanel(const Theme &theme, QWidget *parent = nullptr);

    void setFigures(const LabFiguresPtr &figures);
    /// The variant whose phases are shown.
    void setCurrent(int variant);
    /// All that the cards say, for tests and for copying.
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    /// `suffix`: html, json or csv.
    void reportRequested(const QString &suffix);
    /// The chart alone; `suffix`: png, svg or csv.
    void pictureRequested(const QString &suffix);

private:
    void rebuildFindings();
    void updatePhases();
    LabCard *addFinding(LabCard *card);
    void addAdvice(lab::AdviceWeight weight);
    void addHealth(const lab::VariantSummary &summary);
    LabCard *buildReportCard();

    const Theme &m_theme;
    LabFiguresPtr m_figures;
    int m_current = -1;
    QVBoxLayout *m_findings;
    LabCard *m_phaseCard;
    PhaseBars *m_phases;
    PhaseBars *m_processors;
    LabCard *m_reportCard;
};

} // namespace freshet::ui
