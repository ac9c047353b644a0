// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/job_options.h"

#include <algorithm>
#include <array>

namespace freshet::cli {

using transfer::ExportJobRule;

Result<int> connectionsFrom(const Arguments &arguments, int fallback)
{
    const auto number = arguments.number("connections", 1);
    if (!number)
        return fail(number.error());
    // What is too many is for the request to say.
    return static_cast<int>(std::min<std::int64_t>(number->value_or(fallback), 1000));
}

Result<std::optional<ExportJobRule>> jobRuleFrom(const Arguments &arguments)
{
    struct TextOption
    {
        const char *name;
        std::string ExportJobRule::*field;
    };
    constexpr std::array<TextOption, 7> kTexts = {{
        {"job-status", &ExportJobRule::statusUrlFrom},
        {"job-state", &ExportJobRule::stateFrom},
        {"job-done", &ExportJobRule::doneStates},
        {"job-failed", &ExportJobRule::failedStates},
        {"job-progress", &ExportJobRule::progressFrom},
        {"job-result", &ExportJobRule::resultsFrom},
        {"job-rows", &ExportJobRule::rowsFrom},
    }};
    ExportJobRule rule;
    std::string refinement;
    for (const auto &[name, field] : kTexts) {
        if (const auto text = arguments.value(name)) {
            rule.*field = *text;
            refinement = name;
        }
    }
    const auto patience = arguments.number("job-patience", 1);
    if (!patience)
        return fail(patience.error());
    if (*patience) {
        rule.patience = std::chrono::seconds(**patience);
        refinement = "job-patience";
    }
    if (!arguments.has("job")) {
        if (!refinement.empty())
            return fail(ErrorCode::InvalidArgument, "--" + refinement + " goes with --job");
        return std::nullopt;
    }
    const auto connections = connectionsFrom(arguments, rule.connections);
    if (!connections)
        return fail(connections.error());
    rule.connections = *connections;
    FRESHET_TRY(rule.validate());
    return rule;
}

} // namespace freshet::cli
