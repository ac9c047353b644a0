// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_plan.h"
#include "transfer/request_secrets.h"

namespace freshet::lab {

/// The first variant whose request lacks a secret, as those of kept sessions do; null: none.
/// Lifetime: that of `plan`.
[[nodiscard]] const Variant *variantLackingSecrets(const LabPlan &plan);

/// Give secrets that were asked for on behalf of `asked` to every variant that lacks them: headers
/// to requests of the same origin, the URL to those that had the same one, logins to files of the
/// origin that they are for.
void giveSecrets(LabPlan &plan, const transfer::DownloadRequest &asked,
                 const transfer::RequestSecrets &secrets);

} // namespace freshet::lab
