// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_run.h"

#include <string>
#include <vector>

namespace freshet::cli {

/// `run 7 of 30  NDJSON, gzip  412,007 rows  1.2 s`
[[nodiscard]] std::string labProgressText(const lab::LabPlan &plan,
                                          const lab::LabProgress &progress);
/// The table of variants, fastest first, and what the figures say. With `before`, what changed.
[[nodiscard]] std::string labText(const lab::LabSession &session, const lab::LabSession *before);
[[nodiscard]] std::string labListText(const std::vector<lab::SessionEntry> &sessions);

} // namespace freshet::cli
