// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"

#include <filesystem>
#include <memory>

namespace freshet::lab {

/// A library of its own for the rows of a lab session.
///
/// Threads: one thread at a time. Lifetime: the destructor removes the folder.
class ScratchLibrary
{
public:
    /// In `parent`, so that the rows go to the same disk as real ones; if it is empty, in the
    /// system's folder for temporary files. Errors: those of the file system and of the library.
    [[nodiscard]] static Result<std::unique_ptr<ScratchLibrary>>
    create(const std::filesystem::path &parent);
    ~ScratchLibrary();
    ScratchLibrary(const ScratchLibrary &) = delete;
    ScratchLibrary &operator=(const ScratchLibrary &) = delete;

    [[nodiscard]] const std::shared_ptr<store::Library> &library() const { return m_library; }

private:
    explicit ScratchLibrary(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    std::filesystem::path m_folder;
    std::shared_ptr<store::Library> m_library;
};

} // namespace freshet::lab
