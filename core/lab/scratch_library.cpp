// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/scratch_library.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace freshet::lab {

Result<std::unique_ptr<ScratchLibrary>> ScratchLibrary::create(const std::filesystem::path &parent)
{
    std::error_code problem;
    std::filesystem::path where = parent;
    if (where.empty())
        where = std::filesystem::temp_directory_path(problem);
    else
        std::filesystem::create_directories(where, problem);
    if (problem)
        return fail(systemError(problem.value(), where.string()));
    std::string pattern = (where / "scratch-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        return fail(systemError(errno, pattern));
    std::unique_ptr<ScratchLibrary> scratch(new ScratchLibrary(pattern));
    auto library = store::Library::open(pattern);
    if (!library)
        return fail(std::move(library).error());
    scratch->m_library = std::move(*library);
    return scratch;
}

ScratchLibrary::~ScratchLibrary()
{
    m_library.reset();
    std::error_code ignored; // nothing in it is of any worth
    std::filesystem::remove_all(m_folder, ignored);
}

} // namespace freshet::lab
