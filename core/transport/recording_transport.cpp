// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/recording_transport.h"

#include "transport/http_transport.h"
#include "transport/recorded_body.h"

#include <utility>

namespace freshet::transport {

class RecordingTransport::Sink final : public ByteSink
{
public:
    Sink(RecordingTransport &owner, ByteSink &sink) : m_owner(owner), m_sink(sink) {}

    Status onHead(const ResponseHead &head) override
    {
        ResponseHead told = head;
        if (m_owner.m_request.undoCodings)
            told.contentCodings = codingsOf(head);
        m_owner.m_writer->head(m_owner.m_exchange, m_owner.m_board.sinceStart(), told);
        m_body.emplace(m_sink, std::move(told), m_owner.m_request.limits, m_owner.m_board);
        return m_body->begin();
    }
    Status onBytes(std::string_view bytes) override
    {
        m_owner.m_writer->bytes(m_owner.m_exchange, m_owner.m_board.sinceStart(), bytes);
        return m_body->feed(bytes);
    }
    [[nodiscard]] std::optional<RecordedBody> &body() { return m_body; }

private:
    RecordingTransport &m_owner;
    ByteSink &m_sink;
    std::optional<RecordedBody> m_body;
};

Result<std::unique_ptr<Transport>>
RecordingTransport::create(ByteRequest request, std::shared_ptr<RecordingWriter> writer)
{
    auto recording = std::make_unique<RecordingTransport>(request, std::move(writer));
    Result<std::unique_ptr<Transport>> inner;
    if (Url::parse(request.url)) {
        FRESHET_TRY(request.validate());
        request.undoCodings = false;
        inner = HttpTransport::create(std::move(request), {.observer = recording.get()});
    } else {
        inner = makeTransport(std::move(request));
    }
    if (!inner)
        return inner;
    recording->m_inner = std::move(*inner);
    return recording;
}

RecordingTransport::RecordingTransport(ByteRequest request, std::shared_ptr<RecordingWriter> writer,
                                       std::unique_ptr<Transport> inner)
    : m_request(std::move(request)), m_writer(std::move(writer)), m_inner(std::move(inner))
{}

Result<TransportEnd> RecordingTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    m_exchange = m_writer->begin(m_request);
    Sink recorded(*this, sink);
    auto end = m_inner->run(recorded, cancel);
    if (const auto refused = m_inner->refusal())
        m_writer->head(m_exchange, m_board.sinceStart(), *refused, recording::Kind::Refusal);
    recording::End kept{.outcome = end.map([](const TransportEnd &one) { return one.end; }),
                        .phases = m_inner->progress().timing,
                        .trailers = m_inner->trailers()};
    m_writer->end(m_exchange, m_board.sinceStart(), kept);
    return concludeRecorded(std::move(kept.outcome), recorded.body(), m_board);
}

void RecordingTransport::onChunk(std::int64_t size)
{
    m_writer->chunk(m_exchange, m_board.sinceStart(), size);
}

TransportProgress RecordingTransport::progress() const
{
    TransportProgress progress = m_inner->progress();
    progress.decodedBytes = m_board.decodedBytes();
    return progress;
}

} // namespace freshet::transport
