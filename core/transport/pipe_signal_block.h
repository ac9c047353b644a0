// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>
#include <ctime>

namespace freshet::transport {

/// Keeps SIGPIPE from this thread: OpenSSL writes to sockets without MSG_NOSIGNAL, and libcurl's
/// own remedy changes the handler of the whole process.
class PipeSignalBlock
{
public:
    PipeSignalBlock()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        m_wasPending = sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
        m_isBlocked = pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before) == 0;
    }
    ~PipeSignalBlock()
    {
        if (!m_isBlocked)
            return;
        const timespec now = {};
        if (!m_wasPending) // take away the one we may have caused
            (void)sigtimedwait(&m_pipe, nullptr, &now);
        (void)pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    PipeSignalBlock(const PipeSignalBlock &) = delete;
    PipeSignalBlock &operator=(const PipeSignalBlock &) = delete;

private:
    sigset_t m_pipe;
    sigset_t m_before;
    bool m_wasPending = false;
    bool m_isBlocked = false;
};

} // namespace freshet::transport
