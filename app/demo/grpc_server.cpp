// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/grpc_server.h"

#include "demo/grpc_web.h"
#include "demo/user_stream.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>

namespace freshet::demo {

namespace {

std::string textOf(const grpc::ByteBuffer &buffer)
{
    std::vector<grpc::Slice> slices;
    std::string text;
    if (buffer.Dump(&slices).ok()) {
        for (const grpc::Slice &slice : slices)
            text.append(reinterpret_cast<const char *>(slice.begin()), slice.size());
    }
    return text;
}

/// Answers one call; the library deletes it through `OnDone`.
class Answer final : public grpc::ServerGenericBidiReactor
{
public:
    explicit Answer(grpc::GenericCallbackServerContext &context) : m_context(context)
    {
        StartRead(&m_buffer);
    }

    void OnReadDone(bool isRead) override
    {
        constexpr std::string_view kService = "/users.UserService/";
        const std::string &path = m_context.method();
        const std::string method =
            path.starts_with(kService) ? path.substr(kService.size()) : std::string();
        if (!isUserMethod(method))
            return Finish({grpc::StatusCode::UNIMPLEMENTED, "there is no such method"});
        auto query = isRead ? UserQuery::parse(textOf(m_buffer)) : UserQuery();
        if (!query)
            return Finish({grpc::StatusCode::INVALID_ARGUMENT, query.error().detail});
        m_users.emplace(std::move(*query), method == "ListUsers");
        sendNext();
    }
    void OnWriteDone(bool isWritten) override
    {
        if (isWritten)
            sendNext();
        else
            Finish(grpc::Status::CANCELLED);
    }
    void OnCancel() override
    {
        if (m_isStalled.exchange(false))
            Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

private:
    void sendNext()
    {
        switch (m_users->next(m_message)) {
        case UserStream::Step::Message: {
            const grpc::Slice slice(m_message);
            m_buffer = grpc::ByteBuffer(&slice, 1);
            return StartWrite(&m_buffer);
        }
        case UserStream::Step::Half:
        case UserStream::Step::Closed:
            m_context.TryCancel();
            return Finish(grpc::Status::CANCELLED);
        case UserStream::Step::Stalled:
            m_isStalled = true;
            // It may have been cancelled before there was anything to end.
            if (m_context.IsCancelled() && m_isStalled.exchange(false))
                Finish(grpc::Status::CANCELLED);
            return;
        case UserStream::Step::Failed:
            return Finish({grpc::StatusCode::INTERNAL, "internal server error"});
        case UserStream::Step::Done:
            return Finish(grpc::Status::OK);
        }
    }

    grpc::GenericCallbackServerContext &m_context;
    grpc::ByteBuffer m_buffer;
    std::optional<UserStream> m_users;
    std::string m_message;
    std::atomic<bool> m_isStalled = false;
};

class Service final : public grpc::CallbackGenericService
{
public:
    grpc::ServerGenericBidiReactor *
    CreateReactor(grpc::GenericCallbackServerContext *context) override
    {
        return new Answer(*context);
    }
};

} // namespace

struct GrpcServer::Impl
{
    Service service;
    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

GrpcServer::GrpcServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

GrpcServer::~GrpcServer()
{
    // Calls under way, stalled ones too, are cut off.
    m_impl->server->Shutdown(std::chrono::system_clock::now());
}

Result<std::unique_ptr<GrpcServer>> GrpcServer::start(int port)
{
    auto impl = std::make_unique<Impl>();
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(),
                             &impl->port);
    builder.RegisterCallbackGenericService(&impl->service);
    impl->server = builder.BuildAndStart();
    if (!impl->server || impl->port == 0)
        return fail(ErrorCode::ConnectFailed,
                    "cannot listen on 127.0.0.1:" + std::to_string(port) + ": the port is taken");
    return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(impl)));
}

int GrpcServer::port() const
{
    return m_impl->port;
}

std::string GrpcServer::origin() const
{
    return "grpc://127.0.0.1:" + std::to_string(m_impl->port);
}

} // namespace freshet::demo
