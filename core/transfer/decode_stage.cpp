// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/decode_stage.h"

#include "base/file.h"
#include "decode/foreign_content.h"
#include "decode/text_encoding.h"
#include "transfer/table_decoder.h"

#include <algorithm>

namespace freshet::transfer {

DecodeStage::DecodeStage(Parts parts)
    : m_parts(std::move(parts)),
      m_builder(m_parts.request.decode.limits),
      m_delivery(m_parts.request, m_parts.batches),
      m_fileColumn(m_parts.request.files ? m_parts.request.files->fileColumn : std::string())
{
    m_asked.push_back(std::move(m_parts.first));
}

void DecodeStage::run()
{
    DecodeOutcome outcome = outcomeOf(decodeAll());
    if (const auto &trace = m_parts.options.trace)
        trace->addCpu(ArrivalTrace::Stage::Decode, threadCpuTime());
    if (outcome.error || outcome.reachedLimit) {
        m_parts.progress.apply(TransferEvent::StopAsked);
        m_parts.stop.stop(outcome.error ? StopReason::DecodeError : StopReason::Limit);
    }
    if (m_hasEndedEarly)
        m_parts.stop.stop(StopReason::StreamOver);
    // Nobody takes bytes any more: the network must not wait for room, nor for legs.
    m_parts.bytes.abort();
    m_parts.legs.close();
    m_parts.batches.push(std::move(outcome), ByteCount());
    m_parts.batches.close();
}

Status DecodeStage::goOnFrom(const EarlierRows &earlier)
{
    const ResumePoint &point = earlier.point;
    m_delivery.holds(earlier.rows);
    m_rejects.holds(earlier.rejected, !m_parts.planner && !point.canEnterMidway());
    m_rejects.remember(earlier.repeatableRejects);
    if (m_parts.planner) {
        m_builder.adopt(m_fileColumn.without(*earlier.schema), RowIndex() + earlier.rows,
                        point.border.numberMemory);
        m_delivery.dropRepeats(RepeatFilter(earlier.repeatable));
        m_rejects.beginLeg(RowIndex());
        m_dropsEvery = m_parts.planner->sendsAllAgain();
        if (m_parts.planner->asksForNewOnly())
            m_watch = RestartWatch(earlier.first);
        m_delivery.passOver(m_asked.front().heldRows.value());
        return {};
    }
    const bool isMidway = point.canEnterMidway();
    const std::int64_t beyond =
        earlier.rows.value() - (isMidway ? point.row.value() - point.preamble.rows.value() : 0);
    m_delivery.passOver(beyond);
    m_builder.adopt(*earlier.schema, RowIndex(earlier.rows.value() - beyond),
                    point.border.numberMemory);
    return isMidway ? enterMidway(point) : Status();
}

Status DecodeStage::enterMidway(const ResumePoint &point)
{
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
    m_leg.rowsBefore = m_delivery.rows();
    while (!m_isOver) {
        auto block = m_parts.bytes.take(nextDeadline());
        if (block) {
            const Status taken = contain(takeBlock(block->text()));
            const auto end = block->legEnd();
            m_parts.bytes.recycle(std::move(*block));
            FRESHET_TRY(taken);
            FRESHET_TRY(end ? endLeg(*end) : endIfOver());
        } else if (m_parts.bytes.isDrained()) {
            return {}; // aborted: nothing more is asked of the decoder
        } else if (!m_decoder && !m_leg.error) {
            FRESHET_TRY(contain(chooseDecoder()));
        }
        FRESHET_TRY(contain(flushIfDue()));
    }
    return {};
}

Status DecodeStage::takeBlock(std::string_view bytes)
{
    m_leg.bytes += ByteCount(static_cast<std::int64_t>(bytes.size()));
    if (bytes.empty() || m_leg.error || m_toSkip > 0) // of a leg that failed, or is of no use
        return {};
    return consume(bytes);
}

Status DecodeStage::consume(std::string_view bytes)
{
    if (!m_decoder && m_chosen) {
        if (m_parts.request.pages) // a body of its own
            FRESHET_TRY(checkContent(m_chosen->format, bytes));
        FRESHET_TRY(makeDecoder(*m_chosen, {}));
    }
    if (m_decoder)
        return feed(bytes);
    if (m_parts.request.decode.format != decode::Format::Auto) {
        FRESHET_TRY(checkContent(m_parts.request.decode.format, bytes));
        FRESHET_TRY(makeDecoder(m_parts.request.decode, "asked for"));
        return feed(bytes);
    }
    m_firstBytes.append(bytes);
    return m_firstBytes.isEnough() ? chooseDecoder() : Status();
}

/// Whoever names the format does not mean a login page.
Status DecodeStage::checkContent(decode::Format format, std::string_view firstBytes) const
{
    std::string_view what;
    if (decode::isTextFormat(format))
        what = decode::foreignContent(firstBytes);
    else if (const auto head = m_parts.progress.head();
             head && (format == decode::Format::MsgPack || format == decode::Format::Cbor))
        what = decode::foreignContentType(head->contentType);
    if (what.empty())
        return {};
    Error error{.code = ErrorCode::WrongContentType, .detail = "the body is " + std::string(what)};
    const std::string_view start = firstBytes.substr(0, Error::kMaxExcerpt);
    if (start.find('\0') == std::string_view::npos)
        error.excerpt = Error::excerptOf(decode::repairedUtf8(start));
    return fail(std::move(error));
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
    if (!m_chosen) {
        if (const auto head = m_parts.progress.head()) {
            options.contentType = head->contentType;
            for (const auto &[name, value] : head->headers)
                options.headers.emplace_back(name, value);
            const bool wantsNew = m_parts.request.bytes.version == transport::HttpVersion::Http2;
            if (wantsNew && head->httpVersion.starts_with("1."))
                m_parts.progress.noticed("asked for HTTP/2, answered over HTTP/" +
                                         head->httpVersion);
        }
        if (!m_parts.planner)
            findPlanner(options.format);
        m_parts.progress.choseFormat(options.format, reason);
        m_chosen = options;
    }
    const Leg &leg = m_asked.front();
    options.isPage = leg.isPage;
    options.columnNames = leg.columnNames;
    options.lastEventId = leg.lastEventId;
    const bool isTable = decode::isTableFormat(options.format);
    auto decoder = isTable ? makeTableDecoder(options)
                           : decode::makeDecoder(options, {m_builder, *this, *this});
    if (!decoder)
        return fail(std::move(decoder).error());
    m_decoder = std::move(*decoder);
    if (isTable) // its reader leaves them out
        m_leg.rows = leg.passOver;
    else if (leg.passOver.value() > 0)
        m_delivery.passOver(leg.passOver.value());
    sealAtTheLimit();
    return {};
}

Result<std::unique_ptr<decode::RowDecoder>>
DecodeStage::makeTableDecoder(const decode::DecodeOptions &options)
{
    return transfer::makeTableDecoder(options, {m_builder, *this, *this},
                                      {.file = m_legFile,
                                       .spool = m_parts.workFolder / "stream",
                                       .firstRow = RowIndex() + m_asked.front().passOver,
                                       .cancel = m_parts.stop.token()});
}

void DecodeStage::findPlanner(decode::Format format)
{
    m_parts.planner = makePlannerForFormat(m_parts.request, format);
    if (m_parts.planner) // the leg under way would not be resumed either
        m_asked.front().means = LegMeans::Once;
}

Status DecodeStage::feed(std::string_view bytes)
{
    // Until the preamble is found: it should end soon after the first row.
    constexpr std::size_t kSmallPiece = 4096;
    while (!bytes.empty()) {
        const bool isSmall = !m_parts.planner && m_ledger.wantsPreamble();
        const std::size_t size = isSmall ? kSmallPiece : bytes.size();
        FRESHET_TRY(feedPiece(bytes.substr(0, size)));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return {};
}

Status DecodeStage::feedPiece(std::string_view piece)
{
    if (m_parts.planner && m_asked.front().isDocument) {
        m_ledger.enter(piece);
        FRESHET_TRY(m_decoder->feed(piece));
        m_ledger.leave(m_decoder->position());
    } else if (m_parts.planner) { // it goes on by other means than offsets
        FRESHET_TRY(m_decoder->feed(piece));
    } else {
        m_ledger.enter(piece);
        FRESHET_TRY(m_decoder->feed(piece));
        const std::int64_t rows = m_decodedRows + m_builder.pendingRows();
        if (m_ledger.wantsPreamble() && rows > 0)
            m_ledger.setPreamble(m_decoder->position(), RowCount(rows));
        m_ledger.leave(streamOffset(m_decoder->position()));
    }
    if (m_builder.pendingRows() > 0)
        m_heldSince.reset();
    else if (!m_heldSince)
        m_heldSince = Clock::now();
    traceRows();
    if (const auto declared = m_decoder->declaredProgress())
        m_parts.progress.declared(*declared);
    return {};
}

void DecodeStage::traceRows()
{
    if (const auto &trace = m_parts.options.trace)
        trace->onRows(m_decodedRows + m_builder.pendingRows());
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

/// `error` of the decoder as the user is to know it: placed, and not the last bad row's own where
/// it is their number that was too much.
Error DecodeStage::toldOf(Error error) const
{
    place(error);
    if (m_hasTooManyBadRows) {
        error.code = ErrorCode::LimitReached;
        error.detail = "more than " + groupedDigits(m_parts.request.maxBadRows) +
                       " rows could not be read, the last because: " + error.detail;
    }
    return error;
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
    if (m_heldSince)
        return *m_heldSince + m_parts.options.visibleWithin;
    return std::nullopt;
}

Status DecodeStage::flushIfDue()
{
    if (!m_decoder)
        return {};
    const auto due = nextDeadline();
    if (!due || Clock::now() < *due)
        return {};
    m_heldSince.reset();
    return m_decoder->flush();
}

Status DecodeStage::endDecoder(const LegEnd &end)
{
    const bool isWhole = end.outcome.has_value();
    if (!m_decoder && !m_firstBytes.text().empty())
        FRESHET_TRY(chooseDecoder());
    if (!m_decoder && isWhole && m_parts.request.decode.format != decode::Format::Auto)
        FRESHET_TRY(makeDecoder(m_parts.request.decode, "asked for"));
    // A broken transport leaves a row that is not whole: it is left out.
    if (m_decoder)
        FRESHET_TRY(isWhole ? finishDecoder(end) : m_decoder->flush());
    traceRows();
    if (isWhole && m_delivery.toPassOver() > 0)
        return fail(ErrorCode::SourceChanged,
                    "the source now ends before the last of the rows that are here");
    return {};
}

/// What came may end with the server's word that it failed: then it is no whole answer.
Status DecodeStage::finishDecoder(const LegEnd &end)
{
    // A file has an end, and of a compressed body its coding knows it.
    const bool knowsItsEnd =
        end.head && (end.head->status == 0 || !end.head->contentCodings.empty());
    const bool isProven = knowsItsEnd || end.outcome->end != transport::BodyEnd::ConnectionClosed;
    FRESHET_TRY(isProven ? m_decoder->finish() : m_decoder->finishUnproven());
    if (auto report = m_decoder->findings().lastWord)
        return fail(std::move(*report));
    return {};
}

Status DecodeStage::accept(columnar::RecordBatch batch, ByteOffset resumeAt)
{
    m_lastBatch = Clock::now();
    m_decodedRows += batch.rowCount;
    m_leg.rows += RowCount(batch.rowCount);
    m_rejects.pass(resumeAt);
    // A stream is paused by not reading it; a file that is here, by not going on.
    if (m_chosen && decode::isTableFormat(m_chosen->format))
        m_parts.gate.pass(m_parts.stop.token());
    if (m_parts.planner) {
        FRESHET_TRY(m_parts.planner->admit(batch));
        if (m_asked.front().isDocument)
            m_parts.planner->reached(m_leg.rows, m_ledger.digestAt(resumeAt));
        if (!m_watch.isActive())
            return deliverPlanned(std::move(batch));
        const auto decision = m_watch.add(std::move(batch));
        return decision ? deliverWatched(*decision) : Status();
    }
    DecodedBatch note;
    note.border.numberMemory = m_builder.numberMemory();
    note.border.offset = streamOffset(resumeAt);
    note.border.digest = m_ledger.digestAt(note.border.offset);
    note.rejects = m_rejects.passed();
    note.start = newlyKnownStart();
    return m_delivery.deliver(std::move(batch), std::move(note));
}

bool DecodeStage::reject(decode::RejectedRow row)
{
    if (m_isInPreamble)
        return true; // it was reported when it first came
    m_leg.rejected += RowCount(1);
    if (!m_rejects.take(row.rawText, row.foundAt, row.error.row.value_or(RowIndex())))
        return true; // it is kept already
    place(row.error);
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
    if (!m_delivery.deliver(std::move(kept)))
        return false;
    // Whoever goes on behind a bad row that stopped them has seen it.
    const std::int64_t known = m_parts.earlier ? m_parts.earlier->rejectsAgain : 0;
    if (m_parts.request.onBadRow == OnBadRow::Stop && m_rejects.taken() > known)
        return false;
    m_hasTooManyBadRows = m_rejects.taken() > m_parts.request.maxBadRows;
    return !m_hasTooManyBadRows;
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
    const bool reachedLimit = m_delivery.reachedLimit();
    if (isBroken && !reachedLimit)
        rescuePendingRows();
    DecodeOutcome outcome;
    outcome.findings = m_decoder ? m_decoder->findings() : std::move(m_findings);
    outcome.findings.arrayClosedAt = streamOffset(outcome.findings.arrayClosedAt);
    outcome.widenings = m_builder.wideningEvents();
    outcome.inBandErrors = m_inBandErrors;
    outcome.reachedLimit = reachedLimit;
    outcome.isOver = m_isOver;
    if (m_parts.planner)
        outcome.plan = m_parts.planner->outcome();
    if (isBroken && !reachedLimit)
        outcome.error = toldOf(std::move(status).error());
    // The last of them is told as the error.
    if (outcome.error && outcome.error->code == ErrorCode::InBandError && m_inBandErrors > 0)
        --outcome.inBandErrors;
    return outcome;
}

} // namespace freshet::transfer
