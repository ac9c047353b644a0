// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet::transfer {

/// The order in which people number files: `part-2` before `part-10`, for runs of digits count as
/// numbers. Names that differ in leading zeros only are ordered by their length.
[[nodiscard]] bool comesBefore(std::string_view a, std::string_view b);

} // namespace freshet::transfer
