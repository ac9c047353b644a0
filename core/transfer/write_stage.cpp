// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/write_stage.h"

#include <algorithm>

namespace freshet::transfer {

namespace {

/// Between two looks at whether a commit is due: many small items do not pay for one each.
constexpr std::chrono::milliseconds kLookInterval{20};

/// So many rows more than the ring holds may gather before it is trimmed: each time costs a commit
/// of its own kind.
RowCount slackOf(RowCount ring)
{
    constexpr std::int64_t kLeastSlack = 1000;
    return RowCount(std::max(ring.value() / 4, kLeastSlack));
}

} // namespace

WriteStage::WriteStage(Parts parts) : m_parts(std::move(parts))
{
    m_point.rejects = 0;
    if (!m_parts.earlier)
        return;
    m_point = m_parts.earlier->point;
    m_point.rejects = m_parts.earlier->rejected;
    m_rows = m_parts.earlier->rows;
}

void WriteStage::run()
{
    while (!m_decoded && !m_error) {
        Status done;
        auto item = m_parts.batches.popFor(store::DatasetWriter::kCommitInterval);
        if (item)
            done =
                std::visit([this](auto &&part) { return take(std::move(part)); }, std::move(*item));
        else if (m_parts.batches.isDrained())
            return;
        // Also without new rows: those of a slow stream are to be durable soon.
        if (done && !m_decoded)
            done = commitIfDue();
        if (!done) {
            m_error = std::move(done).error();
            m_parts.progress.apply(TransferEvent::StopAsked);
            m_parts.stop.stop(StopReason::WriteError);
            m_parts.abortQueues();
        }
    }
}

std::string WriteStage::resumePoint(std::optional<RowIndex> most, HeldDoubt doubt) const
{
    ResumePoint point = m_point;
    point.doubt = doubt;
    if (most)
        point.row = std::min(point.row, *most);
    return point.toJson();
}

Status WriteStage::take(DecodedBatch &&item)
{
    if (m_parts.options.beforeWrite)
        m_parts.options.beforeWrite();
    const RowCount rows(item.batch.rowCount);
    if (rows.value() > 0 && m_parts.options.keepsRows)
        FRESHET_TRY(m_parts.writer.append(std::move(item.batch)));
    m_rows += rows;
    m_parts.progress.addRows(rows);
    if (item.hasPoint) {
        m_point.border = std::move(item.border);
        m_point.row = RowIndex() + m_rows;
        m_point.rejects = item.rejects;
        m_point.planned = std::move(item.planned);
        if (m_point.planned) {
            m_point.format = item.format;
            m_point.doubt = HeldDoubt::None; // the planner's state knows
        }
    }
    if (item.start) {
        m_point.preamble = item.start->preamble;
        m_point.format = item.start->format;
        m_point.delimiter = item.start->delimiter;
        m_point.quote = item.start->quote;
        m_point.hasHeader = item.start->hasHeader;
    }
    return {};
}

Status WriteStage::take(store::StoredReject &&reject)
{
    m_parts.writer.addReject(std::move(reject));
    return {};
}

Status WriteStage::take(DecodeOutcome &&outcome)
{
    m_decoded = std::move(outcome);
    adoptHead();
    return {};
}

/// Output: whether there has been an answer.
bool WriteStage::adoptHead()
{
    const auto head = m_hasHead ? nullptr : m_parts.progress.head();
    if (head) {
        // What is held belongs to the answer it came with; a later one may yet prove to be another.
        const bool isHeld =
            m_parts.earlier && !m_point.planned && m_point.validator != transport::Validator();
        if (!isHeld)
            m_point.adopt(*head);
        m_hasHead = true;
    }
    return m_hasHead;
}

Status WriteStage::trim()
{
    if (!m_parts.ring)
        return {};
    const auto gone = m_parts.writer.keepLast(*m_parts.ring);
    if (!gone)
        return fail(gone.error());
    m_rows -= *gone;
    m_trimmedRows += *gone;
    m_point.row = std::max(m_point.row - *gone, RowIndex());
    return {};
}

Status WriteStage::commitIfDue()
{
    const auto now = LiveProgress::Clock::now();
    if (now < m_nextLook || !m_parts.options.keepsRows)
        return {};
    m_nextLook = now + kLookInterval;
    // What a planner has to go on with is worth keeping before the first answer with rows.
    if (!adoptHead() && !m_point.planned)
        return {};
    if (m_parts.ring && m_rows > *m_parts.ring + slackOf(*m_parts.ring) &&
        m_parts.writer.isCommitDue())
        FRESHET_TRY(trim());
    const Progress progress = m_parts.progress.snapshot();
    auto committed = m_parts.writer.commitIfDue({
        .state = std::string(transferStateName(progress.state)),
        .resumePoint = m_point.toJson(),
        .evidence = {},
        .wireBytes = progress.wireBytes,
        .decodedBytes = progress.decodedBytes,
    });
    if (!committed)
        return fail(std::move(committed).error());
    return {};
}

} // namespace freshet::transfer
