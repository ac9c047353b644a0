// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <functional>
#include <string>

namespace freshet::test {

/// Keeps what a transport delivers; `onPiece` may block or fail.
class CollectingSink : public transport::ByteSink
{
public:
    Status onHead(const transport::ResponseHead &told) override
    {
        head = told;
        ++heads;
        return headStatus;
    }
    Status onBytes(std::string_view bytes) override
    {
        text.append(bytes);
        return onPiece ? onPiece(bytes) : Status();
    }

    transport::ResponseHead head;
    int heads = 0;
    std::string text;
    Status headStatus;
    std::function<Status(std::string_view)> onPiece;
};

/// One request run to its end.
struct Fetched
{
    CollectingSink sink;
    Result<transport::TransportEnd> end = fail(ErrorCode::Internal, "not run");
    transport::TransportProgress progress;
    std::optional<transport::ResponseHead> refusal;

    /// "LengthReached", "FramingComplete", "ConnectionClosed", or the error's name.
    [[nodiscard]] std::string outcome() const
    {
        if (!end)
            return std::string(errorCodeName(end.error().code));
        switch (end->end) {
        case transport::BodyEnd::LengthReached:
            return "LengthReached";
        case transport::BodyEnd::FramingComplete:
            return "FramingComplete";
        case transport::BodyEnd::ConnectionClosed:
            return "ConnectionClosed";
        }
        return {};
    }
    [[nodiscard]] std::string error() const { return end ? "" : end.error().toString(); }
};

[[nodiscard]] inline Fetched fetch(transport::ByteRequest request)
{
    Fetched fetched;
    auto transport = transport::makeTransport(std::move(request));
    if (!transport) {
        fetched.end = fail(transport.error());
        return fetched;
    }
    fetched.end = (*transport)->run(fetched.sink, CancelToken());
    fetched.progress = (*transport)->progress();
    fetched.refusal = (*transport)->refusal();
    return fetched;
}

[[nodiscard]] inline Fetched fetch(const std::string &url)
{
    transport::ByteRequest request;
    request.url = url;
    return fetch(std::move(request));
}

} // namespace freshet::test
