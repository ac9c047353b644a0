// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From leg to leg: what came of one, which come next, what they may repeat.
#include "base/file.h"
#include "transfer/decode_stage.h"

#include <algorithm>

namespace freshet::transfer {

namespace {

constexpr std::size_t kFileBlock = 256 << 10;

} // namespace

/// With a planner, what is wrong with one answer is for it to judge: the error waits for the end of
/// the leg.
Status DecodeStage::contain(Status status)
{
    if (status || !m_parts.planner || m_delivery.isStopped() ||
        status.error().code == ErrorCode::Cancelled)
        return status;
    m_leg.error = toldOf(std::move(status).error());
    rescuePendingRows();
    return {};
}

Status DecodeStage::endLeg(const LegEnd &end)
{
    if (m_toSkip > 0) {
        --m_toSkip;
        m_asked.pop_front();
        beginLeg();
        return {};
    }
    if (!m_leg.error && !end.file.empty() && m_asked.front().holdsRows)
        FRESHET_TRY(contain(decodeFile(end.file)));
    if (!m_leg.error && m_asked.front().holdsRows && !m_asked.front().errand)
        FRESHET_TRY(contain(endDecoder(end)));
    if (const auto decision = m_watch.end())
        FRESHET_TRY(contain(deliverWatched(*decision)));
    if (!m_parts.planner) {
        m_isOver = true;
        return {};
    }
    return planNext(end);
}

/// A leg that came as a file: tables are read in place, whatever else it proves to be as a stream.
Status DecodeStage::decodeFile(const std::filesystem::path &path)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    m_legFile = path;
    std::vector<char> block(kFileBlock);
    while (!m_parts.stop.token().isCancelled()) {
        const auto size = file->read(block);
        if (!size)
            return fail(size.error());
        if (*size == 0)
            return {};
        FRESHET_TRY(takeBlock({block.data(), *size}));
        FRESHET_TRY(flushIfDue());
        if (m_chosen && decode::isTableFormat(m_chosen->format))
            return {}; // it reads the file itself
    }
    return fail(ErrorCode::Cancelled, "cancelled");
}

/// The stream may say that it is over while its transport has no mind to end; neither may one that
/// proved to be broken.
Status DecodeStage::endIfOver()
{
    const bool isBroken = m_leg.error && m_asked.front().means == LegMeans::Once;
    const bool isOver = !m_leg.error && m_decoder && m_decoder->hasEnded();
    if (!isBroken && !isOver)
        return {};
    const std::shared_ptr<const transport::ResponseHead> head = m_parts.progress.head();
    FRESHET_TRY(endLeg({.head = head, .outcome = transport::TransportEnd()}));
    m_hasEndedEarly = m_isOver;
    if (!m_isOver)
        return fail(ErrorCode::Internal, "a stream that is over was to go on");
    return {};
}

Status DecodeStage::planNext(const LegEnd &end)
{
    LegPlanner &planner = *m_parts.planner;
    LegReport report{.head = end.head, .error = m_leg.error, .took = end.took};
    if (end.outcome)
        report.end = *end.outcome;
    else if (!report.error)
        report.error = end.outcome.error();
    report.findings = m_decoder ? m_decoder->findings() : decode::DecodeFindings();
    report.rows = m_leg.rows;
    report.newRows = m_delivery.rows() - m_leg.rowsBefore;
    report.rejected = m_leg.rejected;
    report.decodedBytes = m_leg.bytes;
    report.trailers = end.trailers;
    if (end.outcome)
        report.wireBytes = end.outcome->wireBytes;
    report.file = end.file;
    report.fileProof = end.fileProof;
    NextLegs next = planner.judge(report);
    // Behind a leg that broke or was the last, the state may be of before its rows; a sync goes on
    // behind the last.
    if (!report.error)
        m_rejects.passAll();
    const bool canBeSynced =
        m_parts.request.since || transport::isPostgresUrl(m_parts.request.bytes.url);
    const bool isBehindItsRows = !report.error && (!next.isOver || canBeSynced);
    if (isBehindItsRows || planner.sendsAllAgain())
        FRESHET_TRY(m_delivery.deliver(columnar::RecordBatch(), pointNow()));
    m_asked.pop_front();
    m_isOver = next.isOver;
    if (!next.notice.empty())
        m_parts.progress.noticed(std::move(next.notice));
    if (next.dropsUnderWay)
        m_toSkip = m_asked.size();
    for (auto &leg : next.legs) {
        leg.request = withAccept(std::move(leg.request), m_parts.request.decode.format);
        m_asked.push_back(leg);
        m_parts.legs.push(std::move(leg));
    }
    if (!m_isOver && m_asked.empty())
        return fail(ErrorCode::Internal, "no request follows, though more was to come");
    beginLeg();
    return {};
}

