// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/get_summary.h"

#include <string>

namespace freshet::cli {

/// How to come by the rest of what is kept after `error`, with the command that does it; empty if
/// nothing is known beyond the error's own advice.
[[nodiscard]] std::string remedyFor(const Error &error, const GetSummary &summary,
                                    const std::string &source);
/// The same of a download that came to its end and is not whole.
[[nodiscard]] std::string remedyFor(const store::DatasetRecord &record);
/// The same of rows that are here and of which no file could be written.
[[nodiscard]] std::string remedyForSave(const GetSummary &summary);

} // namespace freshet::cli
