// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <optional>

namespace freshet::lab {

/// Resident memory of the process, and its highest since `beginPeak`.
struct MemoryFigures
{
    ByteCount now;
    ByteCount peak;
};

/// Set the peak back to what is in use now. Output: false where the system does not let us; the
/// peak then counts from the start of the process.
/// Source: proc(5), /proc/pid/clear_refs, value 5.
bool beginPeak();
/// Nothing where /proc is not there.
[[nodiscard]] std::optional<MemoryFigures> readMemory();

} // namespace freshet::lab
