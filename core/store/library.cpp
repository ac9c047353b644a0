// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/library.h"

#include "store/dataset_check.h"
#include "store/dataset_impl.h"
#include "store/dataset_writer_impl.h"
#include "store/recovery.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <iterator>
#include <mutex>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace freshet::store {

namespace fs = std::filesystem;

namespace {

std::string newId()
{
    char text[32];
    const auto number = static_cast<unsigned long long>(QRandomGenerator::system()->generate64());
    const int length = std::snprintf(text, sizeof text, "%016llx", number);
    return std::string(text, static_cast<std::size_t>(length));
}

Status createFolder(const fs::path &folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return fail(systemError(error.value(), folder.string()));
    return {};
}

/// Whether `path` is there, but not for this process to write.
bool mayOnlyBeRead(const fs::path &path)
{
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 &&
           (errno == EROFS || errno == EACCES || errno == EPERM);
}

} // namespace

struct Library::Impl
{
    std::shared_ptr<LibraryCore> core;
    std::mutex mutex;
    std::unordered_map<std::string, std::weak_ptr<Dataset>> datasets;

    /// The one handle of this process for dataset `id`, made if there is none; a new one shows
    /// nothing yet.
    [[nodiscard]] std::shared_ptr<Dataset> handle(const std::string &id)
    {
        const std::lock_guard lock(mutex);
        auto &known = datasets[id];
        auto dataset = known.lock();
        if (!dataset) {
            auto impl = std::make_unique<Dataset::Impl>();
            impl->id = id;
            impl->state = std::make_shared<const DatasetState>();
            dataset = std::shared_ptr<Dataset>(new Dataset(std::move(impl)));
            known = dataset;
        }
        return dataset;
    }

    /// If the dataset's writer died since the library was opened, recover it. Output: the entry
    /// afterwards.
    [[nodiscard]] Result<CatalogueEntry> recovered(CatalogueEntry entry) const;
    /// With unmerged rows. Output: also the revision that it is of.
    [[nodiscard]] Result<std::pair<DatasetState, std::int64_t>> load(const std::string &id) const;
    [[nodiscard]] Result<std::unique_ptr<DatasetWriter>> makeWriter(const std::string &id) const;
};

Result<CatalogueEntry> Library::Impl::recovered(CatalogueEntry entry) const
{
    if (!entry.isWriting || core->isReadOnly)
        return entry;
    const auto lock = core->lockDataset(entry.record.id);
    if (!lock)
        return entry;
    FRESHET_TRY(recoverDataset(*core, entry));
    return core->catalogue->find(entry.record.id);
}

/// Another process may drop a tail file between the look into the catalogue and the opening of the
/// file; the catalogue knows better then.
Result<std::pair<DatasetState, std::int64_t>> Library::Impl::load(const std::string &id) const
{
    constexpr int kAttempts = 5;
    for (int attempt = 1;; ++attempt) {
        const auto contents = core->catalogue->contents(id);
        if (!contents)
            return fail(contents.error());
        auto state = loadState(core->folderOf(id), *contents, core->cache);
        if (state)
            return std::pair(std::move(*state), contents->revision);
        const auto now = core->catalogue->find(id);
        if (!now)
            return fail(now.error());
        if (now->revision == contents->revision || attempt == kAttempts)
            return fail(std::move(state).error());
    }
}

