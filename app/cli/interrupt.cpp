// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/interrupt.h"

#include <atomic>
#include <csignal>
#include <semaphore>

#include <semaphore.h>

namespace freshet::cli {

namespace {

// What a signal handler may touch: a lock-free flag and a POSIX semaphore.
std::atomic<bool> s_wasAsked = false;
sem_t s_asked;

void onSignal(int signal)
{
    if (s_wasAsked.exchange(true)) {
        std::signal(signal, SIG_DFL);
        std::raise(signal);
        return;
    }
    sem_post(&s_asked);
}

void setHandlers(void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

} // namespace

Interrupt::Interrupt()
{
    s_wasAsked = false;
    sem_init(&s_asked, 0, 0);
    m_watcher = std::thread([this] { watch(); });
    setHandlers(onSignal);
}

Interrupt::~Interrupt()
{
    setHandlers(SIG_DFL);
    sem_post(&s_asked);
    m_watcher.join();
    sem_destroy(&s_asked);
}

void Interrupt::watch()
{
    while (sem_wait(&s_asked) != 0) {
    }
    if (s_wasAsked)
        m_token.cancel();
}

void Interrupt::wait() const
{
    std::binary_semaphore asked(0);
    const auto wake = m_token.onCancel([&asked] { asked.release(); });
    asked.acquire();
}

} // namespace freshet::cli
