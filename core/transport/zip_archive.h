// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace freshet::transport {

/// What a ZIP archive's directory says of one member.
struct ZipMember
{
    std::string name; ///< with its folders, never used as a path
    ByteCount packed;
    ByteCount size; ///< unpacked
    bool isFolder = false;
    bool isEncrypted = false;
};

/// A ZIP archive on this machine, ZIP64 included.
///
/// Source: PKWARE APPNOTE.TXT 6.3, by libzip. Errors: FileNotFound, PermissionDenied, IoError;
/// CodingCorrupt for what is no archive or damaged, CodingTruncated if its directory at the end is
/// not there. Threads: one thread at a time.
class ZipArchive
{
public:
    [[nodiscard]] static Result<ZipArchive> open(const std::filesystem::path &path);
    ZipArchive(ZipArchive &&) noexcept;
    ZipArchive &operator=(ZipArchive &&) noexcept;
    ~ZipArchive();

    [[nodiscard]] const std::vector<ZipMember> &members() const;
    /// Begin to read the member called `name`, the first of them. Errors: InvalidArgument if there
    /// is none; Unsupported if it is encrypted or packed by an unknown method.
    [[nodiscard]] Status openMember(const std::string &name);
    /// The next bytes of the open member, unpacked; 0 at its end, once its checksum has matched.
    /// Errors: CodingCorrupt if it does not, or for data that cannot be unpacked; CodingTruncated;
    /// SizeLimitExceeded for more than the directory says.
    [[nodiscard]] Result<std::size_t> read(std::span<char> into);

private:
    struct Impl;
    explicit ZipArchive(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace freshet::transport
