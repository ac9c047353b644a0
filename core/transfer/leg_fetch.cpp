// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/leg_fetch.h"

namespace freshet::transfer {

namespace {

/// Of one answer that changes from one try to the next.
constexpr int kMostTries = 3;
constexpr std::size_t kPiece = 256 * 1024;

} // namespace

/// Keeps what comes until it is whole.
class LegFetch::Buffer final : public transport::ByteSink
{
public:
    explicit Buffer(std::string &body) : m_body(body) { m_body.clear(); }

    Status onHead(const transport::ResponseHead &response) override
    {
        head = std::make_shared<const transport::ResponseHead>(response);
        return {};
    }

    Status onBytes(std::string_view bytes) override
    {
        if (m_body.size() + bytes.size() > Leg::kMaxBuffered.asSize())
            return fail(ErrorCode::SizeLimitExceeded,
                        "one answer holds more than " +
                            std::to_string(Leg::kMaxBuffered.value() >> 20) +
                            " MiB; ask for smaller pages");
        m_body += bytes;
        return {};
    }

    std::shared_ptr<const transport::ResponseHead> head;

private:
    std::string &m_body;
};

LegFetch::LegFetch(LegSource &owner, Leg leg)
    : m_owner(owner), m_leg(std::move(leg)), m_thread([this] { run(); })
{}

LegFetch::~LegFetch()
{
    // Fetches are dropped only once the queue is closed, which stops them.
    if (m_thread.joinable())
        m_thread.join();
}

void LegFetch::run()
{
    m_end = fetch();
    if (ArrivalTrace *const trace = m_owner.m_options.trace)
        trace->addCpu(ArrivalTrace::Stage::Network, threadCpuTime());
    m_isDone = true;
    m_owner.m_legs.wake();
}

LegEnd LegFetch::fetch()
{
    LegEnd end;
    for (int tries = 0; tries < kMostTries; ++tries) {
        Buffer buffer(m_body);
        end = m_owner.exchange(m_leg, std::nullopt, buffer);
        if (!end.head)
            end.head = std::move(buffer.head);
        // A page need not be the same twice; nobody has seen the first one.
        if (end.outcome || end.outcome.error().code != ErrorCode::SourceChanged)
            break;
    }
    return end;
}

Status LegFetch::deliver(LegSink &sink)
{
    if (m_thread.joinable())
        m_thread.join();
    sink.onLegBegin(m_leg.label);
    if (m_end.outcome && m_end.head)
        FRESHET_TRY(sink.onHead(*m_end.head));
    for (std::string_view rest = m_end.outcome ? m_body : std::string_view(); !rest.empty();) {
        FRESHET_TRY(sink.onBytes(rest.substr(0, kPiece)));
        rest.remove_prefix(std::min(kPiece, rest.size()));
    }
    return sink.onLegEnd(std::move(m_end));
}

} // namespace freshet::transfer
