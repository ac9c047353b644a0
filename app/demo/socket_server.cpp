// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/socket_server.h"

#include "demo/socket_talk.h"

#include <QCoreApplication>
#include <QThread>
#include <QWebSocketServer>

using namespace Qt::Literals::StringLiterals;

namespace freshet::demo {

struct SocketServer::Impl
{
    QThread thread;
    QObject context; ///< lives in the thread
    std::unique_ptr<QWebSocketServer> server;
    std::string url;

    ~Impl()
    {
        if (!thread.isRunning())
            return;
        // What has timers and sockets must go where it lives.
        QMetaObject::invokeMethod(
            &context, [this] { server.reset(); }, Qt::BlockingQueuedConnection);
        thread.quit();
        thread.wait();
    }

    void listen()
    {
        server =
            std::make_unique<QWebSocketServer>(u"Freshet demo"_s, QWebSocketServer::NonSecureMode);
        QObject::connect(server.get(), &QWebSocketServer::newConnection, &context, [this] {
            while (QWebSocket *const socket = server->nextPendingConnection()) {
                socket->setParent(server.get());
                new SocketTalk(socket); // goes with its socket
            }
        });
        if (server->listen(QHostAddress::LocalHost))
            url = "ws://127.0.0.1:" + std::to_string(server->serverPort()) + "/ws";
    }
};

SocketServer::SocketServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

SocketServer::~SocketServer() = default;

Result<std::unique_ptr<SocketServer>> SocketServer::start()
{
    if (QCoreApplication::instance() == nullptr)
        return fail(ErrorCode::Internal, "the demo's WebSocket needs an application object");
    auto impl = std::make_unique<Impl>();
    impl->context.moveToThread(&impl->thread);
    impl->thread.start();
    QMetaObject::invokeMethod(
        &impl->context, [&impl] { impl->listen(); }, Qt::BlockingQueuedConnection);
    if (impl->url.empty())
        return fail(ErrorCode::ConnectFailed, "cannot listen on 127.0.0.1 for WebSockets");
    return std::unique_ptr<SocketServer>(new SocketServer(std::move(impl)));
}

const std::string &SocketServer::url() const
{
    return m_impl->url;
}

} // namespace freshet::demo
