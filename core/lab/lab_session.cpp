// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_session.h"

#include "base/file.h"
#include "lab/session_entry.h"

#include <algorithm>
#include <ctime>
#include <system_error>

namespace freshet::lab {

namespace {

constexpr ByteCount kLargest = 256_MiB;

std::string idOf(const std::filesystem::path &path)
{
    const std::string name = path.filename().string();
    return name.substr(0, name.size() - LabSession::kSuffix.size());
}

Result<LabSession> loadFile(const std::filesystem::path &path)
{
    const auto text = readFile(path, kLargest);
    if (!text)
        return fail(text.error());
    auto session = LabSession::fromJson(*text);
    if (!session) {
        Error error = std::move(session).error();
        error.detail = path.string() + ": " + error.detail;
        return fail(std::move(error));
    }
    session->id = idOf(path);
    return session;
}

/// Nothing of a file that is no session.
std::optional<SessionEntry> knownEntry(const std::filesystem::path &path)
{
    std::optional<SessionEntry> entry;
    if (auto first = entryAt(path); first && *first)
        entry = std::move(**first);
    else if (const auto session = loadFile(path))
        entry = entryOf(*session);
    if (entry) {
        entry->id = idOf(path);
        entry->file = path;
    }
    return entry;
}

std::filesystem::path fileOf(const std::filesystem::path &library, const std::string &id)
{
    return sessionFolder(library) / (id + std::string(LabSession::kSuffix));
}

} // namespace

std::filesystem::path sessionFolder(const std::filesystem::path &library)
{
    return library / "lab";
}

std::string newSessionId(const LabPlan &plan, std::chrono::system_clock::time_point began)
{
    using namespace std::chrono;
    const std::time_t time = system_clock::to_time_t(began);
    const auto millis = duration_cast<milliseconds>(began.time_since_epoch()).count() % 1000;
    std::tm utc{};
    gmtime_r(&time, &utc);
    char stamp[32];
    const auto size = std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", &utc);
    std::string id(stamp, size);
    id += '-' + std::to_string(1000 + millis).substr(1) + '-';
    for (const char c : plan.suggestedName()) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        id += isPlain ? c : '-';
    }
    return id.substr(0, 100);
}

Status saveSession(const std::filesystem::path &library, const LabSession &session)
{
    std::error_code problem;
    std::filesystem::create_directories(sessionFolder(library), problem);
    if (problem)
        return fail(systemError(problem.value(), sessionFolder(library).string()));
    auto file = AtomicFile::create(fileOf(library, session.id));
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(file->write(fileTextOf(session)));
    return file->commit();
}

Result<LabSession> loadSession(const std::filesystem::path &library, const std::string &idOrName)
{
    const auto entries = listSessions(library);
    if (!entries)
        return fail(entries.error());
    auto found = std::ranges::find(*entries, idOrName, &SessionEntry::id);
    if (found == entries->end())
        found = std::ranges::find(*entries, idOrName, &SessionEntry::name);
    if (found == entries->end())
        return fail(ErrorCode::DatasetNotFound,
                    "there is no lab session called \"" + idOrName + '"');
    return loadFile(found->file);
}

Result<std::vector<SessionEntry>> listSessions(const std::filesystem::path &library)
{
    std::vector<SessionEntry> entries;
    const auto folder = sessionFolder(library);
    std::error_code problem;
    if (!std::filesystem::exists(folder, problem) && !problem)
        return entries;
    for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        if (!entry->path().string().ends_with(LabSession::kSuffix))
            continue;
        if (auto known = knownEntry(entry->path()))
            entries.push_back(std::move(*known));
    }
    if (problem)
        return fail(systemError(problem.value(), folder.string()));
    std::ranges::sort(entries, [](const auto &a, const auto &b) {
        return std::pair(a.began, a.id) > std::pair(b.began, b.id);
    });
    return entries;
}

Status removeSession(const std::filesystem::path &library, const std::string &id)
{
    std::error_code problem;
    const bool isRemoved = std::filesystem::remove(fileOf(library, id), problem);
    if (problem)
        return fail(systemError(problem.value(), fileOf(library, id).string()));
    if (!isRemoved)
        return fail(ErrorCode::DatasetNotFound, "there is no lab session called \"" + id + '"');
    return {};
}

SessionComparison compareSessions(const LabSession &before, const LabSession &now)
{
    SessionComparison comparison;
    const auto &earlier = before.plan.variants;
    const auto &later = now.plan.variants;
    for (std::size_t i = 0; i < later.size(); ++i) {
        const auto found = std::ranges::find(earlier, later[i].name, &Variant::name);
        if (found == earlier.end()) {
            comparison.onlyNow.push_back(later[i].name);
            continue;
        }
        VariantChange change{.name = later[i].name,
                             .now = static_cast<int>(i),
                             .before = static_cast<int>(found - earlier.begin())};
        for (const MetricInfo &info : allMetrics()) {
            const auto first = valuesOf(before.runs, change.before, info.metric);
            const auto second = valuesOf(now.runs, change.now, info.metric);
            if (!first.empty() && !second.empty())
                change.changes.emplace(info.metric, compare(first, second));
        }
        comparison.variants.push_back(std::move(change));
    }
    for (const Variant &variant : earlier) {
        if (std::ranges::find(later, variant.name, &Variant::name) == later.end())
            comparison.onlyBefore.push_back(variant.name);
    }
    return comparison;
}

} // namespace freshet::lab
