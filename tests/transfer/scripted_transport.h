// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace freshet::test {

/// What a ScriptedTransport gives: a head, pieces of a body, an end.
struct Script
{
    transport::ResponseHead head{.status = 200, .httpVersion = "1.1"};
    /// The piece with this number, from 0; nothing at the end.
    std::function<std::optional<std::string>(int)> piece;
    transport::BodyEnd end = transport::BodyEnd::FramingComplete;
    /// Fail with this instead of ending.
    std::optional<Error> error;
    /// Say nothing after the last piece until cancelled.
    bool staysSilent = false;

    /// Bytes that the sink took; for the test to look at.
    std::shared_ptr<std::atomic<std::int64_t>> taken =
        std::make_shared<std::atomic<std::int64_t>>(0);

    /// One piece, whole.
    [[nodiscard]] static Script of(std::string body)
    {
        Script script;
        script.piece = [body = std::move(body)](int number) -> std::optional<std::string> {
            if (number > 0)
                return std::nullopt;
            return body;
        };
        return script;
    }
};

/// A transport without a network.
class ScriptedTransport final : public transport::Transport
{
public:
    explicit ScriptedTransport(Script script) : m_script(std::move(script)) {}

    [[nodiscard]] Result<transport::TransportEnd> run(transport::ByteSink &sink,
                                                      const CancelToken &cancel) override
    {
        FRESHET_TRY(sink.onHead(m_script.head));
        for (int number = 0; auto piece = m_script.piece(number); ++number) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, "cancelled");
            FRESHET_TRY(sink.onBytes(*piece));
            *m_script.taken += static_cast<std::int64_t>(piece->size());
        }
        if (m_script.staysSilent) {
            waitFor(cancel);
            return fail(ErrorCode::Cancelled, "cancelled");
        }
        if (m_script.error)
            return fail(*m_script.error);
        const ByteCount bytes(*m_script.taken);
        return transport::TransportEnd{m_script.end, bytes, bytes};
    }

    [[nodiscard]] transport::TransportProgress progress() const override
    {
        const ByteCount bytes(*m_script.taken);
        return {.wireBytes = bytes, .decodedBytes = bytes, .timing = {}};
    }

private:
    static void waitFor(const CancelToken &cancel)
    {
        std::mutex mutex;
        std::condition_variable woken;
        bool isCancelled = false;
        const auto wake = cancel.onCancel([&] {
            const std::lock_guard lock(mutex);
            isCancelled = true;
            woken.notify_all();
        });
        std::unique_lock lock(mutex);
        woken.wait(lock, [&] { return isCancelled; });
    }

    Script m_script;
};

} // namespace freshet::test
