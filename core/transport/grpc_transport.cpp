// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/grpc_transport.h"

#include "base/base64.h"
#include "base/file.h"
#include "transport/ascii.h"
#include "transport/call_timeout.h"
#include "transport/grpc_status.h"
#include "transport/url.h"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <array>
#include <mutex>

namespace freshet::transport {

namespace {

using Clock = std::chrono::system_clock; // what libgrpc takes for deadlines

constexpr std::size_t kFrameHeader = 5;
constexpr unsigned char kTrailersFlag = 0x80;

std::string frameHeader(unsigned char flags, std::size_t size)
{
    std::string header(1, static_cast<char>(flags));
    for (int shift = 24; shift >= 0; shift -= 8)
        header += static_cast<char>(size >> shift & 0xFF);
    return header;
}

/// The messages in a body of frames. Errors: InvalidArgument.
Result<std::vector<std::string_view>> messagesIn(std::string_view body)
{
    std::vector<std::string_view> messages;
    while (!body.empty()) {
        std::size_t size = 0;
        for (std::size_t i = 1; i < kFrameHeader && i < body.size(); ++i)
            size = size << 8 | static_cast<unsigned char>(body[i]);
        if (body.size() < kFrameHeader || body[0] != '\0' || body.size() - kFrameHeader < size)
            return fail(ErrorCode::InvalidArgument, "the request's body is no frame of gRPC");
        messages.push_back(body.substr(kFrameHeader, size));
        body.remove_prefix(kFrameHeader + size);
    }
    return messages;
}

/// Fields that libgrpc sends itself.
bool isReserved(std::string_view name)
{
    constexpr std::array kReserved = {"content-type",   "accept",       "te",
                                      "user-agent",     "grpc-timeout", "grpc-accept-encoding",
                                      "accept-encoding"};
    return std::ranges::find(kReserved, name) != kReserved.end();
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F && c != '%') {
            encoded += c;
        } else {
            encoded += '%';
            encoded += kHex[byte >> 4];
            encoded += kHex[byte & 15];
        }
    }
    return encoded;
}

std::string trailersOf(const grpc::Status &status)
{
    std::string lines = "grpc-status: " + std::to_string(status.error_code()) + "\r\n";
    if (!status.error_message().empty())
        lines += "grpc-message: " + percentEncoded(status.error_message()) + "\r\n";
    if (!status.error_details().empty())
        lines += "grpc-status-details-bin: " + toBase64(status.error_details()) + "\r\n";
    return lines;
}

Result<std::shared_ptr<grpc::ChannelCredentials>> credentialsFor(const ByteRequest &request)
{
    if (!lowered(request.url.substr(0, 6)).starts_with("grpcs:"))
        return grpc::InsecureChannelCredentials();
    grpc::SslCredentialsOptions options;
    if (!request.caFile.empty()) {
        auto roots = readFile(request.caFile, 16_MiB);
        if (!roots)
            return fail(std::move(roots).error());
        options.pem_root_certs = std::move(*roots);
    }
    return grpc::SslCredentials(options);
}

grpc::ChannelArguments argumentsFor(const ByteRequest &request)
{
    const auto bounded = [](std::int64_t value) {
        return static_cast<int>(std::clamp<std::int64_t>(value, 1, INT32_MAX));
    };
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(bounded(request.limits.rowBytes.value()));
    arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, bounded(request.limits.headerBytes.value()));
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, bounded(request.connectTimeout.count()));
    // Trying again and the environment are the business of others.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // Each download has its connection to itself.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
}

void silenceGrpc()
{
    static std::once_flag once;
    std::call_once(once, [] { gpr_set_log_function([](gpr_log_func_args *) {}); });
}

/// One call under way.
class GrpcExchange
{
public:
    GrpcExchange(const ByteRequest &request, const std::string &method, ByteSink &sink,
                 ProgressBoard &board, std::vector<Header> &trailers)
        : m_request(request), m_method(method), m_sink(sink), m_board(board), m_trailers(trailers)
    {}
    ~GrpcExchange()
    {
        m_context.TryCancel();
        m_queue.Shutdown();
        void *tag = nullptr;
        bool isDone = false;
        while (m_queue.Next(&tag, &isDone)) {
        }
    }

