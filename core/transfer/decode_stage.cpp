// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/decode_stage.h"

#include <algorithm>

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

Status DecodeStage::goOnFrom(const EarlierRows &earlier)
{
    const ResumePoint &point = earlier.point;
    m_rows = earlier.rows;
    m_toPassOver = earlier.rows.value();
    if (!point.canEnterMidway()) {
        m_builder.adopt(*earlier.schema, RowIndex(), point.border.numberMemory);
        return {};
    }
    const std::int64_t beyond = m_toPassOver - point.row.value();
    m_toPassOver = point.preamble.rows.value() + beyond;
    m_builder.adopt(*earlier.schema, RowIndex(earlier.rows.value() - m_toPassOver),
                    point.border.numberMemory);
    decode::DecodeOptions options = m_parts.request.decode;
    options.format = point.format;
    options.delimiter = point.delimiter;
    options.quote = point.quote;
    options.hasHeader = point.hasHeader;
    FRESHET_TRY(makeDecoder(std::move(options), "as before"));

    m_isInPreamble = true;
    FRESHET_TRY(m_decoder->feed(point.preamble.bytes));
    FRESHET_TRY(m_decoder->flush());
    m_isInPreamble = false;
    if (m_decodedRows != point.preamble.rows.value())
        return fail(ErrorCode::LibraryDamaged,
                    "the kept start of the stream does not give its rows again");
    m_shift = (point.border.offset - ByteOffset()) -
              ByteCount(static_cast<std::int64_t>(point.preamble.bytes.size()));
    m_ledger.startAt(point.border.offset, point.border.digest, point.preamble);
    m_hasToldStart = true;
    return {};
}

Status DecodeStage::decodeAll()
{
    if (m_parts.earlier)
        FRESHET_TRY(goOnFrom(*m_parts.earlier));
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
        return feed(bytes);
    if (m_parts.request.decode.format != decode::Format::Auto) {
        FRESHET_TRY(makeDecoder(m_parts.request.decode, "asked for"));
        return feed(bytes);
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
    decode::DecodeOptions options = m_parts.request.decode;
    options.format = choice->format;
    FRESHET_TRY(makeDecoder(std::move(options), choice->reason));
    return feed(m_firstBytes.text());
}

Status DecodeStage::makeDecoder(decode::DecodeOptions options, const std::string &reason)
{
    if (const auto head = m_parts.progress.head()) {
        options.contentType = head->contentType;
        for (const auto &[name, value] : head->headers)
            options.headers.emplace_back(name, value);
    }
    auto decoder = decode::makeDecoder(options, {m_builder, *this, *this});
    if (!decoder)
        return fail(std::move(decoder).error());
    m_decoder = std::move(*decoder);
    m_parts.progress.choseFormat(options.format, reason);
    return {};
}

Status DecodeStage::feed(std::string_view bytes)
{
    // Until the preamble is found: it should end soon after the first row.
    constexpr std::size_t kSmallPiece = 4096;
    while (!bytes.empty()) {
        const std::size_t size = m_ledger.wantsPreamble() ? kSmallPiece : bytes.size();
        FRESHET_TRY(feedPiece(bytes.substr(0, size)));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return {};
}

Status DecodeStage::feedPiece(std::string_view piece)
{
    m_ledger.enter(piece);
    FRESHET_TRY(m_decoder->feed(piece));
    const std::int64_t rows = m_decodedRows + m_builder.pendingRows();
    if (m_ledger.wantsPreamble() && rows > 0)
        m_ledger.setPreamble(m_decoder->position(), RowCount(rows));
    m_ledger.leave(streamOffset(m_decoder->position()));
    return {};
}

ByteOffset DecodeStage::streamOffset(ByteOffset decoded) const
{
    return decoded + m_shift;
}

/// Say where in the whole stream an error is, not where behind the preamble.
void DecodeStage::place(Error &error) const
{
    if (m_shift == ByteCount())
        return;
    if (error.byteOffset)
        error.byteOffset = streamOffset(*error.byteOffset);
    error.line.reset(); // lines were not counted in what is passed over
}

std::shared_ptr<const StreamStart> DecodeStage::newlyKnownStart()
{
    if (m_hasToldStart || m_ledger.preamble().bytes.empty())
        return nullptr;
    m_hasToldStart = true;
    const decode::DecodeFindings findings = m_decoder->findings();
    return std::make_shared<const StreamStart>(
        StreamStart{m_ledger.preamble(), m_parts.progress.snapshot().format, findings.delimiter,
                    findings.quote, findings.hasHeader});
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
        FRESHET_TRY(makeDecoder(m_parts.request.decode, "asked for"));
    if (!m_decoder)
        return {};
    // A broken transport leaves a row that is not whole: it is left out.
    return isWhole ? m_decoder->finish() : m_decoder->flush();
}

Status DecodeStage::accept(columnar::RecordBatch batch, ByteOffset resumeAt)
{
    m_lastBatch = Clock::now();
    m_decodedRows += batch.rowCount;
    const std::int64_t passedOver = std::min(m_toPassOver, batch.rowCount);
    m_toPassOver -= passedOver;
    if (passedOver == batch.rowCount)
        return {};
    if (passedOver > 0)
        batch = columnar::sliceBatch(batch, passedOver, batch.rowCount - passedOver);

    const ByteOffset border = streamOffset(resumeAt);
    DecodedBatch item{
        .batch = std::move(batch),
        .border = {border, m_ledger.digestAt(border), m_builder.numberMemory()},
        .start = newlyKnownStart(),
    };
    const auto &limit = m_parts.request.limit;
    if (limit && m_rows + RowCount(item.batch.rowCount) >= *limit) {
        const std::int64_t wanted = std::max<std::int64_t>((*limit - m_rows).value(), 0);
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
    if (m_isInPreamble)
        return true; // it was reported when it first came
    place(row.error);
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
    outcome.findings.arrayClosedAt = streamOffset(outcome.findings.arrayClosedAt);
    outcome.widenings = m_builder.wideningEvents();
    outcome.inBandErrors = m_inBandErrors;
    outcome.reachedLimit = m_reachedLimit;
    if (isBroken && !m_reachedLimit)
        outcome.error = std::move(status).error();
    if (outcome.error)
        place(*outcome.error);
    return outcome;
}

} // namespace freshet::transfer
