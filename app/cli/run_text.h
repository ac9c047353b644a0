// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/run_record.h"

#include <string>

namespace freshet::cli {

/// A run as a JSON object on one line: `number`, `kind`, `started`, `finished`, `source`,
/// `rows_before`, `added`, `updated`, `duplicates`, `bytes_wire`, `verdict`, `evidence`, `error`,
/// `schema_difference` (a sentence for each column).
[[nodiscard]] std::string runJson(const store::RunRecord &run);
/// What a later run did and how its columns differ, in lines; empty for a first one without drift.
[[nodiscard]] std::string runText(const store::RunRecord &run);

} // namespace freshet::cli