    Result<TransportEnd> perform(const std::shared_ptr<grpc::Channel> &channel,
                                 const CancelToken &cancel)
    {
        addMetadata();
        const auto registration = cancel.onCancel([this] { m_context.TryCancel(); });
        grpc::GenericStub stub(channel);
        m_call = stub.PrepareCall(&m_context, m_method, &m_queue);
        const Status moved = exchange();
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        FRESHET_TRY(moved);
        return conclude(cancel);
    }

private:
    /// Wait for the operation just begun. Output: whether it worked; not is how streams end.
    Result<bool> wait()
    {
        void *tag = nullptr;
        bool isDone = false;
        if (m_queue.AsyncNext(&tag, &isDone, Clock::now() + m_request.idleTimeout) ==
            grpc::CompletionQueue::GOT_EVENT)
            return isDone;
        return fail(ErrorCode::Timeout,
                    "nothing arrived for " + std::to_string(m_request.idleTimeout.count()) + " ms");
    }

    /// All up to the end of the messages. A call that ended early says why when it is concluded.
    Status exchange()
    {
        const auto messages = messagesIn(m_request.body);
        if (!messages)
            return fail(messages.error());
        m_call->StartCall(nullptr);
        auto isDone = wait();
        for (std::size_t i = 0; isDone && *isDone && i < messages->size(); ++i) {
            const grpc::Slice slice((*messages)[i].data(), (*messages)[i].size());
            const grpc::ByteBuffer message(&slice, 1);
            m_call->Write(message, nullptr);
            isDone = wait();
        }
        if (isDone && *isDone) {
            m_call->WritesDone(nullptr);
            isDone = wait();
        }
        if (isDone) {
            m_call->ReadInitialMetadata(nullptr);
            isDone = wait();
        }
        if (!isDone)
            return fail(isDone.error());
        return *isDone ? receive() : Status();
    }

    Status receive()
    {
        FRESHET_TRY(tellHead());
        while (true) {
            grpc::ByteBuffer message;
            m_call->Read(&message, nullptr);
            const auto isDone = wait();
            if (!isDone)
                return fail(isDone.error());
            if (!*isDone)
                return {};
            FRESHET_TRY(handOn(message));
        }
    }

    Status tellHead()
    {
        if (m_hasHead)
            return {};
        m_hasHead = true;
        ResponseHead head;
        head.status = 200;
        head.httpVersion = "2";
        head.finalUrl = withoutSecrets(m_request.url);
        head.contentType = "application/grpc+proto";
        for (const auto &[name, value] : m_context.GetServerInitialMetadata())
            head.headers.push_back(
                {std::string(name.data(), name.size()), std::string(value.data(), value.size())});
        return m_sink.onHead(head);
    }

    Status handOn(const grpc::ByteBuffer &message)
    {
        m_frame = frameHeader(0, message.Length());
        std::vector<grpc::Slice> slices;
        if (!message.Dump(&slices).ok())
            return fail(ErrorCode::Internal, "a message cannot be read out");
        for (const grpc::Slice &slice : slices)
            m_frame.append(reinterpret_cast<const char *>(slice.begin()), slice.size());
        return deliver();
    }

    Status deliver()
    {
        m_board.bodyArrived(m_frame.size());
        FRESHET_TRY(m_sink.onBytes(m_frame));
        m_board.handedOn(m_frame.size());
        return {};
    }

