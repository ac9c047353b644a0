// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/raw_server.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace freshet::test {

namespace {

void require(bool isGood, const char *what)
{
    if (!isGood)
        throw std::runtime_error(std::string("raw server: ") + what);
}

std::size_t contentLengthOf(std::string_view head)
{
    constexpr std::string_view kName = "content-length:";
    const auto place = std::search(head.begin(), head.end(), kName.begin(), kName.end(),
                                   [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    if (place == head.end())
        return 0;
    const std::string value(place + kName.size(), head.end());
    return static_cast<std::size_t>(std::strtoull(value.c_str(), nullptr, 10));
}

/// Source: RFC 6455 §4.2.2.
std::string upgradeAnswer(const std::string &request)
{
    constexpr std::string_view kName = "Sec-WebSocket-Key: ";
    const std::size_t at = request.find(kName);
    require(at != std::string::npos, "no WebSocket");
    const std::size_t start = at + kName.size();
    const std::string text = request.substr(start, request.find('\r', start) - start) +
                             "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    require(EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) == 1, "SHA-1");
    char accept[64];
    require(EVP_EncodeBlock(reinterpret_cast<unsigned char *>(accept), digest,
                            static_cast<int>(size)) > 0,
            "base64");
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           std::string(accept) + "\r\n\r\n";
}

} // namespace

struct RawServer::Context
{
    SSL_CTX *ssl = nullptr;
    ~Context() { SSL_CTX_free(ssl); }
};

/// A socket that waits for the client and for the end of the server alike.
class RawServer::Connection
{
public:
    Connection(int descriptor, int wake, SSL_CTX *context) : m_descriptor(descriptor), m_wake(wake)
    {
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (context) {
            m_ssl = SSL_new(context);
            SSL_set_fd(m_ssl, descriptor);
        }
    }
    ~Connection()
    {
        SSL_free(m_ssl);
        ::close(m_descriptor);
    }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    bool handshake()
    {
        return !m_ssl || repeat([this] { return SSL_accept(m_ssl); }) == 1;
    }
    /// Bytes taken; 0 or less if the client went or the server ends.
    ssize_t write(std::string_view bytes)
    {
        if (m_ssl)
            return repeat([&] { return SSL_write(m_ssl, bytes.data(), int(bytes.size())); });
        if (!wait(POLLOUT))
            return 0;
        return ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    ssize_t read(char *into, std::size_t size)
    {
        if (m_ssl)
            return repeat([&] { return SSL_read(m_ssl, into, int(size)); });
        return wait(POLLIN) ? ::recv(m_descriptor, into, size, 0) : 0;
    }
    /// False once the server ends.
    bool pause(std::chrono::milliseconds time)
    {
        pollfd wait = {m_wake, POLLIN, 0};
        return ::poll(&wait, 1, static_cast<int>(time.count())) == 0;
    }
    void drain()
    {
        char dropped[4096];
        while (read(dropped, sizeof dropped) > 0) {
        }
    }
    void closeOurs(bool isBare)
    {
        if (m_ssl && !isBare)
            SSL_shutdown(m_ssl);
        ::shutdown(m_descriptor, SHUT_WR);
    }
    void resetOnClose()
    {
        const linger now = {1, 0};
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }

private:
    /// False once the server ends.
    bool wait(short events)
    {
        pollfd waits[] = {{m_descriptor, events, 0}, {m_wake, POLLIN, 0}};
        while (::poll(waits, 2, -1) < 0) {
        }
        return waits[1].revents == 0;
    }
    template <typename Action>
    int repeat(Action action)
    {
        while (true) {
            ERR_clear_error();
            const int result = action();
            if (result > 0)
                return result;
            const int error = SSL_get_error(m_ssl, result);
            const bool wantsRead = error == SSL_ERROR_WANT_READ;
            if (!wantsRead && error != SSL_ERROR_WANT_WRITE)
                return result;
            if (!wait(wantsRead ? POLLIN : POLLOUT))
                return 0;
        }
    }

    int m_descriptor;
    int m_wake;
    SSL *m_ssl = nullptr;
};

RawServer::RawServer(std::vector<Script> scripts, const Tls &tls)
    : m_context(std::make_unique<Context>()), m_scripts(std::move(scripts))
{
    listenAndAccept(tls);
}

RawServer::RawServer(Responder responder, const Tls &tls)
    : m_context(std::make_unique<Context>()), m_responder(std::move(responder))
{
    listenAndAccept(tls);
}

void RawServer::listenAndAccept(const Tls &tls)
{
    if (!tls.certificateFile.empty()) {
        m_context->ssl = SSL_CTX_new(TLS_server_method());
        require(SSL_CTX_use_certificate_file(m_context->ssl, tls.certificateFile.c_str(),
                                             SSL_FILETYPE_PEM) == 1 &&
                    SSL_CTX_use_PrivateKey_file(m_context->ssl, tls.keyFile.c_str(),
                                                SSL_FILETYPE_PEM) == 1,
                "certificate");
        SSL_CTX_set_mode(m_context->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE);
    }
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    require(m_wake >= 0 && m_listener >= 0, "descriptor");
    require(::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) == 0 &&
                ::listen(m_listener, 16) == 0 &&
                ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) == 0,
            "listen");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { acceptAll(); });
}