Library::Library(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Library::~Library() = default;

Result<std::shared_ptr<Library>> Library::open(const fs::path &folder)
{
    auto core = std::make_shared<LibraryCore>();
    core->folder = folder;
    core->cache = std::make_shared<ColumnCache>(kDefaultCacheCapacity);
    const fs::path file = folder / "library.sqlite";
    core->isReadOnly = mayOnlyBeRead(folder) || mayOnlyBeRead(file);
    if (!core->isReadOnly)
        FRESHET_TRY(createFolder(core->datasetsFolder()));
    auto catalogue = core->isReadOnly ? Catalogue::openReadOnly(file) : Catalogue::open(file);
    if (!catalogue)
        return fail(std::move(catalogue).error());
    core->catalogue = std::move(*catalogue);
    if (!core->isReadOnly)
        FRESHET_TRY(tidyLibrary(*core));
    auto impl = std::make_unique<Impl>();
    impl->core = std::move(core);
    return std::shared_ptr<Library>(new Library(std::move(impl)));
}

bool Library::isReadOnly() const
{
    return m_impl->core->isReadOnly;
}

const fs::path &Library::folder() const
{
    return m_impl->core->folder;
}

fs::path Library::folderOf(const std::string &id) const
{
    return m_impl->core->folderOf(id);
}

Result<std::vector<DatasetRecord>> Library::list() const
{
    auto entries = m_impl->core->catalogue->list();
    if (!entries)
        return fail(std::move(entries).error());
    std::vector<DatasetRecord> records;
    records.reserve(entries->size());
    for (CatalogueEntry &entry : *entries) {
        if (isReadOnly())
            showAbandoned(*m_impl->core, entry);
        records.push_back(std::move(entry.record));
    }
    return records;
}

Result<DatasetRecord> Library::find(const std::string &idOrName) const
{
    auto entry = m_impl->core->catalogue->find(idOrName);
    if (!entry)
        return fail(std::move(entry).error());
    if (isReadOnly())
        showAbandoned(*m_impl->core, *entry);
    return std::move(entry->record);
}

Result<std::string> Library::freeName(const std::string &name) const
{
    std::string candidate = name;
    for (int copy = 2;; ++copy) {
        const auto taken = m_impl->core->catalogue->hasName(candidate);
        if (!taken)
            return fail(taken.error());
        if (!*taken)
            return candidate;
        candidate = name + '-' + std::to_string(copy);
    }
}

Result<std::unique_ptr<DatasetWriter>> Library::create(const DatasetRecord &record)
{
    const LibraryCore &core = *m_impl->core;
    FRESHET_TRY(core.checkWritable());
    const auto libraryLock = core.lockLibrary();
    if (!libraryLock)
        return fail(libraryLock.error());
    DatasetRecord named = record;
    named.id = newId();
    FRESHET_TRY(core.catalogue->insert(named));
    const auto make = [&]() -> Result<std::unique_ptr<DatasetWriter>> {
        FRESHET_TRY(createFolder(core.folderOf(named.id)));
        FRESHET_TRY(syncFolder(core.datasetsFolder()));
        auto lock = core.lockDataset(named.id);
        if (!lock)
            return fail(std::move(lock).error());
        DatasetState empty;
        empty.cache = core.cache;
        auto impl = std::make_unique<DatasetWriter::Impl>(
            m_impl->core, std::move(*lock), m_impl->handle(named.id), std::move(empty));
        return std::unique_ptr<DatasetWriter>(new DatasetWriter(std::move(impl)));
    };
    auto writer = make();
    if (!writer)
        static_cast<void>(core.catalogue->erase(named.id));
    return writer;
}

Result<std::unique_ptr<DatasetWriter>> Library::append(const std::string &id, const RunStart &run)
{
    const LibraryCore &core = *m_impl->core;
    FRESHET_TRY(core.checkWritable());
    const auto found = core.catalogue->find(id);
    if (!found)
        return fail(found.error());
    auto lock = core.lockDataset(found->record.id);
    if (!lock)
        return fail(std::move(lock).error());
    // Read again: only now nobody else changes it.
    const auto entry = core.catalogue->find(found->record.id);
    if (!entry)
        return fail(entry.error());
    FRESHET_TRY(recoverDataset(core, *entry));
    const auto contents = core.catalogue->contents(entry->record.id);
    if (!contents)
        return fail(contents.error());
    CatalogueContents written{.unmergedFrom = contents->unmergedFrom};
    std::ranges::copy_if(contents->parts, std::back_inserter(written.parts),
                         [](const CataloguePart &part) { return !part.isTail; });
    auto state = loadState(core.folderOf(entry->record.id), written, core.cache);
    if (!state)
        return fail(std::move(state).error());
    auto impl = std::make_unique<DatasetWriter::Impl>(
        m_impl->core, std::move(*lock), m_impl->handle(entry->record.id), std::move(*state));
    FRESHET_TRY(impl->adopt(contents->parts));
    FRESHET_TRY(core.catalogue->beginWriting(entry->record.id, run));
    if (run.reconciles)
        impl->comparesByKey();
    return std::unique_ptr<DatasetWriter>(new DatasetWriter(std::move(impl)));
}

Result<std::shared_ptr<Dataset>> Library::dataset(const std::string &id)
{
    const auto found = m_impl->core->catalogue->find(id);
    if (!found)
        return fail(found.error());
    auto dataset = m_impl->handle(found->record.id);
    if (dataset->m_impl->isWritten)
        return dataset;
    const auto entry = m_impl->recovered(*found);
    if (!entry)
        return fail(entry.error());
    if (dataset->m_impl->revision == entry->revision)
        return dataset;
    auto loaded = m_impl->load(entry->record.id);
    if (!loaded)
        return fail(std::move(loaded).error());
    loaded->first.hideUnmerged();
    dataset->m_impl->publishLoaded(std::move(loaded->first), loaded->second);
    return dataset;
}

Result<DatasetSnapshot> Library::everyRow(const std::string &id)
{
    const auto shown = dataset(id);
    if (!shown)
        return fail(shown.error());
    const auto record = find((*shown)->id());
    if (!record)
        return fail(record.error());
    if (!record->unmergedFrom || (*shown)->m_impl->isWritten)
        return (*shown)->snapshot();
    auto loaded = m_impl->load(record->id);
    if (!loaded)
        return fail(std::move(loaded).error());
    return DatasetSnapshot(std::make_shared<const DatasetState>(std::move(loaded->first)));
}

Result<std::vector<StoredReject>> Library::rejects(const std::string &id, std::int64_t limit,
                                                   std::int64_t from) const
{
    return m_impl->core->catalogue->rejects(id, limit, from);
}

Result<DatasetCheck> Library::check(const std::string &idOrName, const CancelToken &cancel,
                                    const CheckProgress &progress) const
{
    return checkDataset(*m_impl->core, idOrName, cancel, progress);
}

Result<std::vector<RunRecord>> Library::runs(const std::string &id) const
{
    return m_impl->core->catalogue->runs(id);
}

Status Library::addRun(const std::string &id, const RunRecord &run)
{
    FRESHET_TRY(m_impl->core->checkWritable());
    return m_impl->core->catalogue->addRun(id, run);
}

Status Library::rename(const std::string &id, const std::string &name)
{
    if (name.empty())
        return fail(ErrorCode::InvalidArgument, "a dataset needs a name");
    FRESHET_TRY(m_impl->core->checkWritable());
    return m_impl->core->catalogue->rename(id, name);
}

fs::path Library::workFolder(const std::string &id) const
{
    return m_impl->core->folderOf(id) / "work";
}

Status Library::remove(const std::string &id)
{
    const LibraryCore &core = *m_impl->core;
    FRESHET_TRY(core.checkWritable());
    const auto libraryLock = core.lockLibrary();
    if (!libraryLock)
        return fail(libraryLock.error());
    const auto entry = core.catalogue->find(id);
    if (!entry)
        return fail(entry.error());
    const std::string &found = entry->record.id;
    const auto lock = core.lockDataset(found);
    if (!lock && lock.error().code != ErrorCode::FileNotFound)
        return fail(lock.error());
    FRESHET_TRY(core.catalogue->markRemoved(found));
    std::error_code error;
    fs::remove_all(core.folderOf(found), error);
    if (error)
        return fail(systemError(error.value(), core.folderOf(found).string()));
    return core.catalogue->erase(found);
}

void Library::setCacheCapacity(ByteCount capacity)
{
    m_impl->core->cache->setCapacity(capacity);
}

} // namespace freshet::store
