// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/arrival_trace.h"
#include "transfer/leg_queue.h"
#include "transport/resuming_transport.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace freshet::transport {
class SessionPool;
}

namespace freshet::transfer {

/// How a leg's answer ended.
struct LegEnd
{
    std::shared_ptr<const transport::ResponseHead> head; ///< also of a refusal; null without answer
    Result<transport::TransportEnd> outcome;
    std::chrono::microseconds took{0};
    std::vector<transport::Header> trailers;
    /// Of a leg that comes as a file: where it lies whole, and the proof of that.
    std::filesystem::path file;
    std::vector<std::string> fileProof;
};

/// Receives the answers of legs one after the other, each as by ByteSink and then its end.
class LegSink : public transport::ByteSink
{
public:
    /// A new answer follows.
    virtual void onLegBegin(const std::string &label) = 0;
    [[nodiscard]] virtual Status onLegEnd(LegEnd end) = 0;
};

class DigestQuestion;
class FileDownload;
class LegFetch;

/// Sends the legs of a transfer and hands their answers on in the order of the legs. Legs that are
/// taken in whole are fetched side by side, up to `kMostAtOnce`.
///
/// Threads: `run` once, on one thread; the rest from any thread.
class LegSource
{
public:
    static constexpr std::size_t kMostAtOnce = 8;

    struct Options
    {
        transport::RetryPolicy retry;
        /// The first leg goes on with this.
        std::optional<transport::HeldPrefix> held;
        /// Empty: the usual one, over connections that are kept from leg to leg.
        transport::ResumingTransport::Factory makeTransport;
        ArrivalTrace *trace = nullptr;
        std::uint32_t seed = 0;
        /// The folder that `Leg::keepIn` is a folder of.
        std::filesystem::path workFolder;
    };

    LegSource(LegQueue &legs, Options options);
    ~LegSource();

    /// Before `run`. The listener outlives the source.
    void setListener(transport::RetryListener *listener) { m_listener = listener; }
    /// Send legs until the queue is closed, which also stops those under way. Errors: what the sink
    /// said.
    [[nodiscard]] Status run(LegSink &sink);

    /// Of all legs together.
    [[nodiscard]] transport::TransportProgress progress() const;
    [[nodiscard]] ByteCount bytesReadAgain() const;
    /// Retries that a planner asked for, and tells of itself, or that were for something else than
    /// rows.
    [[nodiscard]] int plannedRetries() const { return m_plannedRetries; }
    /// Of the errand under way; nothing if there is none.
    [[nodiscard]] std::optional<ErrandProgress> errandUnderWay() const;
    /// End all waits between two tries.
    void retryNow();

private:
    friend class LegFetch;

    [[nodiscard]] Status sendLegs(LegSink &sink);
    [[nodiscard]] Status stream(const Leg &leg, LegSink &sink);
    [[nodiscard]] LegEnd runErrand(const Leg &leg);
    [[nodiscard]] Status fetchFile(const Leg &leg, LegSink &sink);
    [[nodiscard]] LegEnd download(const Leg &leg,
                                  const std::optional<transport::StatedDigest> &stated);
    [[nodiscard]] Result<std::optional<transport::StatedDigest>> digestBesideOf(const Leg &leg);
    [[nodiscard]] Result<std::optional<transport::StatedDigest>> askBeside(const Leg &leg);
    [[nodiscard]] bool canBeChecked(const Leg &leg) const;
    [[nodiscard]] Status deliverFront(LegSink &sink);
    [[nodiscard]] Status waitBefore(const Leg &leg);
    [[nodiscard]] bool startFetches(std::optional<Leg> &streaming);
    /// Wait as the leg says and send it. Thread-safe. Output: with the head of a refusal only.
    [[nodiscard]] LegEnd exchange(const Leg &leg, std::optional<transport::HeldPrefix> held,
                                  transport::ByteSink &sink);
    [[nodiscard]] transport::ResumingTransport::Options
    optionsFor(const Leg &leg, std::optional<transport::HeldPrefix> held) const;
    void setDownload(FileDownload *download);
    void setQuestion(DigestQuestion *question);
    void retire(const transport::ResumingTransport &transport);

    LegQueue &m_legs;
    Options m_options;
    bool m_isLive; ///< bytes come from where the requests say
    std::shared_ptr<transport::SessionPool> m_sessions;
    transport::RetryListener *m_listener = nullptr;
    std::deque<std::unique_ptr<LegFetch>> m_fetches; ///< in the order of their rows
    std::atomic<int> m_plannedRetries = 0;

    mutable std::mutex m_mutex; ///< guards what is below
    std::condition_variable m_wake;
    std::int64_t m_hurries = 0; ///< calls of `retryNow`
    std::vector<transport::ResumingTransport *> m_running;
    Errand *m_errand = nullptr;            ///< under way
    FileDownload *m_download = nullptr;    ///< under way
    DigestQuestion *m_question = nullptr;  ///< under way
    transport::TransportProgress m_before; ///< of the legs that are over
    ByteCount m_readAgainBefore;
};

} // namespace freshet::transfer
