// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/body_stream.h"

#include <algorithm>

namespace freshet::demo {

namespace {

using Clock = std::chrono::steady_clock;

/// Rows between two progress events.
constexpr std::int64_t kRowsPerProgress = 1000;
constexpr std::size_t kBlockBytes = 256 * 1024;
constexpr std::chrono::milliseconds kTick(10);
/// A stall is longer than any client's patience, yet it ends.
constexpr std::chrono::minutes kStall(15);

BodyEncoder::Mode encoderMode(BodyStream::Step step)
{
    switch (step) {
    case BodyStream::Step::More:
        return BodyEncoder::Mode::More;
    case BodyStream::Step::Waiting:
    case BodyStream::Step::Broken:
        return BodyEncoder::Mode::Flush;
    case BodyStream::Step::Done:
        return BodyEncoder::Mode::End;
    }
    return BodyEncoder::Mode::More;
}

} // namespace

BodyStream::BodyStream(const BodyOptions &options, std::unique_ptr<BodyEncoder> encoder)
    : m_options(options),
      m_encoder(std::move(encoder)),
      m_table(options.seed),
      m_next(options.first),
      m_start(Clock::now()),
      m_due(m_start)
{}

Result<BodyStream> BodyStream::create(const BodyOptions &options)
{
    auto encoder = makeBodyEncoder(options.coding);
    if (!encoder)
        return fail(std::move(encoder).error());
    return BodyStream(options, std::move(*encoder));
}

Result<std::int64_t> BodyStream::length(BodyOptions options)
{
    options.rowsPerSecond = 0;
    options.fault = {};
    auto stream = create(options);
    if (!stream)
        return fail(std::move(stream).error());
    std::int64_t bytes = 0;
    std::string block;
    for (Step step = Step::More; step == Step::More;) {
        block.clear();
        const auto stepped = stream->next(block);
        if (!stepped)
            return fail(stepped.error());
        step = *stepped;
        bytes += static_cast<std::int64_t>(block.size());
    }
    return bytes;
}

std::int64_t BodyStream::rowsDue()
{
    if (m_options.rowsPerSecond <= 0)
        return m_options.rows;
    const std::chrono::duration<double> elapsed = Clock::now() - m_start;
    const auto due = static_cast<std::int64_t>(elapsed.count() * m_options.rowsPerSecond);
    return std::min(m_options.first + due, m_options.rows);
}

void BodyStream::appendRow(std::string &text)
{
    if (m_options.format == BodyFormat::Sse)
        return appendEvent(text);
    if (m_options.format == BodyFormat::JsonArray && m_next != m_options.first)
        text += ",\n";
    const std::size_t begin = text.size();
    if (m_options.format == BodyFormat::Csv)
        m_table.appendCsv(text, m_next);
    else if (m_options.format == BodyFormat::MsgPack)
        m_table.appendMsgPack(text, m_next);
    else if (m_options.format == BodyFormat::Cbor)
        m_table.appendCbor(text, m_next);
    else
        m_table.appendJson(text, m_next);
    ++m_next;
    spoil(text, begin);
    if (m_options.format == BodyFormat::Ndjson)
        text += '\n';
}

/// The row as an event whose id is the number of rows up to it.
void BodyStream::appendEvent(std::string &text)
{
    text += "id: " + std::to_string(m_next + 1) + "\ndata: ";
    const std::size_t begin = text.size();
    m_table.appendJson(text, m_next);
    ++m_next;
    spoil(text, begin);
    text += "\n\n";
    if (m_next % kRowsPerProgress == 0)
        text += "event: progress\ndata: {\"count\":" + std::to_string(m_next) +
                ",\"total\":" + std::to_string(m_options.rows) + "}\n\n";
}

/// Make every N-th row, which begins at `begin`, a bad one.
void BodyStream::spoil(std::string &text, std::size_t begin) const
{
    const Fault &fault = m_options.fault;
    if (fault.kind != Fault::Kind::Bad || m_next % fault.n != 0)
        return;
    if (m_options.format == BodyFormat::Csv)
        text.insert(begin, "one field too many,");
    else if (m_options.format == BodyFormat::MsgPack)
        text.replace(begin, text.size(),
                     "\x81\xA3"
                     "bad\xA1\xFF"); // text that is not UTF-8
    else if (m_options.format == BodyFormat::Cbor)
        text.replace(begin, text.size(),
                     "\xA1\x63"
                     "bad\x61\xFF");
    else // a member without its value: the row is broken, its braces and quotes still match
        text.insert(begin + 1, "\"bad\":,");
}

void BodyStream::appendError(std::string &text) const
{
    static constexpr std::string_view kError =
        R"({"error":{"status":500,"message":"internal server error"}})";
    switch (m_options.format) {
    case BodyFormat::Sse:
        text.append("event: error\ndata: ").append(kError).append("\n\n");
        break;
    case BodyFormat::MsgPack:
        text.append("\x81\xA5"
                    "error\xB5internal server error");
        break;
    case BodyFormat::Cbor:
        text.append("\xA1\x65"
                    "error\x75internal server error");
        break;
    case BodyFormat::JsonArray:
        text += ",\n";
        [[fallthrough]];
    default:
        text.append(kError) += '\n';
        break;
    }
}

void BodyStream::appendEnd(std::string &text) const
{
    if (m_options.format == BodyFormat::JsonArray)
        text += "]\n";
    if (m_options.format == BodyFormat::Sse)
        text += "event: complete\ndata: {\"total\":" + std::to_string(m_options.rows) + "}\n\n";
}

BodyStream::Step BodyStream::stepAfterRows(std::string &text)
{
    const Fault &fault = m_options.fault;
    if (m_next == m_options.first + fault.n && m_next < m_options.rows) {
        if (fault.kind == Fault::Kind::Cut)
            return Step::Broken;
        if (fault.kind == Fault::Kind::CutRow) {
            const std::size_t begin = text.size();
            appendRow(text);
            text.resize(begin + (text.size() - begin) / 2);
            return Step::Broken;
        }
        if (fault.kind == Fault::Kind::Error) {
            appendError(text);
            return Step::Done;
        }
        if (fault.kind == Fault::Kind::Stall) {
            m_due = Clock::now() + kStall;
            return Step::Waiting;
        }
    }
    if (m_next < m_options.rows)
        return Step::More;
    appendEnd(text);
    return Step::Done;
}

Result<BodyStream::Step> BodyStream::next(std::string &out)
{
    std::string text;
    text.reserve(kBlockBytes + 4096);
    if (!m_begun) {
        m_begun = true;
        if (m_options.format == BodyFormat::JsonArray)
            text += '[';
        if (m_options.format == BodyFormat::Csv)
            UsersTable::appendCsvHeader(text);
    }
    std::int64_t end = rowsDue();
    const bool stopsEarly =
        m_options.fault.kind == Fault::Kind::Cut || m_options.fault.kind == Fault::Kind::CutRow ||
        m_options.fault.kind == Fault::Kind::Error || m_options.fault.kind == Fault::Kind::Stall;
    if (stopsEarly)
        end = std::min(end, m_options.first + m_options.fault.n);
    while (m_next < end && text.size() < kBlockBytes)
        appendRow(text);

    Step step = m_next < end ? Step::More : stepAfterRows(text);
    if (step == Step::More && m_next >= end) {
        m_due = Clock::now() + kTick;
        step = Step::Waiting;
    }
    const BodyEncoder::Mode mode = encoderMode(step);
    if (!text.empty() || mode == BodyEncoder::Mode::End)
        FRESHET_TRY(m_encoder->encode(text, mode, out));
    return step;
}

} // namespace freshet::demo
