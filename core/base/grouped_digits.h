// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace freshet {

/// `1,000,000`, as figures stand in sentences.
[[nodiscard]] std::string groupedDigits(std::int64_t value);

} // namespace freshet
