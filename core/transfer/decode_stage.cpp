// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/decode_stage.h"

namespace freshet::transfer {

DecodeStage::DecodeStage(Parts parts) : m_parts(parts), m_builder(parts.request.decode.limits) {}

void DecodeStage::run()
{
    DecodeOutcome outcome = outcomeOf(decodeAll());
    if (outcome.error || outcome.reachedLimit) {
        m_parts.progress.apply(TransferEvent::StopAsked);
        m_parts.stop.stop(outcome.error ? StopReason::DecodeError : StopReason::Limit);
    }
    // Nobody takes bytes any more: the network must not wait for room.
    m_parts.bytes.abort();
    m_parts.batches.push(std::move(outcome), ByteCount());
    m_parts.batches.close();
}

Status DecodeStage::decodeAll()
{
    while (true) {
        auto block = m_parts.bytes.take(nextDeadline());
        if (block) {
            FRESHET_TRY(consume(block->text()));
            m_parts.bytes.recycle(std::move(*block));
        } else if (m_parts.bytes.isDrained()) {
            return end();
        } else if (!m_decoder) {
            FRESHET_TRY(chooseDecoder());
        }
        FRESHET_TRY(flushIfDue());
    }
}

Status DecodeStage::consume(std::string_view bytes)
{
    if (m_decoder)
        return m_decoder->feed(bytes);
    if (m_parts.request.decode.format != decode::Format::Auto) {
        FRESHET_TRY(makeDecoder(m_parts.request.decode.format, "asked for"));
        return m_decoder->feed(bytes);
    }
    m_firstBytes.append(bytes);
    return m_firstBytes.isEnough() ? chooseDecoder() : Status();
}

Status DecodeStage::chooseDecoder()
{
    const auto head = m_parts.progress.head();
    const std::string_view name =
        head && !head->finalUrl.empty() ? head->finalUrl : m_parts.request.bytes.url;
    const std::string_view contentType = head ? head->contentType : std::string_view();
    const auto choice = decode::chooseFormat(contentType, name, m_firstBytes.text());
    if (!choice)
        return fail(choice.error());
    FRESHET_TRY(makeDecoder(choice->format, choice->reason));
    return m_decoder->feed(m_firstBytes.text());
}

Status DecodeStage::makeDecoder(decode::Format format, const std::string &reason)
{
    decode::DecodeOptions options = m_parts.request.decode;
    options.format = format;
    auto decoder = decode::makeDecoder(options, {m_builder, *this, *this});
    if (!decoder)
        return fail(std::move(decoder).error());
    m_decoder = std::move(*decoder);
    m_parts.progress.choseFormat(format, reason);
    return {};
}

std::optional<DecodeStage::Clock::time_point> DecodeStage::nextDeadline() const
{
    if (!m_decoder)
        return m_firstBytes.decideAt(m_parts.options.visibleWithin);
    if (m_builder.pendingRows() > 0)
        return m_lastBatch + m_parts.options.visibleWithin;
    return std::nullopt;
}

Status DecodeStage::flushIfDue()
{
    if (!m_decoder || m_builder.pendingRows() == 0 ||
        Clock::now() < m_lastBatch + m_parts.options.visibleWithin)
        return {};
    return m_decoder->flush();
}

Status DecodeStage::end()
{
    // Readable: the queue is drained. If it was aborted, nothing more is asked of the decoder.
    if (m_parts.bytes.isAborted())
        return {};
    const bool isWhole = m_parts.network.outcome().has_value();
    if (!m_decoder && !m_firstBytes.text().empty())
        FRESHET_TRY(chooseDecoder());
    if (!m_decoder && isWhole && m_parts.request.decode.format != decode::Format::Auto)
        FRESHET_TRY(makeDecoder(m_parts.request.decode.format, "asked for"));
    if (!m_decoder)
        return {};
    // A broken transport leaves a row that is not whole: it is left out.
    return isWhole ? m_decoder->finish() : m_decoder->flush();
}

Status DecodeStage::accept(columnar::RecordBatch batch, ByteOffset resumeAt)
{
    m_lastBatch = Clock::now();
    DecodedBatch item{.batch = std::move(batch), .resumeAt = resumeAt};
    const auto &limit = m_parts.request.limit;
    if (limit && m_rows + RowCount(item.batch.rowCount) >= *limit) {
        const std::int64_t wanted = (*limit - m_rows).value();
        if (wanted < item.batch.rowCount) {
            item.batch = columnar::sliceBatch(item.batch, 0, wanted);
            item.isCut = true;
        }
        m_reachedLimit = true;
    }
    m_rows += RowCount(item.batch.rowCount);
    const ByteCount size = item.batch.memory();
    if (!m_parts.batches.push(std::move(item), size))
        return fail(ErrorCode::Cancelled, "nobody wants the rows any more");
    if (m_reachedLimit)
        return fail(ErrorCode::LimitReached, "the wanted number of rows is there");
    return {};
}

bool DecodeStage::reject(decode::RejectedRow row)
{
    ++m_rejected;
    if (row.error.code == ErrorCode::InBandError)
        ++m_inBandErrors;
    m_parts.progress.addRejected();
    store::StoredReject kept{
        .line = row.error.line.value_or(0),
        .byteOffset = row.error.byteOffset.value_or(ByteOffset()).value(),
        .code = std::string(errorCodeName(row.error.code)),
        .reason = std::move(row.error.detail),
        .rawText = std::move(row.rawText),
    };
    const ByteCount size(static_cast<std::int64_t>(kept.rawText.size() + kept.reason.size()));
    const bool isTaken = m_parts.batches.push(std::move(kept), size);
    return isTaken && m_parts.request.onBadRow == OnBadRow::Keep &&
           m_rejected <= m_parts.request.maxBadRows;
}

/// A broken place does not take the rows before it down.
void DecodeStage::rescuePendingRows()
{
    if (!m_decoder || m_builder.pendingRows() == 0)
        return;
    const auto flushed = m_decoder->flush();
    if (!flushed && m_builder.pendingRows() > 0)
        (void)accept(m_builder.seal(), m_decoder->position());
}

DecodeOutcome DecodeStage::outcomeOf(Status status)
{
    const bool isBroken = !status && status.error().code != ErrorCode::Cancelled;
    if (isBroken && !m_reachedLimit)
        rescuePendingRows();
    DecodeOutcome outcome;
    if (m_decoder)
        outcome.findings = m_decoder->findings();
    outcome.widenings = m_builder.wideningEvents();
    outcome.inBandErrors = m_inBandErrors;
    outcome.reachedLimit = m_reachedLimit;
    if (isBroken && !m_reachedLimit)
        outcome.error = std::move(status).error();
    return outcome;
}

} // namespace freshet::transfer
