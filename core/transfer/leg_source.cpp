// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/leg_source.h"

#include "transfer/digest_beside.h"
#include "transfer/file_download.h"
#include "transfer/leg_fetch.h"
#include "transport/session_pool.h"

#include <algorithm>
#include <utility>

namespace freshet::transfer {

namespace {

using Clock = std::chrono::steady_clock;

/// Passes a leg on as it comes and remembers its head.
class Streaming final : public transport::ByteSink
{
public:
    explicit Streaming(transport::ByteSink &sink) : m_sink(sink) {}

    Status onHead(const transport::ResponseHead &head) override
    {
        m_head = std::make_shared<const transport::ResponseHead>(head);
        return told(m_sink.onHead(head));
    }
    Status onBytes(std::string_view bytes) override { return told(m_sink.onBytes(bytes)); }

    [[nodiscard]] const std::shared_ptr<const transport::ResponseHead> &head() const
    {
        return m_head;
    }
    [[nodiscard]] bool sinkFailed() const { return m_sinkFailed; }

private:
    Status told(Status status)
    {
        m_sinkFailed = m_sinkFailed || !status;
        return status;
    }

    transport::ByteSink &m_sink;
    std::shared_ptr<const transport::ResponseHead> m_head;
    bool m_sinkFailed = false;
};

/// What the leg goes on with: the bytes before the rows that it is to pass over, or what the whole
/// transfer was started with.
std::optional<transport::HeldPrefix> heldOf(const Leg &leg,
                                            std::optional<transport::HeldPrefix> &ofTransfer)
{
    if (leg.passedOver.length.value() > 0 || leg.isOnePiece)
        return transport::HeldPrefix{
            .digest = leg.passedOver, .isReplayed = true, .isOnePiece = leg.isOnePiece};
    return std::exchange(ofTransfer, std::nullopt);
}

} // namespace

LegSource::LegSource(LegQueue &legs, Options options)
    : m_legs(legs),
      m_options(std::move(options)),
      m_isLive(!m_options.makeTransport),
      m_sessions(std::make_shared<transport::SessionPool>())
{
    if (!m_options.makeTransport)
        m_options.makeTransport = [sessions = m_sessions](transport::ByteRequest request) {
            return transport::makeTransport(std::move(request), sessions);
        };
}

LegSource::~LegSource() = default;

Status LegSource::run(LegSink &sink)
{
    Status done = sendLegs(sink);
    m_sessions->clear();
    return done;
}

Status LegSource::sendLegs(LegSink &sink)
{
    while (true) {
        std::optional<Leg> streaming;
        if (!startFetches(streaming))
            return {};
        // Also before a leg that streams: the rows of what was fetched come first.
        do {
            FRESHET_TRY(deliverFront(sink));
        } while (streaming && !m_fetches.empty());
        if (streaming)
            FRESHET_TRY(streaming->means == LegMeans::AsFile ? fetchFile(*streaming, sink)
                                                             : stream(*streaming, sink));
    }
}

Status LegSource::deliverFront(LegSink &sink)
{
    if (m_fetches.empty())
        return {};
    const auto fetch = std::move(m_fetches.front());
    m_fetches.pop_front();
    return fetch->deliver(sink);
}

/// Wait until there is an answer to hand on or a leg to stream, and fetch meanwhile what may be
/// fetched. Output: false if no more is wanted.
bool LegSource::startFetches(std::optional<Leg> &streaming)
{
    const auto mustDeliver = [this] {
        return m_fetches.size() >= kMostAtOnce ||
               (!m_fetches.empty() && m_fetches.front()->isDone());
    };
    while (!streaming && !mustDeliver()) {
        auto leg = m_legs.pop(mustDeliver);
        if (!leg) {
            if (m_legs.isClosed()) {
                m_fetches.clear();
                return false;
            }
            continue;
        }
        if (leg->means != LegMeans::WholeFirst)
            streaming = std::move(*leg);
        else
            m_fetches.push_back(std::make_unique<LegFetch>(*this, std::move(*leg)));
    }
    return true;
}

Status LegSource::stream(const Leg &leg, LegSink &sink)
{
    sink.onLegBegin(leg.label);
    if (leg.errand)
        return sink.onLegEnd(runErrand(leg));
    auto stated = digestBesideOf(leg);
    if (!stated)
        return sink.onLegEnd({.outcome = fail(std::move(stated).error())});
    Streaming passing(sink);
    Leg checked = leg;
    checked.request.stated = std::move(*stated);
    LegEnd end = exchange(checked, heldOf(leg, m_options.held), passing);
    if (passing.sinkFailed())
        return fail(std::move(end.outcome).error());
    if (!end.head)
        end.head = passing.head();
    return sink.onLegEnd(std::move(end));
}

LegEnd LegSource::runErrand(const Leg &leg)
{
    Errand &errand = *leg.errand;
    {
        const std::lock_guard lock(m_mutex);
        m_errand = &errand;
    }
    const auto began = Clock::now();
    const Status done = errand.run(m_legs.closing(), m_listener);
    LegEnd end;
    if (done)
        end.outcome = transport::TransportEnd{.end = transport::BodyEnd::FramingComplete};
    else
        end.outcome = fail(done.error());
    end.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    const std::lock_guard lock(m_mutex);
    m_errand = nullptr;
    const ErrandProgress figures = errand.progress();
    m_before.add(figures.bytes);
    m_readAgainBefore += figures.bytesReadAgain;
    return end;
}

LegEnd LegSource::exchange(const Leg &leg, std::optional<transport::HeldPrefix> held,
                           transport::ByteSink &sink)
{
    LegEnd end;
    if (auto waited = waitBefore(leg); !waited) {
        end.outcome = fail(std::move(waited).error());
        return end;
    }
    transport::ResumingTransport transport(leg.request, optionsFor(leg, std::move(held)));
    {
        const std::lock_guard lock(m_mutex);
        m_running.push_back(&transport);
    }
    const auto began = Clock::now();
    end.outcome = transport.run(sink, m_legs.closing());
    end.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    end.trailers = transport.trailers();
    if (const auto refusal = transport.refusal(); !end.outcome && refusal)
        end.head = std::make_shared<const transport::ResponseHead>(*refusal);
    retire(transport);
    return end;
}

transport::ResumingTransport::Options
LegSource::optionsFor(const Leg &leg, std::optional<transport::HeldPrefix> held) const
{
    transport::ResumingTransport::Options options{.retry = m_options.retry,
                                                  .held = std::move(held),
                                                  .listener = m_listener,
                                                  .makeTransport = m_options.makeTransport,
                                                  .seed = m_options.seed};
    if (leg.means == LegMeans::Once)
        options.retry.maxRetries = 0;
    return options;
}

Status LegSource::waitBefore(const Leg &leg)
{
    if (leg.delay <= std::chrono::milliseconds(0))
        return {};
    if (leg.waitsFor)
        ++m_plannedRetries;
    if (leg.waitsFor && m_listener != nullptr)
        m_listener->onRetryPlanned({*leg.waitsFor, leg.delay, leg.retry});
    const CancelToken &closing = m_legs.closing();
    {
        const auto registration = closing.onCancel([this] {
            const std::lock_guard lock(m_mutex);
            m_wake.notify_all();
        });
        std::unique_lock lock(m_mutex);
        const std::int64_t hurries = m_hurries;
        m_wake.wait_for(lock, leg.delay,
                        [&] { return m_hurries != hurries || closing.isCancelled(); });
        lock.unlock(); // the registration waits for a wake-up that wants it
    }
    if (closing.isCancelled())
        return fail(ErrorCode::Cancelled, "cancelled while waiting for the next try");
    if (leg.waitsFor && m_listener != nullptr)
        m_listener->onRetryBegan();
    return {};
}

void LegSource::retire(const transport::ResumingTransport &transport)
{
    const std::lock_guard lock(m_mutex);
    std::erase(m_running, &transport);
    m_before.add(transport.progress());
    m_readAgainBefore += transport.bytesReadAgain();
}

transport::TransportProgress LegSource::progress() const
{
    const std::lock_guard lock(m_mutex);
    transport::TransportProgress all = m_before;
    for (const auto *transport : m_running)
        all.add(transport->progress());
    if (m_errand != nullptr)
        all.add(m_errand->progress().bytes);
    if (m_download != nullptr)
        all.wireBytes += m_download->progress().wireBytes;
    return all;
}

std::optional<ErrandProgress> LegSource::errandUnderWay() const
{
    const std::lock_guard lock(m_mutex);
    if (m_errand == nullptr)
        return std::nullopt;
    return m_errand->progress();
}

ByteCount LegSource::bytesReadAgain() const
{
    const std::lock_guard lock(m_mutex);
    ByteCount all = m_readAgainBefore;
    for (const auto *transport : m_running)
        all += transport->bytesReadAgain();
    if (m_errand != nullptr)
        all += m_errand->progress().bytesReadAgain;
    return all;
}

void LegSource::retryNow()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_hurries;
        for (auto *transport : m_running)
            transport->retryNow();
        if (m_errand != nullptr)
            m_errand->retryNow();
        if (m_download != nullptr)
            m_download->retryNow();
        if (m_question != nullptr)
            m_question->retryNow();
    }
    m_wake.notify_all();
}

} // namespace freshet::transfer
