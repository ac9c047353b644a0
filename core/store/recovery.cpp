// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/recovery.h"

#include "store/catalogue_text.h"
#include "store/dataset_part.h"

#include <algorithm>
#include <set>
#include <string>

namespace freshet::store {

namespace fs = std::filesystem;

namespace {

/// Write the footer behind the committed batches. Only other programs need it, so a failure (a full
/// disk) is no harm: the file stays as committed and the footer is tried again by the next writer.
void completeFile(File file, CataloguePart &part)
{
    part.fileLength = ByteCount();
    part.footerChecksum.reset();
    auto writer = ArrowFileWriter::resume(std::move(file), part.schema, part.blocks);
    if (!writer)
        return;
    const auto footer = writer->finish();
    if (!footer || !writer->file().syncData() || !writer->file().close())
        return;
    part.fileLength = writer->length();
    part.footerChecksum = *footer;
}

/// Cut a part back to its committed length and end it with a footer. Output: whether that was due.
Result<bool> recoverPart(const fs::path &path, CataloguePart &part)
{
    auto file = File::open(path, File::Mode::ReadWrite);
    if (!file)
        return fail(std::move(file).error());
    const auto size = file->size();
    if (!size)
        return fail(size.error());
    if (*size < part.length) {
        return fail(Error{.code = ErrorCode::LibraryDamaged,
                          .detail = path.string() + ": holds " + std::to_string(size->value()) +
                                    " of " + std::to_string(part.length.value()) + " stored bytes",
                          .byteOffset = ByteOffset(size->value())});
    }
    if (part.fileLength == *size)
        return false;
    FRESHET_TRY(file->truncate(ByteOffset(part.length.value())));
    completeFile(std::move(*file), part);
    return true;
}

/// Delete part files that `parts` does not name: written but never committed, or dropped but not
/// deleted. What cannot be deleted does no harm.
void deleteOrphans(const fs::path &folder, const std::vector<CataloguePart> &parts)
{
    std::set<std::string> known;
    for (const CataloguePart &part : parts)
        known.insert(partFileName(part.number, part.isTail));
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::error_code ignored;
        if (isPartFileName(name) && !known.contains(name))
            fs::remove(entry->path(), ignored);
    }
}

Status recoverParts(const LibraryCore &core, const CatalogueEntry &entry, CatalogueChange &change)
{
    const fs::path folder = core.folderOf(entry.record.id);
    auto contents = core.catalogue->contents(entry.record.id);
    if (!contents)
        return fail(std::move(contents).error());
    for (CataloguePart &part : contents->parts) {
        const auto isChanged = recoverPart(folder / partFileName(part.number, part.isTail), part);
        if (!isChanged)
            return fail(isChanged.error());
        if (!*isChanged)
            continue;
        CataloguePart changed = part;
        changed.blocks.clear(); // the catalogue has them all
        change.parts.push_back(std::move(changed));
    }
    deleteOrphans(folder, contents->parts);
    return {};
}

/// Folders of datasets that the catalogue does not know, left by a crash while one was made or
/// removed.
void deleteUnknownFolders(const LibraryCore &core, const std::vector<CatalogueEntry> &entries)
{
    std::set<std::string> known;
    for (const CatalogueEntry &entry : entries)
        known.insert(entry.record.id);
    std::error_code error;
    for (fs::directory_iterator entry(core.datasetsFolder(), error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string id = entry->path().filename().string();
        std::error_code ignored;
        // Only what we made: a folder with a lock file that nobody holds.
        if (known.contains(id) || !fs::exists(entry->path() / "lock", ignored))
            continue;
        if (const auto lock = core.lockDataset(id))
            fs::remove_all(entry->path(), ignored);
    }
}

Status finishRemovals(const LibraryCore &core)
{
    const auto ids = core.catalogue->removed();
    if (!ids)
        return fail(ids.error());
    for (const std::string &id : *ids) {
        std::error_code error;
        fs::remove_all(core.folderOf(id), error);
        if (!error)
            FRESHET_TRY(core.catalogue->erase(id));
    }
    return {};
}

} // namespace

FinalState abandonedState(const DatasetRecord &record)
{
    FinalState final{.state = "Incomplete",
                     .verdict = "incomplete",
                     .evidence = record.evidence,
                     .resumePoint = record.resumePoint,
                     .error = record.error,
                     .facts = record.facts,
                     .wireBytes = record.wireBytes,
                     .decodedBytes = record.decodedBytes,
                     .isReconciled = false};
    std::string sentence = "the program ended before the download did; " +
                           grouped(record.rows.value()) + " rows are kept";
    if (record.unmergedRows.value() > 0)
        sentence += ", and " + unmergedText(record.unmergedRows);
    final.evidence.insert(final.evidence.begin(), std::move(sentence));
    return final;
}

std::string unmergedText(RowCount rows)
{
    return grouped(rows.value()) + " more came that are still to be compared by key: they are left "
                                   "out until a resume has done that";
}

void showAbandoned(const LibraryCore &core, CatalogueEntry &entry)
{
    if (!entry.isWriting)
        return;
    const auto lock = core.keepWritersOut(entry.record.id);
    if (!lock && lock.error().code != ErrorCode::FileNotFound)
        return;
    FinalState final = abandonedState(entry.record);
    entry.record.state = std::move(final.state);
    entry.record.verdict = std::move(final.verdict);
    entry.record.evidence = std::move(final.evidence);
}

Status recoverDataset(const LibraryCore &core, const CatalogueEntry &entry)
{
    CatalogueChange change{.id = entry.record.id};
    auto recovered = recoverParts(core, entry, change);
    if (entry.isWriting)
        change.final = abandonedState(entry.record);
    if (!recovered) {
        change.parts.clear();
        change.error = recovered.error().toString();
    }
    if (!change.parts.empty() || change.final || change.error) {
        const auto applied = core.catalogue->apply(change);
        if (!applied)
            return fail(applied.error());
    }
    return recovered;
}

Status tidyLibrary(const LibraryCore &core)
{
    const auto libraryLock = core.lockLibrary();
    if (!libraryLock)
        return fail(libraryLock.error());
    FRESHET_TRY(finishRemovals(core));
    const auto entries = core.catalogue->list();
    if (!entries)
        return fail(entries.error());
    deleteUnknownFolders(core, *entries);
    for (const CatalogueEntry &entry : *entries) {
        if (!entry.isWriting)
            continue;
        const auto lock = core.lockDataset(entry.record.id);
        const bool isGone = !lock && lock.error().code == ErrorCode::FileNotFound;
        if (!lock && !isGone)
            continue;
        if (isGone && entry.record.rows + entry.record.unmergedRows == RowCount(0)) {
            // Its maker died between the catalogue and the folder.
            FRESHET_TRY(core.catalogue->erase(entry.record.id));
            continue;
        }
        // The dataset keeps the error that this may end in; the library opens all the same.
        static_cast<void>(recoverDataset(core, entry));
    }
    return {};
}

} // namespace freshet::store