/// Where the planner would go on, right behind the rows handed on so far.
DecodedBatch DecodeStage::pointNow() const
{
    const LegPlanner &planner = *m_parts.planner;
    DecodedBatch note;
    note.border.numberMemory = m_builder.numberMemory();
    note.planned = planPointOf(planner);
    note.rejects = m_rejects.passed();
    note.format = m_chosen ? m_chosen->format : m_parts.request.decode.format;
    return note;
}

void DecodeStage::beginLeg()
{
    if (m_decoder)
        m_findings = m_decoder->findings();
    m_decoder.reset();
    m_firstBytes = FirstBytes();
    m_legFile.clear();
    if (!m_isOver && m_asked.front().isDocument) {
        m_chosen.reset();
        m_ledger = StreamLedger();
    }
    m_leg = {.rowsBefore = m_delivery.rows()};
    const bool mayRepeat = !m_isOver && m_asked.front().mayRepeatBorder;
    if (!m_dropsEvery) // what is left of every row that is held holds for all legs
        m_delivery.dropRepeats(mayRepeat ? RepeatFilter(borderHashes()) : RepeatFilter());
    m_delivery.passOver(m_isOver ? 0 : m_asked.front().heldRows.value());
    std::optional<RowIndex> repeatedFrom;
    if (mayRepeat)
        repeatedFrom = RowIndex(
            std::max<std::int64_t>(m_delivery.rows().value() - m_parts.planner->borderRows(), 0));
    m_rejects.beginLeg(repeatedFrom);
}

/// Of the rows that the next leg may bring again, be they of this run or of the one before.
std::vector<std::uint64_t> DecodeStage::borderHashes() const
{
    const std::int64_t count = m_parts.planner->borderRows();
    auto hashes = m_history.lastHashes(count);
    if (m_parts.earlier && std::ssize(hashes) < count)
        hashes.insert(hashes.end(), m_parts.earlier->repeatable.begin(),
                      m_parts.earlier->repeatable.end());
    return hashes;
}

Status DecodeStage::deliverPlanned(columnar::RecordBatch batch)
{
    LegPlanner &planner = *m_parts.planner;
    if (planner.sendsAllAgain() && !m_dropsEvery)
        FRESHET_TRY(dropEveryHeldRow());
    DecodedBatch note;
    if (planner.advance(batch, m_decoder->findings()))
        note = pointNow();
    else
        note.hasPoint = false;
    m_history.add(batch, planner.borderRows());
    FRESHET_TRY(m_delivery.deliver(m_fileColumn.addTo(std::move(batch), m_asked.front().fileName),
                                   std::move(note)));
    sealAtTheLimit();
    return {};
}

/// Of a document, what its rows were made of is known at the ends of batches only: one ends where
/// the limit will cut, so that a later run goes on right behind the last row.
void DecodeStage::sealAtTheLimit()
{
    if (!m_parts.request.limit || !m_asked.front().isDocument)
        return;
    const RowCount wanted = *m_parts.request.limit - m_delivery.rows();
    m_builder.limitBatches(wanted.value() + m_delivery.toPassOver());
}

Status DecodeStage::deliverWatched(const RestartWatch::Decision &decision)
{
    if (decision.isRestart)
        m_parts.planner->foundAllAgain();
    for (const auto &batch : decision.batches)
        FRESHET_TRY(deliverPlanned(batch));
    return {};
}

Status DecodeStage::dropEveryHeldRow()
{
    m_dropsEvery = true;
    if (!m_parts.earlier || !m_parts.earlier->every)
        return {};
    const auto held = m_parts.earlier->every();
    if (!held)
        return fail(held.error());
    m_delivery.dropRepeatsOf(*held);
    return {};
}

} // namespace freshet::transfer