RawServer::~RawServer()
{
    const std::uint64_t one = 1;
    (void)!::write(m_wake, &one, sizeof one);
    m_acceptor.join();
    for (std::thread &worker : m_workers)
        worker.join();
    ::close(m_listener);
    ::close(m_wake);
}

void RawServer::addScript(Script script)
{
    const std::lock_guard lock(m_mutex);
    m_scripts.push_back(std::move(script));
}

std::string RawServer::url(std::string_view path) const
{
    return (m_context->ssl ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(m_port) +
           std::string(path);
}

std::vector<std::string> RawServer::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

void RawServer::acceptAll()
{
    for (std::size_t connection = 0;; ++connection) {
        pollfd waits[] = {{m_listener, POLLIN, 0}, {m_wake, POLLIN, 0}};
        while (::poll(waits, 2, -1) < 0) {
        }
        if (waits[1].revents != 0)
            return;
        const int descriptor =
            ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (descriptor < 0)
            continue;
        // Only this thread adds workers, and it is joined before they are.
        m_workers.emplace_back([this, descriptor, connection] { serve(descriptor, connection); });
    }
}

Script RawServer::scriptFor(std::size_t connection, const std::string &request,
                            std::size_t number) const
{
    if (m_responder)
        return m_responder(request, number);
    const std::lock_guard lock(m_mutex);
    return m_scripts.empty() ? Script() : m_scripts[std::min(connection, m_scripts.size() - 1)];
}

void RawServer::serve(int descriptor, std::size_t connectionNumber)
{
    // OpenSSL writes without MSG_NOSIGNAL; a client that went must not end the test.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

    Connection connection(descriptor, m_wake, m_context->ssl);
    std::string input;
    std::string request;
    std::size_t requestNumber = 0;

    // False if the client went before its request was whole.
    const auto readRequest = [&] {
        while (true) {
            const std::size_t headEnd = input.find("\r\n\r\n");
            if (headEnd != std::string::npos) {
                const std::size_t whole =
                    headEnd + 4 + contentLengthOf(std::string_view(input).substr(0, headEnd));
                if (input.size() >= whole) {
                    request = input.substr(0, whole);
                    const std::lock_guard lock(m_mutex);
                    requestNumber = m_requests.size();
                    m_requests.push_back(request);
                    input.erase(0, whole);
                    return true;
                }
            }
            char block[4096];
            const ssize_t got = connection.read(block, sizeof block);
            if (got <= 0)
                return false;
            input.append(block, static_cast<std::size_t>(got));
        }
    };
    const auto sendAll = [&](std::string_view bytes, std::size_t pieceSize) {
        while (!bytes.empty()) {
            const std::size_t piece = pieceSize == 0 ? bytes.size() : pieceSize;
            const ssize_t sent = connection.write(bytes.substr(0, piece));
            if (sent <= 0)
                return false;
            m_bytesSent += sent;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    };

    if (!connection.handshake() || !readRequest())
        return;
    const Script script = scriptFor(connectionNumber, request, requestNumber);
    for (const Script::Step &step : script.steps()) {
        switch (step.kind) {
        case Script::Kind::Send:
            if (!sendAll(step.bytes, step.pieceSize))
                return;
            break;
        case Script::Kind::Pause:
            if (!connection.pause(step.pause))
                return;
            break;
        case Script::Kind::Wait:
            while (step.gate.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
                if (!connection.pause(std::chrono::milliseconds(2)))
                    return;
            }
            break;
        case Script::Kind::Flood:
            ++m_hanging;
            while (sendAll(step.bytes, 0)) {
            }
            return;
        case Script::Kind::Upgrade:
            if (!sendAll(upgradeAnswer(requests().back()), 0))
                return;
            break;
        case Script::Kind::AwaitRequest:
            if (!readRequest())
                return;
            break;
        case Script::Kind::Stall:
            ++m_hanging;
            connection.drain();
            return;
        case Script::Kind::HalfClose:
            connection.closeOurs(false);
            connection.drain();
            return;
        case Script::Kind::Reset:
            connection.resetOnClose();
            return;
        case Script::Kind::CloseBare:
            connection.closeOurs(true);
            connection.drain();
            return;
        }
    }
    connection.closeOurs(false);
    connection.drain(); // closing with unread bytes would be a reset
}

} // namespace freshet::test
