// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/export_job_rule.h"

#include <optional>

namespace freshet::cli {

/// The rule that `--job` and what refines it ask for; nothing without `--job`.
/// Errors: InvalidArgument in words for the user.
[[nodiscard]] Result<std::optional<transfer::ExportJobRule>>
jobRuleFrom(const Arguments &arguments);

/// The number given with `--connections`, or `fallback`. Errors: as above.
[[nodiscard]] Result<int> connectionsFrom(const Arguments &arguments, int fallback);

} // namespace freshet::cli
