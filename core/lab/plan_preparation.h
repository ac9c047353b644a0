// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "lab/lab_plan.h"

#include <functional>

namespace freshet::lab {

/// Fills in how the storages among a request's places are reached, from what this user has set up.
using CompleteAccess =
    std::function<Status(transport::ByteRequest &request, const std::vector<std::string> &places)>;

/// Make the requests of `plan` ready to be sent, as those of downloads are: keys of storages, types
/// of calls, the files that a remote folder stands for. Recordings and what is ready stay as they
/// are. Blocks, and may ask servers.
/// Errors: of the first variant that is not to be had, with its name in front.
[[nodiscard]] Status preparePlan(LabPlan &plan, const CompleteAccess &access,
                                 const CancelToken &cancel);

} // namespace freshet::lab
