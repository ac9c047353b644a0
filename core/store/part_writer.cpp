// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/part_writer.h"

#include <fcntl.h>

namespace freshet::store {

namespace {

/// Start writing back what lies in the page cache, so that the sync at the next commit finds little
/// left to do. A hint: whether it works does not matter.
void beginWriteBack(const File &file, ByteOffset from, ByteCount length)
{
#ifdef SYNC_FILE_RANGE_WRITE
    constexpr ByteCount kWorthHinting = 1_MiB;
    if (length >= kWorthHinting) {
        static_cast<void>(::sync_file_range(file.descriptor(), from.value(), length.value(),
                                            SYNC_FILE_RANGE_WRITE));
    }
#else
    static_cast<void>(file);
    static_cast<void>(from);
    static_cast<void>(length);
#endif
}

} // namespace

PartWriter::PartWriter(ArrowFileWriter writer, std::filesystem::path path, CataloguePart known)
    : m_writer(std::move(writer)),
      m_path(std::move(path)),
      m_known(std::move(known)),
      m_recordedBlocks(m_writer.blocks().size()),
      m_dataLength(m_writer.length())
{}

Result<PartWriter> PartWriter::create(const std::filesystem::path &folder, int number, bool isTail,
                                      columnar::SchemaPtr schema)
{
    auto path = folder / partFileName(number, isTail);
    auto file = File::open(path, File::Mode::Truncate);
    if (!file)
        return fail(std::move(file).error());
    auto writer = ArrowFileWriter::create(std::move(*file), schema);
    if (!writer)
        return fail(std::move(writer).error());
    return PartWriter(std::move(*writer), std::move(path),
                      {.number = number, .isTail = isTail, .schema = std::move(schema)});
}

Result<PartWriter> PartWriter::resume(const std::filesystem::path &folder,
                                      const CataloguePart &part)
{
    auto path = folder / partFileName(part.number, part.isTail);
    auto file = File::open(path, File::Mode::ReadWrite);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(file->truncate(ByteOffset(part.length.value())));
    auto writer = ArrowFileWriter::resume(std::move(*file), part.schema, part.blocks);
    if (!writer)
        return fail(std::move(writer).error());
    CataloguePart known = part;
    known.blocks.clear();
    return PartWriter(std::move(*writer), std::move(path), std::move(known));
}

Status PartWriter::append(const columnar::RecordBatch &batch)
{
    FRESHET_TRY(m_writer.append(batch));
    m_isDirty = true;
    beginWriteBack(m_writer.file(), ByteOffset(m_dataLength.value()),
                   m_writer.length() - m_dataLength);
    m_dataLength = m_writer.length();
    return {};
}

Status PartWriter::sync()
{
    if (!m_isDirty)
        return {};
    FRESHET_TRY(m_writer.file().syncData());
    m_isDirty = false;
    return {};
}

Status PartWriter::close()
{
    const auto footer = m_writer.finish();
    if (!footer)
        return fail(footer.error());
    m_footerChecksum = *footer;
    FRESHET_TRY(m_writer.file().syncData());
    FRESHET_TRY(m_writer.file().close());
    m_fileLength = m_writer.length();
    m_isDirty = false;
    return {};
}

bool PartWriter::hasNews() const
{
    return !m_writer.blocks().empty() &&
           (m_writer.blocks().size() != m_recordedBlocks || m_fileLength != m_known.fileLength);
}

CataloguePart PartWriter::news() const
{
    CataloguePart part = m_known;
    part.length = m_dataLength;
    part.fileLength = m_fileLength;
    part.footerChecksum = m_footerChecksum;
    part.blocks.assign(m_writer.blocks().begin() + static_cast<std::ptrdiff_t>(m_recordedBlocks),
                       m_writer.blocks().end());
    return part;
}

void PartWriter::markRecorded()
{
    m_recordedBlocks = m_writer.blocks().size();
    m_known.length = m_dataLength;
    m_known.fileLength = m_fileLength;
}

} // namespace freshet::store
