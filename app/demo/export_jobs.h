// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/export_file.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <QTemporaryDir>

namespace freshet::demo {

/// What an export is asked for.
struct ExportWish
{
    ExportKind kind = ExportKind::Csv;
    std::int64_t rows = 1000;
    std::int64_t parts = 1;
    std::uint64_t seed = 1;
    std::chrono::milliseconds takes{1000};     ///< at least so long
    std::chrono::milliseconds expires{60'000}; ///< a link holds so long
    bool fails = false;                        ///< half-way
};

/// A link to one file of an export.
struct ExportLink
{
    std::string target; ///< path and query, signed
    std::string name;
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
};

struct ExportStatus
{
    enum class State { Pending, Running, Completed, Failed } state = State::Pending;
    double progress = 0; ///< 0 to 1
    std::string error;
    std::int64_t rows = 0;
    std::chrono::milliseconds expiresIn{0};
    std::vector<ExportLink> links;
};

/// A file to be sent.
struct ExportedFile
{
    std::filesystem::path path;
    const char *contentType = "";
    std::string etag; ///< strong: the SHA-256 of the content
    std::int64_t bytes = 0;
};

/// The exports of a demo server: each is made on a thread of its own into a temporary folder, and
/// its files are handed out by links that are signed and expire.
/// Threads: thread-safe. Lifetime: the destructor stops what is being made.
class ExportJobs
{
public:
    ExportJobs();
    ~ExportJobs();

    /// Output: the export's id. Errors: LimitReached with too many exports.
    [[nodiscard]] Result<std::string> start(const ExportWish &wish);
    /// With fresh links if it is completed; nothing if nobody knows it.
    [[nodiscard]] std::optional<ExportStatus> status(const std::string &id);
    /// Errors: PermissionDenied with the reason for a link that was changed or has expired;
    /// FileNotFound.
    [[nodiscard]] Result<ExportedFile> file(const std::string &id, const std::string &name,
                                            const std::string &expires,
                                            const std::string &signature);

    static constexpr std::size_t kMostJobs = 64;
    static constexpr std::int64_t kMostRows = 100'000'000;
    static constexpr std::int64_t kMostParts = 100;

private:
    struct Job;

    void make(Job &job);
    [[nodiscard]] std::string signatureOf(const std::string &id, const std::string &name,
                                          const std::string &expires) const;

    std::string m_secret;
    CancelToken m_stop;
    QTemporaryDir m_folder;
    std::mutex m_mutex; ///< guards what is below
    std::map<std::string, std::unique_ptr<Job>> m_jobs;
};

} // namespace freshet::demo
