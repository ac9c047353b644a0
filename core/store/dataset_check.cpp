// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/dataset_check.h"

#include "base/file.h"
#include "store/arrow_file.h"
#include "store/arrow_message.h"
#include "store/catalogue_text.h"
#include "store/checksum.h"
#include "store/dataset_part.h"
#include "store/library_core.h"
#include "store/recovery.h"

#include <algorithm>
#include <utility>

namespace freshet::store {

namespace {

namespace fs = std::filesystem;

/// One check under way.
class Check
{
public:
    Check(fs::path folder, bool mayBeLonger, DatasetCheck &result, const CancelToken &cancel,
          const CheckProgress &progress)
        : m_folder(std::move(folder)),
          m_mayBeLonger(mayBeLonger),
          m_result(result),
          m_cancel(cancel),
          m_progress(progress)
    {}

    /// Errors: Cancelled only.
    Status part(const CataloguePart &part);
    void compareFigures();

private:
    bool hasItsLength(const CataloguePart &part, const File &file);
    void compareHead(const CataloguePart &part, const File &file);
    void compareFooter(const CataloguePart &part, const File &file);
    void readBatch(const DatasetPart &part, const CataloguePart &known, std::size_t index,
                   const File &file);
    Status compareChecksum(const File &file, ByteOffset from, ByteCount length,
                           std::uint64_t expected, const char *what);
    void note(Error error);
    void note(const fs::path &path, const std::string &what);

