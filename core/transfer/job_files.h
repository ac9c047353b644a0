// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/errand.h"
#include "transfer/export_job.h"
#include "transfer/file_download.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class QJsonObject;

namespace freshet::transfer {

/// One file of a job on this machine.
struct FetchedFile
{
    std::string name;             ///< in the spool
    std::optional<RowCount> rows; ///< as the job states
    std::string sha256;           ///< once it is here
    bool isProved = false;        ///< its length or digest is what its server states
};

/// The files of an export job and how they come into the spool: what the errands of a JobPlanner
/// work on.
///
/// Threads: one thread at a time (that of the errand under way, or the planner's between errands),
/// except `progress` and `hurry`.
class JobFiles
{
public:
    JobFiles(transport::ByteRequest request, ExportJobRule rule, transport::RetryPolicy retry);

    [[nodiscard]] ExportJob &job() { return m_job; }
    [[nodiscard]] const ExportJob &job() const { return m_job; }
    void setFolder(std::filesystem::path folder) { m_folder = std::move(folder); }
    [[nodiscard]] std::filesystem::path pathOf(std::size_t part) const;
    /// Those the job made; empty until it is done.
    [[nodiscard]] const std::vector<FetchedFile> &files() const { return m_files; }
    /// Of all together, as the job states.
    [[nodiscard]] std::optional<RowCount> rows() const { return m_rows; }

    /// Take down what the job has made. Errors: SourceChanged if it is not what it was.
    [[nodiscard]] Status adopt();
    /// Fetch file `part` unless it is here. An address that has expired is asked for anew.
    [[nodiscard]] Status fetch(std::size_t part, const CancelToken &cancel,
                               transport::RetryListener *listener);

    [[nodiscard]] ErrandProgress progress() const;
    void hurry();

    [[nodiscard]] QJsonObject toJson() const;
    void readJson(const QJsonObject &object);

private:
    [[nodiscard]] Status askAgain(const CancelToken &cancel, transport::RetryListener *listener);
    [[nodiscard]] Status keep(std::size_t part, const FileDownloadReport &report);

    const bool m_mayRepeat; ///< the request for the job has no effect beyond it
    ExportJob m_job;
    const ExportJobRule m_rule;
    const transport::RetryPolicy m_retry;
    std::filesystem::path m_folder;
    std::vector<FetchedFile> m_files;
    std::optional<RowCount> m_rows;

    mutable std::mutex m_mutex; ///< guards what is below
    FileDownload *m_current = nullptr;
    std::size_t m_currentPart = 0;
    transport::TransportProgress m_before; ///< of the files that are here
    ByteCount m_readAgain;
};

/// Starts the job.
[[nodiscard]] std::shared_ptr<Errand> startErrand(std::shared_ptr<JobFiles> files);
/// Waits until it is done.
[[nodiscard]] std::shared_ptr<Errand> waitErrand(std::shared_ptr<JobFiles> files);
/// Fetches one of its files.
[[nodiscard]] std::shared_ptr<Errand> fetchErrand(std::shared_ptr<JobFiles> files,
                                                  std::size_t part);

} // namespace freshet::transfer
