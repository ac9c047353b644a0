// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/run_transport.h"

#include "transport/url.h"

#include <utility>

namespace freshet::lab {

namespace {

using transport::ByteRequest;
using transport::Transport;

/// Tells the onlooker of what another transport hands on. `wire` is null where that transport tells
/// of its bytes itself.
class WatchedTransport final : public Transport
{
public:
    WatchedTransport(std::unique_ptr<Transport> inner, const Onlooker &onlooker,
                     transport::WireObserver *wire)
        : m_inner(std::move(inner)), m_onlooker(onlooker), m_wire(wire)
    {}

    Result<transport::TransportEnd> run(transport::ByteSink &sink,
                                        const CancelToken &cancel) override
    {
        Sink watched(sink, *this);
        return m_inner->run(watched, cancel);
    }
    transport::TransportProgress progress() const override { return m_inner->progress(); }
    std::optional<transport::ResponseHead> refusal() const override { return m_inner->refusal(); }
    std::vector<transport::Header> trailers() const override { return m_inner->trailers(); }

private:
    class Sink final : public transport::ByteSink
    {
    public:
        Sink(transport::ByteSink &sink, const WatchedTransport &owner)
            : m_sink(sink), m_owner(owner)
        {}
        Status onHead(const transport::ResponseHead &head) override
        {
            if (m_owner.m_onlooker.onHead)
                m_owner.m_onlooker.onHead(head);
            return m_sink.onHead(head);
        }
        Status onBytes(std::string_view bytes) override
        {
            if (m_owner.m_wire == nullptr)
                return m_sink.onBytes(bytes);
            m_owner.m_wire->onWire(bytes);
            Status taken = m_sink.onBytes(bytes);
            m_owner.m_wire->onHandedOn();
            return taken;
        }

    private:
        transport::ByteSink &m_sink;
        const WatchedTransport &m_owner;
    };

    std::unique_ptr<Transport> m_inner;
    const Onlooker m_onlooker;
    transport::WireObserver *m_wire;
};

} // namespace

transport::ResumingTransport::Factory
watchedTransports(Onlooker onlooker, std::shared_ptr<transport::SessionPool> sessions,
                  transport::ResumingTransport::Factory make)
{
    return [onlooker = std::move(onlooker), sessions = std::move(sessions),
            make = std::move(make)](ByteRequest request) -> Result<std::unique_ptr<Transport>> {
        const bool isHttp = !make && transport::Url::parse(request.url).has_value();
        Result<std::unique_ptr<Transport>> inner;
        if (isHttp)
            inner = request.validate().and_then([&] {
                return transport::HttpTransport::create(std::move(request),
                                                        {sessions, onlooker.wire});
            });
        else
            inner = make ? make(std::move(request)) : transport::makeTransport(std::move(request));
        if (!inner)
            return inner;
        return std::make_unique<WatchedTransport>(std::move(*inner), onlooker,
                                                  isHttp ? nullptr : onlooker.wire);
    };
}

} // namespace freshet::lab
