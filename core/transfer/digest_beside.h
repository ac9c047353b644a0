// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"

#include <filesystem>
#include <optional>
#include <string>

namespace freshet::transfer {

/// Whether a checksum lies beside a local file: `FILE.sha256` and so on, as below.
[[nodiscard]] bool hasDigestBeside(const std::filesystem::path &path);

/// Hold a local file to the checksum that lies beside it as `FILE.sha256`, `FILE.sha512`,
/// `FILE.sha1` or `FILE.md5`. Output: the sentence that proves it; nothing if there is none beside.
/// Errors: CodingCorrupt if the file is another; SyntaxError for a checksum file that does not name
/// it; IoError …; Cancelled. Threads: blocks while the file is read.
[[nodiscard]] Result<std::optional<std::string>> checkBeside(const std::filesystem::path &path,
                                                             const CancelToken &cancel);

} // namespace freshet::transfer
