// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"

#include <filesystem>

namespace freshet::ui {

/// Write all bad rows of a dataset as NDJSON: `line`, `byte_offset`, `code`, `reason` and `raw`, or
/// `raw_base64` where that is not UTF-8. An earlier file stays until the new one is whole.
/// Output: how many. Errors: those of the library and the file. Threads: blocks; any thread.
[[nodiscard]] Result<std::int64_t> exportBadRows(const store::Library &library,
                                                 const std::string &id,
                                                 const std::filesystem::path &path);

} // namespace freshet::ui
