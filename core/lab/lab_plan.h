// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/variant.h"

#include <string>
#include <vector>

namespace freshet::lab {

enum class Connections {
    Cold, ///< every run makes its own and keeps them from page to page, as downloads do
    Warm  ///< HTTP connections are kept from run to run; other protocols stay cold
};
enum class RowsGo {
    IntoStore, ///< a library of its own, removed when the lab is done
    Nowhere    ///< decoded and dropped
};

/// What a lab session does: plain values with defaults.
struct LabPlan
{
    std::string name; ///< of the session; empty: made from the first variant's URL
    std::vector<Variant> variants;
    int runs = 5; ///< of each variant, the warm-up not counted
    /// One more run of each variant before the others, which counts for nothing.
    bool warmUp = true;
    Connections connections = Connections::Cold;
    RowsGo rows = RowsGo::IntoStore;

    static constexpr int kMostRuns = 1000;

    /// Errors: InvalidArgument naming the field; those of the variants' requests.
    [[nodiscard]] Status validate() const;
    [[nodiscard]] std::string suggestedName() const;
};

/// One run among those of a plan.
struct RunSlot
{
    int variant = 0; ///< index into `LabPlan::variants`
    int repeat = 0;  ///< from 0; counts the runs that count
    bool isWarmUp = false;

    auto operator<=>(const RunSlot &) const = default;
};

/// The order in which the runs are made: round by round, each round beginning with another variant,
/// so that what drifts (a cache that warms up, a link that fills) hits all alike.
[[nodiscard]] std::vector<RunSlot> runOrder(const LabPlan &plan);

} // namespace freshet::lab
