// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/advice.h"
#include "lab/arrival_line.h"
#include "lab/lab_session.h"

#include <memory>
#include <optional>

namespace freshet::ui {

/// A session with all that is shown of it, made once on a worker. Immutable.
struct LabFigures
{
    lab::LabSession session;
    std::vector<lab::VariantSummary> summaries; ///< by index of the variant
    std::vector<lab::AdviceSentence> advice;
    QList<ArrivalLine> lines;
    /// An earlier session that this one is held against.
    std::optional<lab::LabSession> before;
    lab::SessionComparison changes;

    [[nodiscard]] int failedRuns() const;
    /// What became of a variant since the earlier session; null: nothing to compare.
    [[nodiscard]] const lab::VariantChange *changeOf(int variant) const;
};

using LabFiguresPtr = std::shared_ptr<const LabFigures>;

/// Threads: any.
[[nodiscard]] LabFiguresPtr figuresOf(lab::LabSession session,
                                      std::optional<lab::LabSession> before);

} // namespace freshet::ui
