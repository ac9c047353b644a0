// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/error.h"
#include "transport/resuming_transport.h"
#include "transport/stated_digest.h"

#include <filesystem>
#include <optional>
#include <string>

namespace freshet::transfer {

/// Whether a file is a checksum of another by its name: `FILE.sha256` and so on, as below.
[[nodiscard]] bool isDigestFile(const std::filesystem::path &name);
/// Whether a checksum lies beside a local file.
[[nodiscard]] bool hasDigestBeside(const std::filesystem::path &path);

/// What the checksum beside a local file states of it: `FILE.sha256`, `FILE.sha512`, `FILE.sha1` or
/// `FILE.md5`, the first that is there; nothing if there is none.
/// Errors: SyntaxError for a checksum file that does not name it; IoError …
[[nodiscard]] Result<std::optional<transport::StatedDigest>>
digestBeside(const std::filesystem::path &path);

/// Hold a local file to it. Output: the sentence that proves it.
/// Errors: CodingCorrupt if the file is another; IoError …; Cancelled. Threads: blocks while the
/// file is read.
[[nodiscard]] Result<std::string> holdTo(const transport::StatedDigest &stated,
                                         const std::filesystem::path &path,
                                         const CancelToken &cancel);

/// `URL` with `.sha256` behind its path.
[[nodiscard]] std::string checksumUrl(const std::string &url);
/// What the checksum beside a remote file states of it: that of `URL.sha256`, asked for as
/// `file` is and tried again as `options` says.
/// Errors: those of transports, HttpStatus or FileNotFound where there is none; SyntaxError if it
/// states no SHA-256 of the file; SizeLimitExceeded. Threads: blocks.
[[nodiscard]] Result<transport::StatedDigest>
askDigestBeside(const transport::ByteRequest &file, transport::ResumingTransport::Options options,
                const CancelToken &cancel);

} // namespace freshet::transfer
