// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "store/library.h"

#include <filesystem>
#include <memory>

namespace freshet::cli {

/// `--library`, else `$XDG_DATA_HOME/freshet`, else `~/.local/share/freshet`.
/// Errors: InvalidArgument if neither is there.
[[nodiscard]] Result<std::filesystem::path> libraryFolder(const Arguments &arguments);
/// Makes it where there is none.
[[nodiscard]] Result<std::shared_ptr<store::Library>> openLibrary(const Arguments &arguments);
/// Whether `--library` names a folder that is not there.
[[nodiscard]] bool isLibraryMissing(const Arguments &arguments);
/// For commands that look for a dataset and make no library. Errors: DatasetNotFound if it is
/// missing.
[[nodiscard]] Result<std::shared_ptr<store::Library>> openKeptLibrary(const Arguments &arguments);

/// The dataset that the user named, with its library kept open.
struct NamedDataset
{
    std::shared_ptr<store::Library> library;
    store::DatasetRecord record;
};
[[nodiscard]] Result<NamedDataset> findDataset(const Arguments &arguments,
                                               const std::string &idOrName);

/// The same with its rows.
struct OpenedDataset
{
    std::shared_ptr<store::Library> library;
    store::DatasetRecord record;
    std::shared_ptr<store::Dataset> dataset;
};
[[nodiscard]] Result<OpenedDataset> openDataset(const Arguments &arguments,
                                                const std::string &idOrName);

} // namespace freshet::cli
