// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_run.h"

#include "lab/scratch_library.h"
#include "lab/single_run.h"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace freshet::lab {

namespace {

using Clock = std::chrono::steady_clock;

std::chrono::microseconds since(Clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

} // namespace

struct LabRun::Impl
{
    LabPlan plan;
    Options options;
    std::unique_ptr<ScratchLibrary> scratch;
    std::vector<RunSlot> order;
    Clock::time_point start = Clock::now();
    std::chrono::system_clock::time_point began = std::chrono::system_clock::now();
    CancelToken cancel;
    std::thread thread;

    mutable std::mutex mutex; ///< guards what is below
    mutable std::condition_variable finished;
    std::optional<RunSlot> current;
    std::shared_ptr<transfer::Transfer> transfer;
    std::shared_ptr<const transfer::ArrivalTrace> trace;
    std::vector<std::shared_ptr<const RunRecord>> runs;
    std::optional<std::chrono::microseconds> took; ///< set when it is finished
    std::optional<Error> error;

    void run();
    [[nodiscard]] Status makeRuns();
    [[nodiscard]] RunEnvironment environment();
    [[nodiscard]] LabSession session() const;
};

RunEnvironment LabRun::Impl::environment()
{
    return {.library = scratch->library(),
            .rows = plan.rows,
            .sessions = plan.connections == Connections::Warm
                            ? std::make_shared<transport::SessionPool>()
                            : nullptr,
            .transfer = options.transfer,
            .onRun = [this](auto now, auto itsTrace) {
                const std::lock_guard lock(mutex);
                transfer = std::move(now);
                trace = std::move(itsTrace);
            }};
}

Status LabRun::Impl::makeRuns()
{
    const RunEnvironment surroundings = environment();
    // libcurl and OpenSSL set themselves up once in a process: not at the first run's cost.
    if (const auto session = transport::CurlSession::create(); !session)
        return fail(session.error());
    for (const RunSlot &slot : order) {
        {
            const std::lock_guard lock(mutex);
            current = slot;
        }
        const Variant &variant = plan.variants[static_cast<std::size_t>(slot.variant)];
        auto record = makeRun(variant, surroundings, cancel);
        if (!record)
            return fail(std::move(record).error());
        if (cancel.isCancelled())
            return {};
        record->variant = slot.variant;
        record->repeat = slot.repeat;
        record->isWarmUp = slot.isWarmUp;
        const std::lock_guard lock(mutex);
        record->position = static_cast<int>(runs.size());
        runs.push_back(std::make_shared<const RunRecord>(std::move(*record)));
    }
    return {};
}

void LabRun::Impl::run()
{
    Status done = makeRuns();
    scratch.reset();
    if (!options.library.empty()) {
        const Status saved = saveSession(options.library, session());
        if (done)
            done = saved;
    }
    {
        const std::lock_guard lock(mutex);
        current.reset();
        took = since(start);
        if (!done)
            error = std::move(done).error();
    }
    finished.notify_all();
}

LabSession LabRun::Impl::session() const
{
    LabSession session{.plan = plan, .began = began, .program = "Freshet " FRESHET_VERSION};
    session.plan.name = plan.suggestedName();
    session.id = newSessionId(session.plan, began);
    session.isCancelled = cancel.isCancelled();
    const std::lock_guard lock(mutex);
    for (const auto &run : runs)
        session.runs.push_back(*run);
    return session;
}

LabRun::LabRun(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

LabRun::~LabRun()
{
    cancel();
    if (m_impl->thread.joinable())
        m_impl->thread.join();
}

Result<std::unique_ptr<LabRun>> LabRun::start(LabPlan plan, Options options)
{
    FRESHET_TRY(plan.validate());
    auto scratch = ScratchLibrary::create(options.library.empty() ? options.library
                                                                  : sessionFolder(options.library));
    if (!scratch)
        return fail(std::move(scratch).error());
    auto impl = std::make_unique<Impl>();
    impl->order = runOrder(plan);
    impl->plan = std::move(plan);
    impl->options = std::move(options);
    impl->scratch = std::move(*scratch);
    std::unique_ptr<LabRun> run(new LabRun(std::move(impl)));
    try {
        run->m_impl->thread = std::thread([impl = run->m_impl.get()] { impl->run(); });
    } catch (const std::system_error &problem) {
        return fail(ErrorCode::Internal, std::string("no thread for the lab: ") + problem.what());
    }
    return run;
}

const LabPlan &LabRun::plan() const
{
    return m_impl->plan;
}

LabProgress LabRun::progress() const
{
    LabProgress progress;
    const std::lock_guard lock(m_impl->mutex);
    progress.done = static_cast<int>(m_impl->runs.size());
    progress.total = static_cast<int>(m_impl->order.size());
    progress.current = m_impl->current;
    progress.runs = m_impl->runs;
    progress.isFinished = m_impl->took.has_value();
    progress.elapsed = m_impl->took.value_or(since(m_impl->start));
    progress.error = m_impl->error;
    // Under the lock: the run waits with its end until nobody looks at it.
    if (m_impl->transfer) {
        progress.transfer = m_impl->transfer->progress();
        progress.rowPoints = m_impl->trace->rowPoints();
    }
    return progress;
}

void LabRun::cancel()
{
    m_impl->cancel.cancel();
}

bool LabRun::waitFor(std::chrono::milliseconds patience) const
{
    std::unique_lock lock(m_impl->mutex);
    return m_impl->finished.wait_for(lock, patience, [&] { return m_impl->took.has_value(); });
}

LabSession LabRun::session() const
{
    return m_impl->session();
}

} // namespace freshet::lab
