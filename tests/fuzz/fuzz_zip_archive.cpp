// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes opened as a ZIP archive: what its members give is bounded by its directory.
#include "memory_file.h"

#include "transport/zip_archive.h"

#include <array>
#include <cstdlib>

namespace {

using namespace freshet;

void readMember(transport::ZipArchive &archive, const transport::ZipMember &member)
{
    constexpr std::int64_t kMostBytes = 1 << 20;
    if (!archive.openMember(member.name))
        return;
    std::array<char, 4096> buffer{};
    std::int64_t total = 0;
    while (total < kMostBytes) {
        const auto got = archive.read(buffer);
        if (!got || *got == 0)
            return;
        if (*got > buffer.size())
            std::abort();
        total += static_cast<std::int64_t>(*got);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const freshet::fuzz::MemoryFile file({reinterpret_cast<const char *>(data), size});
    auto archive = transport::ZipArchive::open(file.path());
    if (!archive)
        return 0;
    const auto members = archive->members();
    for (const transport::ZipMember &member : members)
        readMember(*archive, member);
    return 0;
}
