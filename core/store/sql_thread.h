// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>

class QSqlDatabase;

namespace freshet::store {

/// An SQLite connection on a thread of its own. Qt allows a connection only on the thread that
/// opened it; here that thread lives as long as the connection and runs one piece of work after
/// the other, so that callers may come from any thread.
///
/// Threads: thread-safe; `run` waits for its work, and work must not call `run`.
class SqlThread
{
public:
    /// Open the database file, creating it if need be: WAL, synchronous=FULL, foreign keys.
    [[nodiscard]] static Result<std::unique_ptr<SqlThread>> open(const std::filesystem::path &file);
    ~SqlThread();
    SqlThread(const SqlThread &) = delete;
    SqlThread &operator=(const SqlThread &) = delete;

    template <typename Work>
    std::invoke_result_t<Work, QSqlDatabase &> run(Work work)
    {
        std::packaged_task<std::invoke_result_t<Work, QSqlDatabase &>()> task(
            [this, &work] { return work(*m_database); });
        auto done = task.get_future();
        post([&task] { task(); });
        return done.get();
    }

private:
    SqlThread();
    void post(std::function<void()> work);
    void loop(const std::filesystem::path &file, std::promise<Status> &opened);

    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<std::function<void()>> m_work;
    bool m_ending = false;
    QSqlDatabase *m_database = nullptr; ///< touched by the thread alone
    std::thread m_thread;
};

} // namespace freshet::store
