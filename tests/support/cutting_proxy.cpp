// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cutting_proxy.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace freshet::test {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool sendAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

int connectTo(int port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (descriptor >= 0 &&
        ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return descriptor;
    if (descriptor >= 0)
        ::close(descriptor);
    return -1;
}

} // namespace

CuttingProxy::CuttingProxy(int serverPort, Cuts cuts)
    : m_serverPort(serverPort), m_cuts(std::move(cuts))
{
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (m_wake < 0 || m_listener < 0 ||
        ::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        ::listen(m_listener, 16) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        throw std::runtime_error("the proxy cannot listen");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { acceptAll(); });
}

CuttingProxy::~CuttingProxy()
{
    const std::uint64_t one = 1;
    (void)!::write(m_wake, &one, sizeof one);
    m_acceptor.join();
    for (std::thread &worker : m_workers)
        worker.join();
    ::close(m_listener);
    ::close(m_wake);
}

void CuttingProxy::acceptAll()
{
    for (std::size_t connection = 0;; ++connection) {
        pollfd waits[] = {{m_listener, POLLIN, 0}, {m_wake, POLLIN, 0}};
        while (::poll(waits, 2, -1) < 0) {
        }
        if (waits[1].revents != 0)
            return;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            continue;
        ++m_connections;
        const auto cutAfter = m_cuts(connection);
        // Only this thread adds workers, and it is joined before they are.
        m_workers.emplace_back([this, client, cutAfter] { serve(client, cutAfter); });
    }
}

void CuttingProxy::serve(int client, std::optional<std::int64_t> cutAfter)
{
    const int server = connectTo(m_serverPort);
    std::int64_t left = cutAfter.value_or(INT64_MAX);
    bool mayAsk = true; // the client may end its direction long before the server ends its own
    std::array<char, 16384> block;
    while (server >= 0) {
        const bool isHeld = m_bytes >= m_holdAt;
        pollfd waits[] = {{isHeld ? -1 : server, POLLIN, 0},
                          {m_wake, POLLIN, 0},
                          {client, short(mayAsk ? POLLIN : 0), 0}};
        if (::poll(waits, 3, -1) < 0)
            continue;
        if (waits[1].revents != 0 || (waits[2].revents & (POLLERR | POLLHUP)) != 0)
            break;
        if (waits[2].revents != 0) {
            const ssize_t got = ::recv(client, block.data(), block.size(), 0);
            if (got < 0 || (got > 0 && !sendAll(server, {block.data(), std::size_t(got)})))
                break;
            if (got == 0) {
                mayAsk = false;
                ::shutdown(server, SHUT_WR);
            }
        }
        if (waits[0].revents != 0) {
            const auto room = static_cast<std::size_t>(
                std::min<std::int64_t>(left, static_cast<std::int64_t>(block.size())));
            const ssize_t got = ::recv(server, block.data(), room, 0);
            if (got <= 0 || !sendAll(client, {block.data(), std::size_t(got)}))
                break;
            m_bytes += got;
            left -= got;
            if (left == 0) {
                const linger now = {1, 0};
                ::setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
                ++m_cut;
                break;
            }
        }
    }
    ::close(client);
    if (server >= 0)
        ::close(server);
}

} // namespace freshet::test
