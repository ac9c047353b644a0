// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace freshet {

namespace {

int flagsFor(File::Mode mode)
{
    switch (mode) {
    case File::Mode::Read:
        return O_RDONLY;
    case File::Mode::ReadWrite:
        return O_RDWR;
    case File::Mode::CreateNew:
        return O_RDWR | O_CREAT | O_EXCL;
    case File::Mode::Truncate:
        return O_RDWR | O_CREAT | O_TRUNC;
    case File::Mode::Append:
        return O_WRONLY | O_CREAT | O_APPEND;
    }
    return O_RDONLY;
}

} // namespace

File::File(int descriptor, std::filesystem::path path)
    : m_descriptor(descriptor), m_path(std::move(path))
{}

Result<File> File::open(const std::filesystem::path &path, Mode mode)
{
    const int descriptor = ::open(path.c_str(), flagsFor(mode) | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return fail(systemError(errno, path.string()));
    return File(descriptor, path);
}

File::File(File &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path))
{}

File &File::operator=(File &&other) noexcept
{
    if (this != &other) {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = std::exchange(other.m_descriptor, -1);
        m_path = std::move(other.m_path);
    }
    return *this;
}

File::~File()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::size_t> File::read(std::span<char> into)
{
    for (;;) {
        const ssize_t n = ::read(m_descriptor, into.data(), into.size());
        if (n >= 0)
            return static_cast<std::size_t>(n);
        if (errno != EINTR)
            return fail(systemError(errno, m_path.string()));
    }
}

Result<std::string> readFile(const std::filesystem::path &path, ByteCount limit)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    std::string text;
    std::vector<char> block(64 << 10);
    while (true) {
        const auto size = file->read(block);
        if (!size)
            return fail(size.error());
        if (*size == 0)
            return text;
        text.append(block.data(), *size);
        if (ByteCount(std::ssize(text)) > limit)
            return fail(ErrorCode::SizeLimitExceeded,
                        path.string() + ": more than " + std::to_string(limit.value()) + " bytes");
    }
}

Status File::readAt(ByteOffset offset, std::span<char> into) const
{
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t n = ::pread(m_descriptor, into.data() + done, into.size() - done,
                                  offset.value() + static_cast<off_t>(done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(systemError(errno, m_path.string()));
        if (n == 0) {
            return fail(Error{.code = ErrorCode::Truncated,
                              .detail = m_path.string() + ": the file ends early",
                              .byteOffset = offset + ByteCount(static_cast<std::int64_t>(done))});
        }
        done += static_cast<std::size_t>(n);
    }
    return {};
}

Status File::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_descriptor, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(systemError(errno, m_path.string()));
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

Status File::writeAt(ByteOffset offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(m_descriptor, bytes.data(), bytes.size(), offset.value());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(systemError(errno, m_path.string()));
        bytes.remove_prefix(static_cast<std::size_t>(n));
        offset += ByteCount(n);
    }
    return {};
}

Status File::seek(ByteOffset offset)
{
    if (::lseek(m_descriptor, offset.value(), SEEK_SET) < 0)
        return fail(systemError(errno, m_path.string()));
    return {};
}

Status File::truncate(ByteOffset length)
{
    if (::ftruncate(m_descriptor, length.value()) != 0)
        return fail(systemError(errno, m_path.string()));
    return {};
}

Result<ByteCount> File::size() const
{
    struct stat info = {};
    if (::fstat(m_descriptor, &info) != 0)
        return fail(systemError(errno, m_path.string()));
    return ByteCount(info.st_size);
}

Status File::syncData()
{
    if (::fdatasync(m_descriptor) != 0)
        return fail(systemError(errno, m_path.string()));
    return {};
}

Status File::sync()
{
    if (::fsync(m_descriptor) != 0)
        return fail(systemError(errno, m_path.string()));
    return {};
}

Status File::close()
{
    if (m_descriptor < 0)
        return {};
    const int descriptor = std::exchange(m_descriptor, -1);
    if (::close(descriptor) != 0)
        return fail(systemError(errno, m_path.string()));
    return {};
}

Status syncFolder(const std::filesystem::path &folder)
{
    const std::filesystem::path path = folder.empty() ? std::filesystem::path(".") : folder;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(systemError(errno, path.string()));
    const int synced = ::fsync(descriptor);
    const int syncError = errno;
    if (::close(descriptor) != 0)
        return fail(systemError(errno, path.string()));
    // Some file systems cannot sync a folder and say EINVAL; their renames are as durable as they
    // get.
    if (synced != 0 && syncError != EINVAL)
        return fail(systemError(syncError, path.string()));
    return {};
}

AtomicFile::AtomicFile(std::filesystem::path target, std::filesystem::path part, File file)
    : m_target(std::move(target)), m_part(std::move(part)), m_file(std::move(file))
{}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path &target)
{
    std::filesystem::path part = target;
    part += ".part";
    auto file = File::open(part, File::Mode::Truncate);
    if (!file) {
        Error error = std::move(file).error();
        // Only its folder can be missing of a file that is to be made.
        if (error.code == ErrorCode::FileNotFound)
            error.detail = "there is no folder " + part.parent_path().string();
        return fail(std::move(error));
    }
    return AtomicFile(target, std::move(part), std::move(*file));
}

AtomicFile::~AtomicFile()
{
    // A committed or moved-from file is closed; only an abandoned one is still open.
    if (m_file.isOpen())
        ::unlink(m_part.c_str());
}

Status AtomicFile::commit()
{
    const auto abandon = [this](Error error) -> Status {
        ::unlink(m_part.c_str());
        return fail(std::move(error));
    };
    if (auto synced = m_file.sync(); !synced)
        return abandon(std::move(synced).error());
    if (auto closed = m_file.close(); !closed)
        return abandon(std::move(closed).error());
    if (::rename(m_part.c_str(), m_target.c_str()) != 0)
        return abandon(systemError(errno, m_target.string()));
    return syncFolder(m_target.parent_path());
}

} // namespace freshet
