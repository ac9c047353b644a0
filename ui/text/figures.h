// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <QString>

#include <chrono>

namespace freshet::ui {

/// Figures as the window writes them: short, with the unit, a space between the two.

/// `1234567` → `1,234,567`.
[[nodiscard]] QString groupedText(std::int64_t value);
/// `1,234,567 rows`, `1 row`.
[[nodiscard]] QString rowsText(RowCount rows);
/// `31.4 MB`: powers of a thousand, three digits.
[[nodiscard]] QString bytesText(ByteCount bytes);
/// `12 ms`, `3.4 s`, `2 min 05 s`, `3 h 07 min`.
[[nodiscard]] QString durationText(std::chrono::microseconds time);
/// A wait that is counted down in whole seconds: `7 s`, `2 min 05 s`; `0 s` only when it is over.
[[nodiscard]] QString waitText(std::chrono::milliseconds time);
/// `850 rows/s`, `412 k rows/s`, `1.9 M rows/s`.
[[nodiscard]] QString rateText(double rowsPerSecond);
/// `850 /s`, `412 k/s`: beside a figure that says what is counted.
[[nodiscard]] QString shortRateText(double rowsPerSecond);

} // namespace freshet::ui
