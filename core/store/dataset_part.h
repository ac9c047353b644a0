// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/arrow_block_reader.h"
#include "store/catalogue.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace freshet::store {

/// The name of a part's file within its dataset's folder.
[[nodiscard]] std::string partFileName(int number, bool isTail);
/// Whether `name` is one that `partFileName` makes.
[[nodiscard]] bool isPartFileName(std::string_view name);

/// One Arrow file of a dataset, as readers see it; opened when it is first read, then kept open, so
/// that it stays readable when the name is gone.
///
/// Threads: thread-safe. Lifetime: shared by the snapshots that hold rows of it.
class DatasetPart
{
public:
    DatasetPart(std::filesystem::path path, columnar::SchemaPtr schema);

    [[nodiscard]] std::uint64_t identity() const { return m_identity; }
    [[nodiscard]] const columnar::SchemaPtr &schema() const { return m_schema; }
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

    /// Errors: FileNotFound …; LibraryDamaged if the file has another schema than the catalogue.
    [[nodiscard]] Status open() const;
    [[nodiscard]] Result<columnar::Column> column(const ArrowBlock &block, int column) const;

private:
    [[nodiscard]] Result<const ArrowBlockReader *> reader() const;

    const std::filesystem::path m_path;
    const columnar::SchemaPtr m_schema;
    const std::uint64_t m_identity;
    mutable std::mutex m_opening;
    mutable std::unique_ptr<ArrowBlockReader> m_reader;
};

} // namespace freshet::store
