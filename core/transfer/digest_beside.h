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

/// Asks a server what the checksum beside a file of its states of that: `URL.sha256`.
/// Threads: `ask` once, on any thread, which it blocks; `retryNow` from any thread.
class DigestQuestion final : private transport::RetryListener
{
public:
    /// Asked as `file` is, and tried again as `options` says; their listener hears of the waits.
    DigestQuestion(const transport::ByteRequest &file,
                   transport::ResumingTransport::Options options);

    /// Errors: those of transports, HttpStatus or FileNotFound where there is none; SyntaxError if
    /// it states no SHA-256 of the file; SizeLimitExceeded; Cancelled.
    [[nodiscard]] Result<transport::StatedDigest> ask(const CancelToken &cancel);
    /// End a wait between two tries.
    void retryNow() { m_transport.retryNow(); }

    /// After `ask`.
    [[nodiscard]] int retries() const { return m_retries; }

private:
    void onRetryPlanned(const transport::RetryNotice &notice) override;
    void onRetryBegan() override;
    void onContinued(const std::string &) override {} // which is not how the file went on

    std::string m_fileName;
    transport::RetryListener *m_listener;
    int m_retries = 0;
    transport::ResumingTransport m_transport;
};

} // namespace freshet::transfer
