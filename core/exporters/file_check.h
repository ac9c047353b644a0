// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "exporters/manifest.h"

#include <functional>
#include <string>
#include <vector>

namespace freshet::exporters {

/// What reading an exported or downloaded file again found.
struct FileCheck
{
    Manifest manifest;
    ByteCount bytes;              ///< of the file as it is
    std::string sha256;           ///< hexadecimal
    std::optional<RowCount> rows; ///< counted; unset where the file cannot be opened as its format
    /// What agrees with the manifest, and what does not, in sentences with figures.
    std::vector<std::string> agreements;
    std::vector<std::string> differences;
};

/// Read `file` and hold it to the manifest beside it: its size, its SHA-256, and as the format that
/// the manifest names, its rows. The rows are counted by reading the file anew, not by the writer.
/// `progress` is called on this thread. Errors: FileNotFound (the file, or the manifest without
/// which there is nothing to compare), SyntaxError for a manifest that is none, Cancelled, IoError.
/// Threads: blocks; any thread.
[[nodiscard]] Result<FileCheck>
checkFile(const std::filesystem::path &file, const CancelToken &cancel,
          const std::function<void(ByteCount done, ByteCount total)> &progress = {});

} // namespace freshet::exporters
