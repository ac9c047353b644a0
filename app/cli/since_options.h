// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/since_rule.h"

namespace freshet::cli {

/// The rule that `--since` and what refines it (`--key`, `--mode`, `--overlap`) ask for; the
/// refinements alone change `kept`. Nothing if none of them was given. Errors: InvalidArgument.
[[nodiscard]] Result<std::optional<transfer::SinceRule>>
sinceRuleFrom(const Arguments &arguments, const std::optional<transfer::SinceRule> &kept);

} // namespace freshet::cli
