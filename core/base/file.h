// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace freshet {

/// An open file descriptor that closes itself. Closing by hand reports what `close(2)` said.
///
/// Threads: one thread at a time, except `readAt`, which any number of threads may call.
class File
{
public:
    enum class Mode { Read, ReadWrite, CreateNew, Truncate, Append };

    [[nodiscard]] static Result<File> open(const std::filesystem::path &path, Mode mode);

    File() = default;
    File(File &&other) noexcept;
    File &operator=(File &&other) noexcept;
    File(const File &) = delete;
    File &operator=(const File &) = delete;
    ~File();

    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

    /// Read up to `into.size()` bytes at the file position; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(std::span<char> into);
    /// Read exactly `into.size()` bytes at `offset`; ErrorCode::Truncated if the file ends before.
    [[nodiscard]] Status readAt(ByteOffset offset, std::span<char> into) const;
    /// Write all of `bytes` at the file position.
    [[nodiscard]] Status write(std::string_view bytes);
    [[nodiscard]] Status writeAt(ByteOffset offset, std::string_view bytes);
    [[nodiscard]] Status seek(ByteOffset offset);
    [[nodiscard]] Status truncate(ByteOffset length);
    [[nodiscard]] Result<ByteCount> size() const;
    /// fdatasync(2): the bytes and the length are on the disk.
    [[nodiscard]] Status syncData();
    /// fsync(2).
    [[nodiscard]] Status sync();
    [[nodiscard]] Status close();

private:
    File(int descriptor, std::filesystem::path path);

    int m_descriptor = -1;
    std::filesystem::path m_path;
};

/// All bytes of a small file, or of a pipe up to its end. Errors: SizeLimitExceeded if there are
/// more than `limit`; those of opening and reading.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path &path, ByteCount limit);

/// fsync(2) on a folder, so that a new or renamed entry survives a power cut.
[[nodiscard]] Status syncFolder(const std::filesystem::path &folder);

/// Writes `TARGET.part`, then takes the target's place in one step. Without `commit()` the part
/// file is removed and an earlier target stays as it was.
///
/// Threads: one thread at a time.
class AtomicFile
{
public:
    [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path &target);

    AtomicFile(AtomicFile &&) noexcept = default;
    AtomicFile &operator=(AtomicFile &&) noexcept = default;
    ~AtomicFile();

    [[nodiscard]] const std::filesystem::path &partPath() const { return m_part; }
    [[nodiscard]] File &file() { return m_file; }
    [[nodiscard]] Status write(std::string_view bytes) { return m_file.write(bytes); }
    /// Sync, close, rename, sync the folder.
    [[nodiscard]] Status commit();

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path part, File file);

    std::filesystem::path m_target;
    std::filesystem::path m_part;
    File m_file;
};

} // namespace freshet
