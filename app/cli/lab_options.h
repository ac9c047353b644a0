// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "lab/lab_plan.h"

#include <span>

namespace freshet::cli {

[[nodiscard]] std::span<const Option> labOptions();
/// The variants (see `variantsFrom`) and the runs that the command line asks for.
/// Errors: InvalidArgument in words for the user; those of `variantsFrom`.
[[nodiscard]] Result<lab::LabPlan> labPlanFrom(const Arguments &arguments);

} // namespace freshet::cli
