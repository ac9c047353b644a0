// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/decode_stage.h"
#include "transfer/earlier_run.h"
#include "transfer/network_stage.h"
#include "transfer/verdict_rules.h"
#include "transfer/write_stage.h"

#include <atomic>
#include <thread>

namespace freshet::transfer {

/// The three threads of a transfer and the queues between them:
///
///   network ──BlockQueue──▶ decode ──WriteQueue──▶ write ──▶ dataset
///      ▲                      │
///      └───────LegQueue───────┘
///
/// The writing thread is the last to go: it waits for the other two, weighs the verdict, closes
/// the dataset and says the last word in `progress`.
/// Threads: `progress`, `cancel`, `pause` … from any thread; the rest from the owner's.
/// Lifetime: the destructor cancels and waits.
class Pipeline
{
public:
    struct Start
    {
        DownloadRequest request;
        Transfer::Options options;
        std::unique_ptr<store::DatasetWriter> writer;
        std::optional<EarlierRun> earlier;
        std::unique_ptr<LegPlanner> planner; ///< null: the first leg is the only one
        Leg first;
        std::filesystem::path spool; ///< removed once the dataset is complete
        /// For files on the way; see `Library::workFolder`.
        std::filesystem::path workFolder;
    };

    explicit Pipeline(Start start);
    ~Pipeline();
    Pipeline(const Pipeline &) = delete;
    Pipeline &operator=(const Pipeline &) = delete;

    /// Errors: Internal if the system has no thread left.
    [[nodiscard]] Status start();
    void cancel();
    void pause();
    void unpause();
    void retryNow();
    [[nodiscard]] const LiveProgress &progress() const { return m_progress; }
    [[nodiscard]] const DownloadRequest &request() const { return m_request; }

private:
    void abortQueues();
    void runWriter();
    void joinOthers();
    void conclude();
    void tidyUp(VerdictKind verdict) const;
    [[nodiscard]] std::optional<transport::TransportEnd> finalEnd() const;
    [[nodiscard]] Result<std::optional<store::RunFigures>> compareByKey();
    [[nodiscard]] std::string unmergedSentence() const;
    void noteFoundPages(const VerdictFacts &facts);
    [[nodiscard]] VerdictFacts gatherFacts() const;
    [[nodiscard]] std::optional<Error> decisiveError() const;

    const DownloadRequest m_request;
    const Transfer::Options m_options;
    const std::filesystem::path m_spool;
    const std::optional<EarlierRun> m_earlier;
    const std::optional<EarlierRows> m_earlierRows;
    std::unique_ptr<store::DatasetWriter> m_writer;
    const std::filesystem::path m_workFolder;
    LegQueue m_legs;
    LegSource m_source;
    LiveProgress m_progress;
    StopSwitch m_stop;
    PauseGate m_gate;
    std::atomic<bool> m_isCancelAsked = false;
    CancelToken m_userCancel;
    BlockQueue m_bytes;
    WriteQueue m_batches;
    NetworkStage m_network;
    DecodeStage m_decode;
    WriteStage m_write;
    std::thread m_networkThread;
    std::thread m_decodeThread;
    std::thread m_writeThread;
};

} // namespace freshet::transfer
