// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/record_batch.h"

#include <span>

namespace freshet::columnar {

/// Rows `rows` of `column`, in that order, as a column of its own.
[[nodiscard]] Column takeRows(const Column &column, std::span<const std::int64_t> rows);

} // namespace freshet::columnar
