// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QFuture>
#include <QObject>
#include <QPointer>
#include <QtConcurrent>

#include <cstdint>
#include <memory>
#include <utility>

namespace freshet::ui {

/// The window's one way to work that may wait for a disk, a network or a processor.
///
/// `run` does `work` on a worker and hands its result to `answer` on the GUI thread, after `run`
/// has returned, unless the runner is gone by then. `runLatest` also drops the answer when a later
/// `runLatest` was asked for in between. `work` owns (shares) everything it touches. \code
///   m_runner.runLatest([library] { return library->list(); },
///                      [this](auto records) { show(std::move(records)); });
/// \endcode
/// Threads: GUI thread only.
class TaskRunner : public QObject
{
public:
    using QObject::QObject;

    template <typename Work, typename Answer>
    void run(Work work, Answer answer)
    {
        start(std::move(work), std::move(answer), nullptr);
    }

    template <typename Work, typename Answer>
    void runLatest(Work work, Answer answer)
    {
        *m_generation += 1;
        start(std::move(work), std::move(answer), m_generation);
    }

private:
    using Generation = std::shared_ptr<std::uint64_t>;

    template <typename Work, typename Answer>
    void start(Work work, Answer answer, const Generation &generation)
    {
        using Value = std::invoke_result_t<Work>;
        const std::uint64_t asked = generation ? *generation : 0;
        // Always by way of the event loop: a worker that is fast would otherwise be answered before
        // `run` returns. The guard is read on the GUI thread, which is the one that clears it.
        QtConcurrent::run(
            [work = std::move(work)]() mutable { return std::make_shared<Value>(work()); })
            .then([guard = QPointer<TaskRunner>(this), generation, asked,
                   answer = std::move(answer)](const std::shared_ptr<Value> &value) mutable {
                QMetaObject::invokeMethod(
                    QCoreApplication::instance(),
                    [guard = std::move(guard), generation = std::move(generation), asked,
                     answer = std::move(answer), value]() mutable {
                        if (guard && (!generation || *generation == asked))
                            answer(std::move(*value));
                    },
                    Qt::QueuedConnection);
            });
    }

    Generation m_generation = std::make_shared<std::uint64_t>(0);
};

} // namespace freshet::ui
