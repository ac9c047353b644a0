// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sql_thread.h"

#include <QSqlDatabase>

#include <atomic>
#include <system_error>

namespace freshet::store {

SqlThread::SqlThread() = default;

Result<std::unique_ptr<SqlThread>> SqlThread::open(std::unique_ptr<DatabaseFile> file)
{
    std::unique_ptr<SqlThread> sql(new SqlThread);
    sql->m_file = std::move(file);
    std::promise<Status> opened;
    auto answer = opened.get_future();
    try {
        sql->m_thread = std::thread([&] { sql->loop(opened); });
    } catch (const std::system_error &error) {
        return fail(ErrorCode::Internal,
                    std::string("no thread for the catalogue: ") + error.what());
    }
    FRESHET_TRY(answer.get());
    return sql;
}

SqlThread::~SqlThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_posted.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void SqlThread::post(std::function<void()> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_work.push_back(std::move(work));
    }
    m_posted.notify_one();
}

void SqlThread::loop(std::promise<Status> &opened)
{
    static std::atomic<int> counter{0};
    const QString name = QStringLiteral("freshet-library-%1").arg(++counter);
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        m_database = &database;
        Status status = m_file->open(database);
        const bool works = status.has_value();
        // The caller may be gone after this line: `opened` is not touched again.
        opened.set_value(std::move(status));
        while (works) {
            std::unique_lock lock(m_mutex);
            m_posted.wait(lock, [this] { return m_ending || !m_work.empty(); });
            if (m_work.empty())
                break;
            auto work = std::move(m_work.front());
            m_work.pop_front();
            lock.unlock();
            work();
        }
        m_database = nullptr;
        database.close();
    }
    QSqlDatabase::removeDatabase(name);
}

} // namespace freshet::store
