// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/arrow_file.h"
#include "store/catalogue.h"
#include "store/dataset_part.h"

#include <filesystem>
#include <memory>

namespace freshet::store {

/// Writes one Arrow file of a dataset and knows what of it the catalogue has not heard of yet.
/// Threads: one thread at a time.
class PartWriter
{
public:
    [[nodiscard]] static Result<PartWriter> create(const std::filesystem::path &folder, int number,
                                                   bool isTail, columnar::SchemaPtr schema);
    /// Cut a committed part behind its last batch and go on there.
    [[nodiscard]] static Result<PartWriter> resume(const std::filesystem::path &folder,
                                                   const CataloguePart &part);

    [[nodiscard]] int number() const { return m_known.number; }
    [[nodiscard]] const columnar::SchemaPtr &schema() const { return m_known.schema; }
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] ByteCount length() const { return m_writer.length(); }
    [[nodiscard]] const std::vector<ArrowBlock> &blocks() const { return m_writer.blocks(); }

    [[nodiscard]] Status append(const columnar::RecordBatch &batch);
    /// Get what was appended to the disk.
    [[nodiscard]] Status sync();
    /// Write the footer, sync and close.
    [[nodiscard]] Status close();

    /// What the catalogue lacks: length and new blocks. To be called after `sync` or `close`.
    [[nodiscard]] bool hasNews() const;
    [[nodiscard]] CataloguePart news() const;
    void markRecorded();

private:
    PartWriter(ArrowFileWriter writer, std::filesystem::path path, CataloguePart known);

    ArrowFileWriter m_writer;
    std::filesystem::path m_path;
    CataloguePart m_known; ///< as in the catalogue, without blocks
    std::size_t m_recordedBlocks = 0;
    ByteCount m_dataLength; ///< without a footer
    ByteCount m_fileLength; ///< with it; 0 before `close`
    std::optional<std::uint64_t> m_footerChecksum;
    bool m_isDirty = true;
};

} // namespace freshet::store
