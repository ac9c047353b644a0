// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/since_options.h"

namespace freshet::cli {

using transfer::SinceRule;

Result<std::optional<SinceRule>> sinceRuleFrom(const Arguments &arguments,
                                               const std::optional<SinceRule> &kept)
{
    // Parts that come later in the text take the place of earlier ones.
    std::string refinements;
    if (const auto list = arguments.value("key")) {
        std::string key;
        for (const std::string &column : splitList(*list))
            key += (key.empty() ? "" : "+") + SinceRule::escaped(column);
        refinements += ",key=" + key;
    }
    if (const auto mode = arguments.value("mode"))
        refinements += ",mode=" + *mode;
    if (const auto overlap = arguments.value("overlap"))
        refinements += ",overlap=" + *overlap;
    const auto given = arguments.value("since");
    if (!given && refinements.empty())
        return std::nullopt;
    if (!given && !kept)
        return fail(ErrorCode::InvalidArgument,
                    "--key, --mode and --overlap refine a rule: give --since");
    auto rule = SinceRule::parse((given ? *given : kept->text()) + refinements);
    if (!rule)
        return fail(std::move(rule).error());
    return std::move(*rule);
}

} // namespace freshet::cli
