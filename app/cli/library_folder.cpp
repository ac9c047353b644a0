// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/library_folder.h"

#include <cstdlib>

namespace freshet::cli {

Result<std::filesystem::path> libraryFolder(const Arguments &arguments)
{
    if (const auto given = arguments.value("library")) {
        if (given->empty())
            return fail(ErrorCode::InvalidArgument, "--library needs the path of a folder");
        return std::filesystem::path(*given);
    }
    // The XDG specification wants relative paths ignored.
    const char *data = std::getenv("XDG_DATA_HOME");
    if (data != nullptr && data[0] == '/')
        return std::filesystem::path(data) / "freshet";
    const char *home = std::getenv("HOME");
    if (home != nullptr && home[0] != '\0')
        return std::filesystem::path(home) / ".local" / "share" / "freshet";
    return fail(ErrorCode::InvalidArgument, "HOME is not set; say where with --library DIR");
}

Result<std::shared_ptr<store::Library>> openLibrary(const Arguments &arguments)
{
    const auto folder = libraryFolder(arguments);
    if (!folder)
        return fail(folder.error());
    return store::Library::open(*folder);
}

bool isLibraryMissing(const Arguments &arguments)
{
    std::error_code problem;
    const auto given = arguments.value("library");
    return given && !given->empty() && !std::filesystem::exists(*given, problem) && !problem;
}

Result<std::shared_ptr<store::Library>> openKeptLibrary(const Arguments &arguments)
{
    if (isLibraryMissing(arguments))
        return fail(ErrorCode::DatasetNotFound,
                    *arguments.value("library") + ": there is no library");
    return openLibrary(arguments);
}

Result<NamedDataset> findDataset(const Arguments &arguments, const std::string &idOrName)
{
    auto library = openKeptLibrary(arguments);
    if (!library)
        return fail(std::move(library).error());
    auto record = (*library)->find(idOrName);
    if (!record)
        return fail(std::move(record).error());
    return NamedDataset{std::move(*library), std::move(*record)};
}

Result<OpenedDataset> openDataset(const Arguments &arguments, const std::string &idOrName)
{
    auto named = findDataset(arguments, idOrName);
    if (!named)
        return fail(std::move(named).error());
    auto dataset = named->library->dataset(named->record.id);
    if (!dataset)
        return fail(std::move(dataset).error());
    return OpenedDataset{std::move(named->library), std::move(named->record), std::move(*dataset)};
}

} // namespace freshet::cli
