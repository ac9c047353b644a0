// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "lab/lab_plan.h"

namespace freshet::cli {

/// The ways of getting the rows that a command line names: of each URL and file by --formats,
/// --encodings, --http and --pages, of each --grpc, and of each --recipe. `NAME=URL` names them.
/// Errors: InvalidArgument in words for the user; those of recipes, recordings and .proto files
/// that cannot be read.
[[nodiscard]] Result<std::vector<lab::Variant>> variantsFrom(const Arguments &arguments);

} // namespace freshet::cli
