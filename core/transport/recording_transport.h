// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/body_reader.h"
#include "transport/recording.h"
#include "transport/wire_observer.h"

#include <memory>
#include <optional>

namespace freshet::transport {

/// Records what another transport brings and hands it on: over HTTP the body as it is on the wire,
/// elsewhere as it is handed on.
///
/// Threads and errors: as Transport. A recording that fails does not stop the download.
class RecordingTransport final : public Transport, private WireObserver
{
public:
    /// Errors: those of `makeTransport`.
    [[nodiscard]] static Result<std::unique_ptr<Transport>>
    create(ByteRequest request, std::shared_ptr<RecordingWriter> writer);

    /// `inner` brings the bytes as they are to be recorded.
    RecordingTransport(ByteRequest request, std::shared_ptr<RecordingWriter> writer,
                       std::unique_ptr<Transport> inner = nullptr);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override;
    std::optional<ResponseHead> refusal() const override { return m_inner->refusal(); }
    std::vector<Header> trailers() const override { return m_inner->trailers(); }

private:
    class Sink;

    void onWire(std::string_view) override {}
    void onChunk(std::int64_t size) override;
    void onHandedOn() override {}

    const ByteRequest m_request;
    const std::shared_ptr<RecordingWriter> m_writer;
    std::unique_ptr<Transport> m_inner;
    std::uint32_t m_exchange = 0;
    ProgressBoard m_board; ///< of what is handed on
};

} // namespace freshet::transport