    Result<TransportEnd> conclude(const CancelToken &cancel)
    {
        grpc::Status status;
        m_call->Finish(&status, nullptr);
        const auto isDone = wait();
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "cancelled");
        if (!isDone)
            return fail(isDone.error());
        if (auto error = localError(status))
            return fail(*std::move(error));
        FRESHET_TRY(tellHead());
        m_trailers = {{"grpc-status", std::to_string(status.error_code())},
                      {"grpc-message", percentEncoded(status.error_message())}};
        const std::string lines = trailersOf(status);
        m_frame = frameHeader(kTrailersFlag, lines.size()) + lines;
        FRESHET_TRY(deliver());
        return TransportEnd{BodyEnd::FramingComplete, m_board.wireBytes(), m_board.decodedBytes()};
    }

    /// What the library made up itself and no server said.
    std::optional<Error> localError(const grpc::Status &status) const
    {
        const std::string &message = status.error_message();
        const auto made = [&](ErrorCode code) {
            return Error{.code = code, .detail = Error::excerptOf(message)};
        };
        if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
            message.starts_with("Received message larger than max"))
            return made(ErrorCode::RowTooLarge);
        const std::string lower = lowered(message);
        const auto names = [&](std::string_view word) {
            return lower.find(word) != std::string::npos;
        };
        // Errors of the socket in the middle of a call are told as if the server had sent them.
        const bool isTheSockets = names("recvmsg") || names("sendmsg") || names("socket closed") ||
                                  names("connection reset") || names("broken pipe") ||
                                  names("stream removed") || names("endpoint read failed") ||
                                  names("transport closed");
        if (isTheSockets && m_hasHead)
            return made(ErrorCode::ConnectionLost);
        const bool isTheServers = !isTheSockets && m_context.debug_error_string().find(
                                                       "received from peer") != std::string::npos;
        if (isTheServers || status.error_code() != grpc::StatusCode::UNAVAILABLE)
            return std::nullopt;
        if (m_hasHead)
            return made(ErrorCode::ConnectionLost);
        if (names("handshake") || names("ssl") || names("peer certificate"))
            return made(ErrorCode::TlsFailed);
        return made(names("dns resolution") ? ErrorCode::ResolveFailed : ErrorCode::ConnectFailed);
    }

    void addMetadata()
    {
        for (const auto &[name, value] : m_request.headers) {
            const std::string key = lowered(name);
            if (!isReserved(key))
                m_context.AddMetadata(key, value);
        }
        if (const auto timeout = callTimeoutIn(m_request.headers))
            m_context.set_deadline(Clock::now() + *timeout);
    }

    const ByteRequest &m_request;
    const std::string &m_method;
    ByteSink &m_sink;
    ProgressBoard &m_board;
    std::vector<Header> &m_trailers;
    grpc::CompletionQueue m_queue;
    grpc::ClientContext m_context;
    std::unique_ptr<grpc::GenericClientAsyncReaderWriter> m_call;
    bool m_hasHead = false;
    std::string m_frame;
};

} // namespace

Result<std::unique_ptr<Transport>> GrpcTransport::create(ByteRequest request)
{
    if (!request.proxy.empty())
        return fail(ErrorCode::Unsupported, "gRPC does not go through proxies here");
    const bool isSecure = lowered(request.url.substr(0, 6)).starts_with("grpcs:");
    // The rest is as in any URL.
    const std::size_t colon = request.url.find(':');
    const auto url = Url::parse((isSecure ? "https" : "http") + request.url.substr(colon));
    if (!url)
        return fail(url.error());
    const std::size_t host = url->text().find("://") + 3;
    const std::size_t slash = std::min(url->text().find('/', host), url->text().size());
    std::string target = url->text().substr(host, slash - host);
    std::string method = url->text().substr(slash);
    if (std::ranges::count(method, '/') < 2)
        return fail(ErrorCode::UrlInvalid, "the URL does not name a service and a method");
    if (target.find(':', target.find(']') == std::string::npos ? 0 : target.find(']')) ==
        std::string::npos)
        target += isSecure ? ":443" : ":80";
    if (const auto messages = messagesIn(request.body); !messages)
        return fail(messages.error());
    return std::make_unique<GrpcTransport>(std::move(request), std::move(target),
                                           std::move(method));
}

GrpcTransport::GrpcTransport(ByteRequest request, std::string target, std::string method)
    : m_request(std::move(request)), m_target(std::move(target)), m_method(std::move(method))
{}

Result<TransportEnd> GrpcTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    silenceGrpc();
    const auto credentials = credentialsFor(m_request);
    if (!credentials)
        return fail(credentials.error());
    m_trailers.clear();
    GrpcExchange exchange(m_request, m_method, sink, m_board, m_trailers);
    return exchange.perform(
        grpc::CreateCustomChannel(m_target, *credentials, argumentsFor(m_request)), cancel);
}

} // namespace freshet::transport