    const fs::path m_folder;
    const bool m_mayBeLonger;
    DatasetCheck &m_result;
    const CancelToken &m_cancel;
    const CheckProgress &m_progress;
    std::string m_block; ///< room for what is read
};

void Check::note(Error error)
{
    if (m_result.damage.size() < DatasetCheck::kMaxDamage)
        m_result.damage.push_back(std::move(error));
}

void Check::note(const fs::path &path, const std::string &what)
{
    note(Error{.code = ErrorCode::LibraryDamaged, .detail = path.string() + ": " + what});
}

Status Check::part(const CataloguePart &part)
{
    const fs::path path = m_folder / partFileName(part.number, part.isTail);
    ++m_result.parts;
    const auto file = File::open(path, File::Mode::Read);
    if (!file) {
        note(file.error());
        return {};
    }
    if (!hasItsLength(part, *file))
        return {};
    compareHead(part, *file);
    const DatasetPart reader(path, part.schema);
    if (auto opened = reader.open(); !opened) {
        note(std::move(opened).error());
        return {};
    }
    m_result.bytes += part.length;
    for (std::size_t i = 0; i < part.blocks.size(); ++i) {
        if (m_cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "the check was cancelled");
        readBatch(reader, part, i, *file);
        if (m_progress)
            m_progress(m_result.rows, m_result.record.rows + m_result.record.unmergedRows);
    }
    compareFooter(part, *file);
    return {};
}

bool Check::hasItsLength(const CataloguePart &part, const File &file)
{
    const auto size = file.size();
    if (!size) {
        note(size.error());
        return false;
    }
    const ByteCount wanted = std::max(part.length, part.fileLength);
    if (*size == wanted || (m_mayBeLonger && *size > wanted))
        return true;
    note(file.path(), "the file has " + grouped(size->value()) + " bytes, and " +
                          grouped(wanted.value()) + " were committed");
    return *size > wanted;
}

/// The catalogue holds the schema message as it was written.
void Check::compareHead(const CataloguePart &part, const File &file)
{
    std::string expected(kArrowMagic);
    expected.resize(kFirstMessage, '\0');
    expected += part.schemaMessage;
    std::string head(expected.size(), '\0');
    if (const auto read = file.readAt(ByteOffset(), head); !read)
        return note(read.error());
    const auto differs = std::ranges::mismatch(head, expected);
    if (differs.in1 == head.end())
        return;
    note(Error{.code = ErrorCode::LibraryDamaged,
               .detail = file.path().string() + ": the schema differs from the catalogue's",
               .byteOffset = ByteOffset(differs.in1 - head.begin())});
}

Status Check::compareChecksum(const File &file, ByteOffset from, ByteCount length,
                              std::uint64_t expected, const char *what)
{
    constexpr std::int64_t kAtOnce = 1 << 20;
    Checksum checksum;
    for (std::int64_t done = 0; done < length.value();) {
        m_block.resize(static_cast<std::size_t>(std::min(kAtOnce, length.value() - done)));
        FRESHET_TRY(file.readAt(from + ByteCount(done), m_block));
        checksum.append(m_block);
        done += std::ssize(m_block);
    }
    if (checksum.value() == expected)
        return {};
    return fail(Error{.code = ErrorCode::LibraryDamaged,
                      .detail = file.path().string() + ": " + what +
                                " has changed since it was written (its checksum differs)",
                      .byteOffset = from});
}

void Check::readBatch(const DatasetPart &part, const CataloguePart &known, std::size_t index,
                      const File &file)
{
    const ArrowBlock &block = known.blocks[index];
    ++m_result.batches;
    for (int column = 0; column < known.schema->columnCount(); ++column) {
        // One word on a batch is enough: its rows cannot be read.
        if (auto read = part.column(block, column); !read) {
            note(std::move(read).error());
            return;
        }
    }
    if (block.checksum) {
        const ByteCount length = ByteCount(block.metadataLength) + block.bodyLength;
        if (auto same = compareChecksum(file, block.offset, length, *block.checksum, "a batch");
            !same) {
            note(std::move(same).error());
            return;
        }
    } else {
        ++m_result.batchesWithoutChecksum;
    }
    m_result.rows += block.rows;
    if (const auto deleted = known.deleted.find(index); deleted != known.deleted.end()) {
        m_result.rows -= deleted->second->count();
        m_result.superseded += deleted->second->count();
    }
}

/// By the footer other programs find the batches.
void Check::compareFooter(const CataloguePart &part, const File &file)
{
    if (part.fileLength == ByteCount())
        return;
    if (part.footerChecksum) {
        if (auto same =
                compareChecksum(file, ByteOffset(part.length.value()),
                                part.fileLength - part.length, *part.footerChecksum, "the footer");
            !same)
            return note(std::move(same).error());
    }
    const auto reader = ArrowFileReader::open(file.path());
    if (!reader) {
        note(reader.error());
        return;
    }
    const auto &blocks = (*reader)->blocks();
    bool isSame = blocks.size() == part.blocks.size();
    for (std::size_t i = 0; isSame && i < blocks.size(); ++i)
        isSame = blocks[i].offset == part.blocks[i].offset && blocks[i].rows == part.blocks[i].rows;
    if (!isSame)
        note(file.path(), "the footer lists other batches than the catalogue");
}

void Check::compareFigures()
{
    const DatasetRecord &record = m_result.record;
    // Batches that cannot be read are named already, and of course their rows are missing.
    const RowCount expected = record.rows + record.unmergedRows;
    if (m_result.damage.empty() && m_result.rows != expected)
        note(m_folder, "the parts hold " + grouped(m_result.rows.value()) +
                           " rows, and the catalogue says " + grouped(expected.value()));
    if (m_result.rejects != record.rejected.value())
        note(m_folder, grouped(m_result.rejects) + " bad rows are kept, and the catalogue says " +
                           grouped(record.rejected.value()));
}

} // namespace

Result<DatasetCheck> checkDataset(const LibraryCore &core, const std::string &idOrName,
                                  const CancelToken &cancel, const CheckProgress &progress)
{
    const auto found = core.catalogue->find(idOrName);
    if (!found)
        return fail(found.error());
    const std::string &id = found->record.id;
    const auto lock = core.keepWritersOut(id);
    if (!lock && lock.error().code != ErrorCode::FileNotFound)
        return fail(lock.error());
    // Read again: only now nobody changes it.
    auto entry = core.catalogue->find(id);
    if (!entry)
        return fail(std::move(entry).error());
    // In a library that is not to be changed, what a crash left behind the last commit stays.
    const bool mayBeLonger = core.isReadOnly && entry->isWriting;
    if (core.isReadOnly)
        showAbandoned(core, *entry);
    DatasetCheck result{.record = std::move(entry->record)};
    const auto rejects = core.catalogue->rejectCount(id);
    if (!rejects)
        return fail(rejects.error());
    result.rejects = *rejects;

    Check check(core.folderOf(id), mayBeLonger, result, cancel, progress);
    if (const auto contents = core.catalogue->contents(id)) {
        for (const CataloguePart &part : contents->parts)
            FRESHET_TRY(check.part(part));
    } else {
        result.damage.push_back(contents.error());
    }
    check.compareFigures();
    return result;
}

} // namespace freshet::store
