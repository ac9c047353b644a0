// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/database_file.h"

#include <condition_variable>
#include <deque>
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
    [[nodiscard]] static Result<std::unique_ptr<SqlThread>>
    open(std::unique_ptr<DatabaseFile> file);
    ~SqlThread();
    SqlThread(const SqlThread &) = delete;
    SqlThread &operator=(const SqlThread &) = delete;

    /// `work`, which returns a Result, may be run again if what it read proves to be torn.
    template <typename Work>
    std::invoke_result_t<Work, QSqlDatabase &> run(Work work)
    {
        using Answer = std::invoke_result_t<Work, QSqlDatabase &>;
        std::packaged_task<Answer()> task([this, &work]() -> Answer {
            while (true) {
                FRESHET_TRY(m_file->makeReady(*m_database));
                Answer answer = work(*m_database);
                if (m_file->wasUndisturbed())
                    return answer;
            }
        });
        auto done = task.get_future();
        post([&task] { task(); });
        return done.get();
    }

private:
    SqlThread();
    void post(std::function<void()> work);
    void loop(std::promise<Status> &opened);

    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<std::function<void()>> m_work;
    bool m_ending = false;
    std::unique_ptr<DatabaseFile> m_file; ///< touched by the thread alone, as is the next
    QSqlDatabase *m_database = nullptr;
    std::thread m_thread;
};

} // namespace freshet::store
