// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_run.h"

#include "support/temporary_place.h"

#include <algorithm>

namespace freshet::test {

namespace {

using namespace std::chrono_literals;
using transfer::Progress;
using transfer::Transfer;
using transfer::VerdictKind;

constexpr auto kPatience = 60s;
/// Honest answers after the last fault: nothing needs more runs.
constexpr int kMostResumes = 8;

const transport::Header kCredentials = {"Authorization", "Bearer t0p-secret"};

std::string textOf(const Progress &progress)
{
    std::string text = progress.verdict ? std::string(verdictName(progress.verdict->kind)) : "none";
    if (progress.verdict)
        for (const auto &sentence : progress.verdict->evidence)
            text += "; " + sentence;
    return text + " | " + (progress.error ? progress.error->toString() : "no error") + " | " +
           std::to_string(progress.rows.value()) + " rows";
}

bool isIn(const std::vector<ErrorCode> &codes, ErrorCode code)
{
    return std::ranges::find(codes, code) != codes.end();
}

} // namespace

Progress finished(const Transfer &transfer)
{
    if (!transfer.waitFor(kPatience))
        qFatal("the transfer does not end");
    return transfer.progress();
}

TableText faultFreeTable(const Sample &sample)
{
    const Fault none{0, "no fault", [](const Sample &of, const std::string &) {
                         return Plan{.skipped = {}, .resource = of.resource()};
                     }};
    FaultRun run(none, sample, {});
    const auto transfer = run.start(0);
    if (!transfer || finished(**transfer).error)
        qFatal("the fault-free download fails");
    auto table = tableText((*transfer)->dataset()->snapshot());
    if (!table || static_cast<int>(table->rows.size()) != Sample::kRows)
        qFatal("the fault-free table has other rows than the sample");
    return std::move(*table);
}

FaultRun::FaultRun(const Fault &fault, const Sample &sample, const RawServer::Tls &tls)
    : m_sample(sample),
      m_folder(temporaryPlace()),
      m_elsewhere(std::make_unique<FaultServer>(sample.resource(), std::vector<Answer>{})),
      m_plan(fault.plan(sample, m_elsewhere->url("")))
{
    if (m_plan.isTls)
        m_caFile = tls.certificateFile;
    m_server = std::make_unique<FaultServer>(m_plan.resource, m_plan.answers,
                                             m_plan.isTls ? tls : RawServer::Tls{});
    openLibrary();
}

FaultRun::~FaultRun() = default;

std::string FaultRun::libraryFolder() const
{
    return m_folder.path().toStdString();
}

void FaultRun::openLibrary()
{
    m_library.reset();
    auto library = store::Library::open(libraryFolder());
    if (!library)
        qFatal("%s", library.error().toString().c_str());
    m_library = std::move(*library);
}

transfer::DownloadRequest FaultRun::request(int retries) const
{
    transfer::DownloadRequest request{.bytes = {.url = m_server->url()}};
    request.bytes.caFile = m_caFile;
    request.decode = m_sample.decodeOptions();
    if (m_plan.hasCredentials)
        request.bytes.headers = {kCredentials};
    request.retry.maxRetries = retries;
    request.retry.firstDelay = 1ms;
    request.retry.maxDelay = 2ms;
    return request;
}

Result<std::unique_ptr<Transfer>> FaultRun::start(int retries)
{
    return Transfer::start(m_library, request(retries), {});
}

Result<std::unique_ptr<Transfer>> FaultRun::resume()
{
    const auto all = m_library->list();
    if (!all)
        return fail(all.error());
    if (all->empty())
        return start(0);
    transfer::RequestSecrets secrets;
    if (m_plan.hasCredentials)
        secrets.headers = {kCredentials};
    return Transfer::resume(m_library, all->front().id, secrets, {});
}

bool FaultRun::mayEndShort() const
{
    return std::ranges::any_of(
        m_plan.runs, [](const Expected &expected) { return expected.end == Expected::End::Short; });
}

std::string FaultRun::check(const Transfer &transfer, const TableText &whole) const
{
    const Progress progress = finished(transfer);
    auto table = tableText(transfer.dataset()->snapshot());
    if (!table)
        return "the table cannot be read: " + table.error().toString();
    if (!progress.verdict)
        return "there is no verdict";
    // A kill may have come before that row was kept.
    if (m_plan.hasForeignRow && *table != whole && table->rows.size() > 1)
        table->rows.pop_back();
    if (!table->isStartOf(whole))
        return "what is kept are not the first rows of the table: " + textOf(progress) +
               "\nlast row: " + table->rows.back();
    const VerdictKind kind = progress.verdict->kind;
    if (*table == whole)
        return {};
    if (kind == VerdictKind::Verified)
        return "verified, though rows are missing: " + textOf(progress);
    if (kind == VerdictKind::Ended && !mayEndShort())
        return "ended, though the loss can be seen: " + textOf(progress);
    return {};
}

std::string FaultRun::checkExpected(const Transfer &transfer, const Expected &expected,
                                    const TableText &whole) const
{
    if (auto problem = check(transfer, whole); !problem.empty())
        return problem;
    // What is always read from the start meets other answers than a request for the rest.
    if (!m_sample.canEnterMidway())
        return {};
    const Progress progress = finished(transfer);
    const VerdictKind kind = progress.verdict->kind;
    const auto table = tableText(transfer.dataset()->snapshot());
    switch (expected.end) {
    case Expected::End::Whole:
        if (kind == VerdictKind::Incomplete || progress.error || *table != whole)
            return "should be whole: " + textOf(progress);
        break;
    case Expected::End::Broken:
        if (kind != VerdictKind::Incomplete)
            return "should be incomplete: " + textOf(progress);
        if (!expected.codes.empty() &&
            (!progress.error || !isIn(expected.codes, progress.error->code)))
            return "should end in another error: " + textOf(progress);
        break;
    case Expected::End::Short:
        if (kind != VerdictKind::Ended)
            return "should have ended: " + textOf(progress);
        break;
    }
    return {};
}

std::string FaultRun::playRuns(const TableText &whole)
{
    for (std::size_t number = 0; number < m_plan.runs.size(); ++number) {
        const auto transfer = number == 0 ? start(m_plan.retries) : resume();
        const std::string run = "run " + std::to_string(number + 1) + ": ";
        if (!transfer && !m_sample.canEnterMidway())
            return {}; // whole before its time
        if (!transfer)
            return run + transfer.error().toString();
        if (auto problem = checkExpected(**transfer, m_plan.runs[number], whole); !problem.empty())
            return run + problem;
    }
    return {};
}

std::string FaultRun::finish(const TableText &whole)
{
    std::string last;
    for (int resumes = 0; resumes < kMostResumes; ++resumes) {
        const auto all = m_library->list();
        if (!all)
            return all.error().toString();
        if (!all->empty() && all->front().verdict != "incomplete") {
            const auto dataset = m_library->dataset(all->front().id);
            const auto table = dataset ? tableText((*dataset)->snapshot()) : fail(dataset.error());
            if (!table)
                return table.error().toString();
            const bool isShort = all->front().verdict == "ended" && mayEndShort();
            return *table == whole || (isShort && table->isStartOf(whole))
                       ? std::string()
                       : all->front().verdict + ", but the table is another one";
        }
        const auto transfer = resume();
        if (!transfer)
            return transfer.error().toString();
        if (auto problem = check(**transfer, whole); !problem.empty())
            return problem;
        const Progress progress = finished(**transfer);
        if (m_plan.isBeyondRepair && progress.error &&
            progress.error->code == ErrorCode::SourceChanged)
            return {};
        last = textOf(progress);
    }
    return "not whole after " + std::to_string(kMostResumes) + " resumes: " + last;
}

std::string FaultRun::checkRequest(const Asked &asked) const
{
    const auto range = asked.header("Range");
    const auto condition = asked.header("If-Range");
    if (range.has_value() != condition.has_value())
        return "Range and If-Range go together";
    if (!range)
        return {};
    if (m_plan.ranges == Ranges::Forbidden)
        return "no range may be asked for";
    const auto from = asked.rangeStart();
    if (!from || *from == 0 || *from > m_plan.resource.body.size())
        return "strange range: " + *range;
    const std::string &validator =
        m_plan.resource.etag.empty() ? m_plan.resource.lastModified : m_plan.resource.etag;
    if (*condition != validator || condition->starts_with("W/"))
        return "wrong If-Range: " + *condition;
    return {};
}

std::string FaultRun::checkRequests(bool isPlain) const
{
    const std::vector<Asked> here = m_server->asked();
    const std::vector<Asked> there = m_elsewhere->asked();
    bool hasRange = false;
    for (const auto *all : {&here, &there}) {
        for (const Asked &asked : *all) {
            if (auto problem = checkRequest(asked); !problem.empty())
                return problem + " in\n" + asked.text;
            if (asked.header("Accept-Encoding") != here.front().header("Accept-Encoding"))
                return "another Accept-Encoding than before:\n" + asked.text;
            if (asked.header("Authorization").has_value() !=
                (m_plan.hasCredentials && all == &here))
                return "credentials at the wrong place:\n" + asked.text;
            hasRange = hasRange || asked.rangeStart();
        }
    }
    if (isPlain && m_sample.canEnterMidway() && m_plan.ranges == Ranges::Used && !hasRange)
        return "no range was asked for";
    return {};
}

} // namespace freshet::test
