// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transport {

/// A file in remote storage.
struct RemoteFile
{
    std::string url;
    std::optional<ByteCount> size;

    bool operator==(const RemoteFile &) const = default;
};

/// Whether an s3:// or sftp:// URL means several files: it ends in a slash (a folder, a prefix), or
/// has `*`, `?` or `[…]` in its path; over SFTP in the last part of it only.
[[nodiscard]] bool namesSeveralFiles(std::string_view url);

/// The files that `request.url` means, in the order of their names: those of an S3 prefix with all
/// below it, page by page; those in a folder of an SSH server.
/// Errors: FileNotFound if there are none; ProtocolViolation for a listing that cannot be read;
/// those of transports. Source: ListObjectsV2 of the Amazon S3 API; the long names of
/// draft-ietf-secsh-filexfer-02 §7 as OpenSSH writes them. Threads: blocks.
[[nodiscard]] Result<std::vector<RemoteFile>> listRemoteFiles(const ByteRequest &request,
                                                              const CancelToken &cancel);

/// One page of an S3 listing: the objects, and the token behind which it goes on (empty: the end).
struct S3Page
{
    std::vector<std::pair<std::string, ByteCount>> objects; ///< keys and sizes
    std::string next;
};
/// Errors: ProtocolViolation.
[[nodiscard]] Result<S3Page> readS3Page(std::string_view xml);

/// The names of regular files in a folder's listing as OpenSSH sends it, with their sizes.
[[nodiscard]] std::vector<std::pair<std::string, ByteCount>>
readLongNames(std::string_view listing);

} // namespace freshet::transport
