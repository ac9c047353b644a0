// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "lab/lab_plan.h"

#include <span>

namespace freshet::cli {

[[nodiscard]] std::span<const Option> labOptions();
/// The variants and the set-up that the command line asks for: of each URL and file by --formats,
/// --encodings, --http and --pages, and of each --recipe. `NAME=URL` names the variants.
/// Errors: InvalidArgument in words for the user; those of recipes that cannot be read.
[[nodiscard]] Result<lab::LabPlan> labPlanFrom(const Arguments &arguments);

} // namespace freshet::cli
