// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_plan.h"

#include <set>

namespace freshet::lab {

Status LabPlan::validate() const
{
    if (variants.empty())
        return fail(ErrorCode::InvalidArgument, "there is no variant to run");
    if (runs < 1 || runs > kMostRuns)
        return fail(ErrorCode::InvalidArgument, "runs: " + std::to_string(runs) +
                                                    " is not between 1 and " +
                                                    std::to_string(kMostRuns));
    std::set<std::string> names;
    for (const Variant &variant : variants) {
        if (!names.insert(variant.name).second)
            return fail(ErrorCode::InvalidArgument,
                        "two variants are called \"" + variant.name + '"');
        if (variant.speed < 0)
            return fail(ErrorCode::InvalidArgument,
                        variant.name + ": the speed of a recording is not negative");
        if (!variant.recording.empty()) // it holds its own request
            continue;
        if (auto good = variant.request.validate(); !good) {
            Error error = std::move(good).error();
            error.detail = variant.name + ": " + error.detail;
            return fail(std::move(error));
        }
    }
    return {};
}

std::string LabPlan::suggestedName() const
{
    if (!name.empty())
        return name;
    if (variants.empty())
        return "lab";
    const Variant &first = variants.front();
    if (!first.recording.empty())
        return first.recording.stem().string();
    return first.request.suggestedName();
}

std::vector<RunSlot> runOrder(const LabPlan &plan)
{
    const int count = static_cast<int>(plan.variants.size());
    std::vector<RunSlot> order;
    if (plan.warmUp) {
        for (int variant = 0; variant < count; ++variant)
            order.push_back({.variant = variant, .isWarmUp = true});
    }
    for (int repeat = 0; repeat < plan.runs; ++repeat) {
        for (int step = 0; step < count; ++step)
            order.push_back({.variant = (repeat + step) % count, .repeat = repeat});
    }
    return order;
}

} // namespace freshet::lab
