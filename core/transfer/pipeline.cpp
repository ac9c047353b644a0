// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/pipeline.h"

#include "store/reconcile.h"
#include "transfer/final_facts.h"
#include "transfer/page_finder.h"
#include "transfer/sent_once.h"

#include <algorithm>
#include <random>
#include <system_error>

namespace freshet::transfer {

namespace {

LegSource::Options sourceOptions(const DownloadRequest &request, const Transfer::Options &options,
                                 const std::optional<EarlierRun> &earlier, bool hasPlanner,
                                 const std::filesystem::path &workFolder)
{
    LegSource::Options source{.retry = request.retry,
                              .makeTransport = options.makeTransport,
                              .trace = options.trace.get(),
                              .seed = std::random_device()(),
                              .workFolder = workFolder};
    if (earlier && !hasPlanner)
        source.held = earlier->rows.point.heldPrefix();
    return source;
}

} // namespace

Pipeline::Pipeline(Start start)
    : m_request(std::move(start.request)),
      m_options(std::move(start.options)),
      m_spool(std::move(start.spool)),
      m_earlier(std::move(start.earlier)),
      m_earlierRows(m_earlier ? std::optional(m_earlier->rows) : std::nullopt),
      m_writer(std::move(start.writer)),
      m_workFolder(std::move(start.workFolder)),
      m_source(m_legs, sourceOptions(m_request, m_options, m_earlier, start.planner != nullptr,
                                     m_workFolder)),
      m_progress(m_source, start.planner == nullptr),
      m_bytes(m_options.networkQueue),
      m_batches(m_options.batchQueue),
      m_network(m_source, m_bytes, m_progress, m_stop, m_gate, m_options.trace.get()),
      m_decode({m_request, m_options, m_bytes, m_batches, m_progress, m_stop, m_legs, m_gate,
                m_workFolder, m_earlierRows, std::move(start.planner), start.first}),
      m_write({m_options, m_batches, *m_writer, m_progress, m_stop, [this] { abortQueues(); },
               m_earlierRows, m_request.ring})
{
    m_source.setListener(&m_progress);
    m_legs.push(std::move(start.first));
    if (m_earlier)
        m_progress.holdsAlready(m_earlier->rows.rows, RowCount(m_earlier->rows.rejected));
}

Pipeline::~Pipeline()
{
    cancel();
    if (m_writeThread.joinable())
        m_writeThread.join();
    joinOthers();
}

Status Pipeline::start()
{
    try {
        m_networkThread = std::thread([this] { m_network.run(); });
        m_decodeThread = std::thread([this] { m_decode.run(); });
        m_writeThread = std::thread([this] { runWriter(); });
    } catch (const std::system_error &problem) {
        return fail(ErrorCode::Internal,
                    std::string("no thread for the download: ") + problem.what());
    }
    return {};
}

void Pipeline::cancel()
{
    if (isFinal(m_progress.snapshot().state))
        return;
    m_isCancelAsked = true;
    m_userCancel.cancel();
    m_progress.apply(TransferEvent::StopAsked);
    m_stop.stop(StopReason::User);
    abortQueues();
}

void Pipeline::pause()
{
    // Where nothing can be paused, a closed gate would make it stand still all the same.
    if (m_progress.apply(TransferEvent::PauseAsked))
        m_gate.close();
}

void Pipeline::unpause()
{
    m_progress.apply(TransferEvent::ResumeAsked);
    m_gate.open();
}

void Pipeline::retryNow()
{
    m_source.retryNow();
}

void Pipeline::abortQueues()
{
    m_legs.close();
    m_bytes.abort();
    m_batches.abort();
}

void Pipeline::runWriter()
{
    m_write.run();
    joinOthers();
    conclude();
}

void Pipeline::joinOthers()
{
    for (auto *thread : {&m_networkThread, &m_decodeThread}) {
        if (thread->joinable())
            thread->join();
    }
}

std::optional<Error> Pipeline::decisiveError() const
{
    if (m_write.error())
        return m_write.error();
    if (m_write.decoded() && m_write.decoded()->error)
        return m_write.decoded()->error;
    const bool hasPlan = m_write.decoded() && m_write.decoded()->plan;
    if (hasPlan && m_write.decoded()->plan->error)
        return m_write.decoded()->plan->error;
    // What a transport says that was stopped by us is no news.
    if (m_stop.reason() != StopReason::None || hasPlan)
        return std::nullopt;
    const auto &end = m_network.lastEnd();
    if (!end || end->outcome)
        return std::nullopt;
    const Error &error = end->outcome.error();
    return m_request.decode.format == decode::Format::GrpcWeb ? asGrpcError(error) : error;
}

/// How the last body ended. One that was left because its stream was over counts as ended.
std::optional<transport::TransportEnd> Pipeline::finalEnd() const
{
    if (const auto &end = m_network.lastEnd(); end && end->outcome)
        return *end->outcome;
    if (m_stop.reason() == StopReason::StreamOver)
        return transport::TransportEnd();
    return std::nullopt;
}

VerdictFacts Pipeline::gatherFacts() const
{
    const Progress now = m_progress.snapshot();
    VerdictFacts facts;
    if (const auto head = m_progress.head()) {
        facts.head = *head;
        facts.declared = declaredTotals(head->headers);
    }
    facts.format = now.format;
    facts.rows = now.rows;
    facts.rejected = now.rejected;
    facts.wireBytes = now.wireBytes;
    facts.continuations = now.continuations;
    facts.bytesReadAgain = now.bytesReadAgain;
    facts.retries = now.retries - m_source.plannedRetries();
    facts.retryCause = now.retryCause;
    facts.earlierRows = m_earlier ? m_earlier->rows.rows : RowCount();
    facts.doubt = m_earlier ? m_earlier->rows.point.doubt : HeldDoubt::None;
    facts.error = decisiveError();
    if (facts.error)
        facts.sentOnce = sentOnceMethod(m_request, *facts.error);
    if (const auto &decoded = m_write.decoded()) {
        facts.findings = decoded->findings;
        facts.inBandErrors = decoded->inBandErrors;
        if (decoded->reachedLimit)
            facts.limitReached = m_request.limit;
        else if (decoded->isOver && !facts.error)
            facts.end = finalEnd();
        facts.plan = decoded->plan;
        takeTotalOfDocument(facts);
        // A file is what somebody kept; a server can be asked for the rest.
        if (facts.end && !facts.plan && facts.head && facts.head->status != 0)
            facts.morePages =
                tellsOfMore(m_request.bytes, {*facts.head, facts.findings, facts.rows.value()});
    }
    // A wish that came after the last byte and the last row has cost nothing.
    const bool hasEverything = facts.end || facts.limitReached || facts.error;
    facts.cancelled = m_isCancelAsked && !hasEverything;
    return facts;
}

namespace {

TransferEvent eventFor(const VerdictFacts &facts, const Verdict &verdict)
{
    if (facts.cancelled)
        return TransferEvent::FoundCancelled;
    switch (verdict.kind) {
    case VerdictKind::Verified:
        return TransferEvent::FoundVerified;
    case VerdictKind::Ended:
        return TransferEvent::FoundEnded;
    case VerdictKind::Incomplete:
        break;
    }
    const bool hasSomething = facts.rows.value() > 0 || (facts.plan && facts.plan->canGoOn);
    return facts.error && !hasSomething ? TransferEvent::FoundNothing
                                        : TransferEvent::FoundIncomplete;
}

/// What a later run has to know against the rows that are held after this one. `before`: as the
/// last commit has it.
HeldDoubt doubtAfter(const VerdictFacts &facts, VerdictKind verdict, HeldDoubt before)
{
    const bool holdsRows = facts.rows > RowCount() || facts.rejected > RowCount();
    if (verdict != VerdictKind::Incomplete || !holdsRows)
        return HeldDoubt::None;
    if (facts.plan)
        return facts.plan->doubt;
    const HeldDoubt now =
        facts.error ? doubtBy(*facts.error, facts.head ? &*facts.head : nullptr) : HeldDoubt::None;
    return std::max(before, now);
}

std::string sentenceFor(const store::RunFigures &figures)
{
    return "compared by key: " + groupedDigits(figures.added.value()) + " rows added, " +
           groupedDigits(figures.updated.value()) + " updated, " +
           groupedDigits(figures.duplicates.value()) + " known already and dropped";
}

} // namespace

/// Let the rows of this run and those before it meet by key, if the request says so.
Result<std::optional<store::RunFigures>> Pipeline::compareByKey()
{
    if (!m_earlier || !m_earlier->compareFrom || m_write.error())
        return std::nullopt;
    const SinceRule &rule = *m_request.since;
    auto figures = store::reconcile(
        *m_writer, *m_earlier->compareFrom,
        {.key = rule.key, .replaces = rule.mode == SinceRule::Mode::Upsert}, m_userCancel);
    if (!figures)
        return fail(std::move(figures).error());
    return *figures;
}

/// They came, but the comparison by key did not come to its end.
std::string Pipeline::unmergedSentence() const
{
    const RowIndex end(m_writer->dataset()->snapshot().rowCount().value());
    return store::unmergedText(end - *m_earlier->compareFrom);
}

/// What a person who tries a request wants to know: that, and how, the server has more.
void Pipeline::noteFoundPages(const VerdictFacts &facts)
{
    if (facts.plan || facts.error || !facts.head || facts.head->status == 0)
        return;
    const RowCount came = facts.rows + facts.rejected;
    if (auto pages = findPages(m_request.bytes, {*facts.head, facts.findings, came.value()}))
        m_progress.found(std::move(*pages));
}

/// What has become rows is not needed any more; of an incomplete download a later run goes on with
/// it.
void Pipeline::tidyUp(VerdictKind verdict) const
{
    std::error_code ignored; // what is left goes with the dataset
    for (const auto &folder : {m_workFolder, m_spool}) {
        if (verdict != VerdictKind::Incomplete && !folder.empty())
            std::filesystem::remove_all(folder, ignored);
    }
}

void Pipeline::conclude()
{
    VerdictFacts facts = gatherFacts();
    noteFoundPages(facts);
    const auto figures = compareByKey();
    if (!figures && !facts.cancelled)
        facts.error = figures.error();
    if (const auto trimmed = m_write.trim(); !trimmed && !facts.error)
        facts.error = trimmed.error();
    Verdict verdict = judge(facts);
    if (const RowCount gone = m_write.trimmedRows(); gone > RowCount())
        verdict.evidence.push_back("ring: " + groupedDigits(gone.value()) +
                                   " older rows made room for the last " +
                                   groupedDigits(m_request.ring->value()));
    if (figures && *figures)
        verdict.evidence.push_back(sentenceFor(**figures));
    else if (!figures)
        verdict.evidence.push_back(unmergedSentence());
    const TransferEvent event = eventFor(facts, verdict);
    const Progress now = m_progress.snapshot();
    const auto state = nextState(now.state, event).value_or(TransferState::Failed);
    const DecodeOutcome decoded = m_write.decoded().value_or(DecodeOutcome());
    const std::optional<RowIndex> rowsLeft =
        figures && *figures ? std::optional(*m_earlier->compareFrom + (*figures)->added)
                            : std::nullopt;
    const auto closed = m_writer->finish({
        .state = std::string(transferStateName(state)),
        .verdict = std::string(verdictName(verdict.kind)),
        .evidence = verdict.evidence,
        .resumePoint =
            m_write.resumePoint(rowsLeft, doubtAfter(facts, verdict.kind, m_write.doubt())),
        .error = facts.error ? facts.error->toString() : "",
        .facts = finalFacts(now, m_progress.head().get(), decoded, facts.error),
        .wireBytes = now.wireBytes,
        .decodedBytes = now.decodedBytes,
        .figures = figures ? *figures : std::nullopt,
        .isReconciled = figures.has_value(),
    });
    if (m_options.trace)
        m_options.trace->addCpu(ArrivalTrace::Stage::Store, threadCpuTime());
    const RowCount kept = m_options.keepsRows ? m_writer->keptRows() : now.rows;
    if (closed) {
        tidyUp(verdict.kind);
        m_progress.finish(event, std::move(verdict), std::move(facts.error), kept);
        return;
    }
    // Whatever arrived: what could not be written down is not complete, and not among its rows.
    facts.rows = kept;
    if (!facts.error)
        facts.error = closed.error();
    m_progress.finish(facts.cancelled ? event : TransferEvent::FoundIncomplete, judge(facts),
                      std::move(facts.error), kept);
}

} // namespace freshet::transfer
