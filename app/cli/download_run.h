// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/get_options.h"
#include "transfer/transfer.h"

#include <memory>
#include <string>
#include <vector>

namespace freshet::cli {

/// What `get` and `resume` have in common: show the progress, cancel on an interrupt, write the
/// --save files, report. `source` is told in errors and holds no secrets.
[[nodiscard]] ExitCode followToTheEnd(store::Library &library,
                                      std::unique_ptr<transfer::Transfer> transfer,
                                      const std::string &source,
                                      const std::vector<SaveTarget> &targets,
                                      const Arguments &arguments);

} // namespace freshet::cli
