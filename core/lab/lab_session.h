// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/summary.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace freshet::lab {

/// A lab session: what was planned and every run that was made, in the order of the runs.
///
/// Kept as `LIBRARY/lab/ID.lab.json`, JSON text with a version, without secrets; what a list shows
/// comes first (`session_entry.h`). Requests come back
/// with `missingSecrets` where they had some, as datasets' do.
struct LabSession
{
    std::string id; ///< the file's name without suffix; made by `newSessionId`
    LabPlan plan;
    std::chrono::system_clock::time_point began;
    std::string program; ///< "Freshet 0.1"
    std::vector<RunRecord> runs;
    bool isCancelled = false;

    static constexpr std::string_view kSuffix = ".lab.json";
    static constexpr int kVersion = 1;

    /// With every raw mark. `fromJson` gives the same session back but for secrets.
    [[nodiscard]] std::string toJson() const;
    /// Errors: SyntaxError with the byte; InvalidArgument for another version or a missing part.
    [[nodiscard]] static Result<LabSession> fromJson(std::string_view text);
    [[nodiscard]] std::vector<VariantSummary> summaries() const { return summarize(plan, runs); }
};

/// What a list of sessions shows.
struct SessionEntry
{
    std::string id;
    std::string name;
    std::chrono::system_clock::time_point began;
    int variants = 0;
    int runs = 0;
    bool isCancelled = false;
    std::string source; ///< of the first variant, without secrets
    std::filesystem::path file;
};

/// The folder of the sessions of a library.
[[nodiscard]] std::filesystem::path sessionFolder(const std::filesystem::path &library);
/// From the time and the name: sorts by time, good as a file's name.
[[nodiscard]] std::string newSessionId(const LabPlan &plan,
                                       std::chrono::system_clock::time_point began);
/// Errors: those of the file; an earlier file of that id is replaced in one step.
[[nodiscard]] Status saveSession(const std::filesystem::path &library, const LabSession &session);
/// By id, or by name: the newest of that name. Errors: DatasetNotFound; those of `fromJson`.
[[nodiscard]] Result<LabSession> loadSession(const std::filesystem::path &library,
                                             const std::string &idOrName);
/// Newest first; files that are none are passed over.
[[nodiscard]] Result<std::vector<SessionEntry>> listSessions(const std::filesystem::path &library);
[[nodiscard]] Status removeSession(const std::filesystem::path &library, const std::string &id);

/// One variant in two sessions, held against each other by metric.
struct VariantChange
{
    std::string name;
    int now = 0;                          ///< index of the variant in the later session
    int before = 0;                       ///< in the earlier one
    std::map<Metric, Comparison> changes; ///< first: before, second: now
};

struct SessionComparison
{
    std::vector<VariantChange> variants; ///< those with the same name in both
    std::vector<std::string> onlyNow;
    std::vector<std::string> onlyBefore;
};

[[nodiscard]] SessionComparison compareSessions(const LabSession &before, const LabSession &now);

} // namespace freshet::lab
