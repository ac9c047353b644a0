// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/zip_archive.h"

#include <algorithm>

#include <zip.h>

namespace freshet::transport {

namespace {

struct CloseArchive
{
    void operator()(zip_t *archive) const { zip_discard(archive); } // opened for reading
};
struct CloseMember
{
    void operator()(zip_file_t *member) const { zip_fclose(member); }
};

/// `where` names the archive, and the member if it is about one.
Error zipError(zip_error_t *error, const std::string &where)
{
    const std::string detail = where + ": " + zip_error_strerror(error);
    const auto is = [detail](ErrorCode code) {
        return Error{.code = code, .detail = detail};
    };
    switch (zip_error_code_zip(error)) {
    case ZIP_ER_NOPASSWD:
    case ZIP_ER_WRONGPASSWD:
    case ZIP_ER_ENCRNOTSUPP:
        return {.code = ErrorCode::Unsupported, .detail = where + " is encrypted"};
    case ZIP_ER_COMPNOTSUPP:
    case ZIP_ER_MULTIDISK:
        return is(ErrorCode::Unsupported);
    case ZIP_ER_EOF:
        return is(ErrorCode::CodingTruncated);
    case ZIP_ER_OPEN:
    case ZIP_ER_READ:
    case ZIP_ER_SEEK:
        if (zip_error_code_system(error) != 0)
            return systemError(zip_error_code_system(error), where);
        return is(ErrorCode::IoError);
    case ZIP_ER_NOENT:
        return is(ErrorCode::InvalidArgument);
    default:
        return is(ErrorCode::CodingCorrupt);
    }
}

/// An entry of the directory that promises more than this for each packed byte is a bomb.
constexpr std::int64_t kMostGrowth = 2'000;
constexpr std::int64_t kAlwaysAllowed = 64LL << 20;

} // namespace

struct ZipArchive::Impl
{
    std::string path;
    std::unique_ptr<zip_t, CloseArchive> archive;
    std::unique_ptr<zip_file_t, CloseMember> member; ///< goes before its archive
    std::string memberName;
    std::vector<ZipMember> members;
    std::int64_t left = 0; ///< of the open member, as the directory says

    [[nodiscard]] std::string where() const { return path + '/' + memberName; }
    [[nodiscard]] Status readDirectory();
};

Status ZipArchive::Impl::readDirectory()
{
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t entry;
        zip_stat_init(&entry);
        if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &entry) != 0)
            return fail(zipError(zip_get_error(archive.get()), path));
        ZipMember found{.name = entry.name != nullptr ? entry.name : "",
                        .packed = ByteCount(static_cast<std::int64_t>(entry.comp_size)),
                        .size = ByteCount(static_cast<std::int64_t>(entry.size))};
        found.isFolder = found.name.ends_with('/');
        found.isEncrypted = (entry.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
                            entry.encryption_method != ZIP_EM_NONE;
        members.push_back(std::move(found));
    }
    return {};
}

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ZipArchive::ZipArchive(ZipArchive &&) noexcept = default;
ZipArchive &ZipArchive::operator=(ZipArchive &&) noexcept = default;
ZipArchive::~ZipArchive() = default;

Result<ZipArchive> ZipArchive::open(const std::filesystem::path &path)
{
    auto impl = std::make_unique<Impl>();
    impl->path = path.string();
    int code = 0;
    impl->archive.reset(zip_open(impl->path.c_str(), ZIP_RDONLY, &code));
    if (!impl->archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        Error told = zipError(&error, impl->path);
        zip_error_fini(&error);
        if (code == ZIP_ER_NOZIP)
            told = {.code = ErrorCode::CodingTruncated,
                    .detail = impl->path + ": no directory of a ZIP archive at its end"};
        else if (code == ZIP_ER_NOENT)
            told.code = ErrorCode::FileNotFound;
        return fail(std::move(told));
    }
    FRESHET_TRY(impl->readDirectory());
    return ZipArchive(std::move(impl));
}

const std::vector<ZipMember> &ZipArchive::members() const
{
    return m_impl->members;
}

Status ZipArchive::openMember(const std::string &name)
{
    const auto found = std::ranges::find(m_impl->members, name, &ZipMember::name);
    m_impl->memberName = name;
    if (found == m_impl->members.end())
        return fail(ErrorCode::InvalidArgument, m_impl->path + " has no member " + name);
    if (found->isEncrypted)
        return fail(ErrorCode::Unsupported, m_impl->where() + " is encrypted");
    if (found->size.value() > kAlwaysAllowed &&
        found->size.value() / kMostGrowth > found->packed.value())
        return fail(ErrorCode::SizeLimitExceeded,
                    m_impl->where() + " would grow " +
                        std::to_string(found->size.value() /
                                       std::max<std::int64_t>(found->packed.value(), 1)) +
                        " times");
    m_impl->member.reset(zip_fopen_index(
        m_impl->archive.get(), static_cast<zip_uint64_t>(found - m_impl->members.begin()), 0));
    if (!m_impl->member)
        return fail(zipError(zip_get_error(m_impl->archive.get()), m_impl->where()));
    m_impl->left = found->size.value();
    return {};
}

Result<std::size_t> ZipArchive::read(std::span<char> into)
{
    const zip_int64_t got = zip_fread(m_impl->member.get(), into.data(), into.size());
    if (got < 0)
        return fail(zipError(zip_file_get_error(m_impl->member.get()), m_impl->where()));
    m_impl->left -= got;
    if (m_impl->left < 0)
        return fail(ErrorCode::SizeLimitExceeded,
                    m_impl->where() + " holds more than the archive's directory says");
    if (got == 0 && m_impl->left > 0)
        return fail(ErrorCode::CodingTruncated,
                    m_impl->where() + " holds less than the archive's directory says");
    return static_cast<std::size_t>(got);
}

} // namespace freshet::transport
