// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/binary_decoder.h"

#include "decode/json_envelope.h"
#include "decode/rows_path.h"
#include "decode/rows_rules.h"

#include <algorithm>

namespace freshet::decode {

using Kind = BinaryToken::Kind;
using Outcome = BinaryReader::Outcome;

Result<std::unique_ptr<RowDecoder>> makeBinaryDecoder(const DecodeOptions &options,
                                                      DecodeOutputs outputs)
{
    if (!options.rowsAt.empty())
        return fail(ErrorCode::InvalidArgument, "rows-at \"" + options.rowsAt +
                                                    "\" cannot be used with " +
                                                    std::string(formatName(options.format)));
    const BinaryReader &reader = options.format == Format::Cbor ? cborReader() : msgPackReader();
    return std::make_unique<BinaryDecoder>(options, reader, outputs);
}

BinaryDecoder::BinaryDecoder(const DecodeOptions &options, const BinaryReader &reader,
                             DecodeOutputs outputs)
    : WindowedDecoder(outputs),
      m_options(options),
      m_reader(reader),
      m_row(reader, outputs.builder, options.flatten, options.limits),
      m_boundary(reader, options.limits)
{}

void BinaryDecoder::restart()
{
    m_row.reset();
    m_boundary.stop();
    m_state = State::Item;
    m_isFirstItem = true;
    m_isPlainMap = false;
    m_elements = {};
    m_members.reset();
    m_key.reset();
    m_rowsAt.clear();
    m_envelope.clear();
    m_envelopeBytes = 0;
    m_closedAt.reset();
}

DecodeFindings BinaryDecoder::findings() const
{
    DecodeFindings findings;
    findings.format = m_options.format;
    findings.rowsAt = m_rowsAt.empty() ? "$" : m_rowsAt;
    findings.arrayClosed = m_closedAt.has_value() && m_state != State::Member;
    findings.arrayClosedAt = ByteOffset(m_closedAt.value_or(0));
    findings.envelope = m_envelope;
    findings.notes = m_row.notes();
    return findings;
}

Status BinaryDecoder::decode(bool atEnd)
{
    for (;;) {
        const Moved moved = step(atEnd);
        if (!moved)
            return fail(moved.error());
        if (!*moved)
            break;
    }
    const bool isBetween = m_state == State::Item && m_at == m_window.endOffset();
    if (!atEnd || isBetween || (m_state == State::Over && m_at == m_window.endOffset()))
        return {};
    return fail(brokenAt(ErrorCode::Truncated, "the input ends before it is complete", m_at));
}

BinaryDecoder::Moved BinaryDecoder::step(bool atEnd)
{
    if (m_at == m_window.endOffset() && !(atEnd && m_boundary.isActive()))
        return false;
    switch (m_state) {
    case State::Item:
        return takeTop(atEnd);
    case State::Element:
        return takeElement();
    case State::Member:
        return takeMember();
    case State::Over:
        break;
    }
    return fail(brokenAt(ErrorCode::SyntaxError, "data behind the end of the document", m_at));
}

BinaryReader::Answer BinaryDecoder::head(const char *&at, const char *end, BinaryToken &token) const
{
    // More tags, or longer ones, are an error, which `findItemEnd` tells.
    const char *const first = at;
    for (int tags = 0; tags <= m_options.limits.nestingDepth; ++tags) {
        const BinaryReader::Answer answer = m_reader.read(at, end, token);
        if (at - first > m_options.limits.rowBytes.value())
            break;
        if (answer.outcome != Outcome::Whole || token.kind != Kind::Tag)
            return answer;
    }
    return {Outcome::Broken};
}

BinaryDecoder::Moved BinaryDecoder::takeTop(bool atEnd)
{
    BinaryToken token;
    const char *at = m_window.at(m_at);
    const bool isKnown = head(at, m_window.end(), token).outcome == Outcome::Whole;
    if (isKnown && token.kind == Kind::Array) {
        m_boundary.stop();
        m_isFirstItem = false;
        m_elements = {token.number, token.isIndefinite};
        m_at = m_window.offsetOf(at);
        m_state = State::Element;
        if (!token.isIndefinite && token.number == 0)
            endRows();
        return true;
    }
    if (m_isFirstItem && !m_isPlainMap && isKnown && token.kind == Kind::Map)
        return takeFirstMap(atEnd);
    const Moved whole = findItemEnd(0);
    if (!whole || !*whole)
        return whole;
    m_isFirstItem = false;
    FRESHET_TRY(takeRow(m_boundary.offset()));
    return true;
}

/// A map that may be a row or hold them all.
BinaryDecoder::Moved BinaryDecoder::takeFirstMap(bool atEnd)
{
    const Moved whole = findItemEnd(0);
    if (!whole)
        return whole;
    const std::int64_t searched = m_at + kSearchBytes;
    const bool isLong =
        m_boundary.offset() > searched || (!*whole && m_window.endOffset() > searched);
    if (!*whole && !isLong)
        return false;
    const bool isSequence = m_options.contentType.find("cbor-seq") != std::string::npos;
    const bool isFollowed = *whole && m_boundary.offset() < m_window.endOffset();
    if (!isSequence && (isLong || !isFollowed)) {
        const auto rows = rowsInside(m_window.at(std::min(searched, m_window.endOffset())));
        if (rows && !isLong && !atEnd)
            return false; // what follows will tell
        if (rows) {
            enter(*rows);
            return true;
        }
    }
    m_isPlainMap = true;
    return true;
}

std::optional<BinaryDecoder::RowsInside> BinaryDecoder::rowsInside(const char *end) const
{
    BinaryToken map;
    const char *at = m_window.at(m_at);
    (void)head(at, end, map);
    Awaited members{map.number, map.isIndefinite};
    std::optional<RowsInside> found;
    std::vector<std::pair<std::string, std::string_view>> before;
    BinaryBoundary boundary(m_reader, m_options.limits);
    const auto passItem = [&](const char *&place) {
        boundary.start(0, 1);
        const bool isWhole = boundary.scan(place, end) == BinaryBoundary::State::Whole;
        place += boundary.offset();
        return isWhole;
    };
    while (members.isIndefinite || members.left-- > 0) {
        BinaryToken key;
        const char *value = at;
        if (head(value, end, key).outcome != Outcome::Whole || !passItem(at))
            break;
        value = at;
        const std::string name(key.kind == Kind::Text ? key.bytes : std::string_view());
        BinaryToken array;
        BinaryToken first;
        const char *inside = at;
        if (head(inside, end, array).outcome == Outcome::Whole && array.kind == Kind::Array) {
            const char *element = inside;
            const bool isRows = head(element, end, first).outcome == Outcome::Whole &&
                                first.kind == Kind::Map && !isMetadataName(name) &&
                                (array.isIndefinite || array.number > 0);
            if (isRows && (!found || (!isRowsName(found->key) && isRowsName(name))))
                found = RowsInside{name,
                                   m_window.offsetOf(inside),
                                   {array.number, array.isIndefinite},
                                   members,
                                   before};
        }
        if (!passItem(at))
            break;
        before.emplace_back(name, std::string_view(value, static_cast<std::size_t>(at - value)));
    }
    return found;
}

void BinaryDecoder::enter(const RowsInside &rows)
{
    for (const auto &[key, item] : rows.before)
        keepMember(key, item);
    m_rowsAt = "$";
    appendMember(m_rowsAt, rows.key);
    m_members = rows.members;
    m_elements = rows.elements;
    m_at = rows.at;
    m_boundary.stop();
    m_isFirstItem = false;
    m_state = State::Element;
}

std::optional<bool> BinaryDecoder::isAtEnd(Awaited &awaited)
{
    if (!awaited.isIndefinite)
        return awaited.left == 0;
    BinaryToken token;
    const char *at = m_window.at(m_at);
    const BinaryReader::Answer answer = m_reader.read(at, m_window.end(), token);
    if (answer.outcome == Outcome::NeedsMore && at == m_window.end())
        return std::nullopt;
    if (answer.outcome != Outcome::Whole || token.kind != Kind::Break)
        return false;
    m_at = m_window.offsetOf(at);
    return true;
}

BinaryDecoder::Moved BinaryDecoder::takeElement()
{
    if (!m_boundary.isActive()) {
        const auto ended = isAtEnd(m_elements);
        if (!ended)
            return false;
        if (*ended) {
            endRows();
            return true;
        }
    }
    const Moved whole = findItemEnd(1);
    if (!whole || !*whole)
        return whole;
    m_elements.left -= m_elements.isIndefinite ? 0 : 1;
    FRESHET_TRY(takeRow(m_boundary.offset()));
    if (!m_elements.isIndefinite && m_elements.left == 0)
        endRows();
    return true;
}

void BinaryDecoder::endRows()
{
    m_closedAt = m_at;
    m_state = m_members ? State::Member : State::Item;
    if (m_members && !m_members->isIndefinite && m_members->left == 0)
        m_state = State::Over;
    m_output.moveTo(m_at);
}

/// A member behind the rows: its key is one item, its value another.
BinaryDecoder::Moved BinaryDecoder::takeMember()
{
    if (!m_key && !m_boundary.isActive()) {
        const auto ended = isAtEnd(*m_members);
        if (!ended)
            return false;
        if (*ended) {
            m_state = State::Over;
            return true;
        }
    }
    const Moved whole = findItemEnd(1);
    if (!whole || !*whole)
        return whole;
    const std::int64_t after = m_boundary.offset();
    const std::string_view item(m_window.at(m_at), static_cast<std::size_t>(after - m_at));
    if (!m_key) {
        BinaryToken key;
        const char *at = item.data();
        (void)head(at, item.data() + item.size(), key);
        if (key.kind == Kind::Array || key.kind == Kind::Map || key.isIndefinite)
            return fail(brokenAt(ErrorCode::SyntaxError, "no key behind the rows", m_at));
        m_key = std::string(key.bytes);
    } else {
        keepMember(*m_key, item);
        m_key.reset();
        m_members->left -= m_members->isIndefinite ? 0 : 1;
        if (!m_members->isIndefinite && m_members->left == 0)
            m_state = State::Over;
    }
    m_boundary.stop();
    m_at = after;
    return true;
}

void BinaryDecoder::keepMember(const std::string &key, std::string_view item)
{
    const bool isSmall = item.size() <= JsonEnvelope::kMaxText &&
                         m_envelopeBytes + item.size() <= JsonEnvelope::kMaxTotal;
    if (key.empty() || !isSmall)
        return;
    if (auto json = m_row.jsonOf(item.data(), item.data() + item.size())) {
        std::string path = "$";
        appendMember(path, key);
        m_envelopeBytes += path.size() + json->size();
        m_envelope.insert_or_assign(std::move(path), std::move(*json));
    }
}

/// Whether the item at `m_at` is whole, up to `m_boundary.offset()`.
BinaryDecoder::Moved BinaryDecoder::findItemEnd(int depth)
{
    if (!m_boundary.isActive() || m_boundary.first() != m_at)
        m_boundary.start(m_at, depth);
    if (m_boundary.isWhole())
        return true;
    switch (m_boundary.scan(m_window.at(m_boundary.offset()), m_window.end())) {
    case BinaryBoundary::State::Whole:
        return true;
    case BinaryBoundary::State::Open:
        return false;
    case BinaryBoundary::State::Broken:
        return fail(brokenAt(ErrorCode::SyntaxError, m_reader.reason(), m_boundary.offset()));
    case BinaryBoundary::State::TooDeep:
        return fail(brokenAt(ErrorCode::NestingTooDeep, "nested too deep", m_boundary.offset()));
    case BinaryBoundary::State::TooLarge:
        break;
    }
    return fail(brokenAt(ErrorCode::RowTooLarge,
                         "an item is larger than " +
                             std::to_string(m_options.limits.rowBytes.value()) + " bytes",
                         m_at));
}

Status BinaryDecoder::takeRow(std::int64_t after)
{
    const char *const at = m_window.at(m_at);
    const char *const end = m_window.at(after);
    m_boundary.stop();
    if (m_row.read(at, end)) {
        m_at = after;
        return m_output.endRow(after);
    }
    Error error = m_row.error();
    error.byteOffset = ByteOffset(m_window.offsetOf(m_row.errorAt()));
    m_at = after;
    const std::string_view raw(
        at, std::min(static_cast<std::size_t>(end - at), RowOutput::kMaxRawText / 2 - 1));
    FRESHET_TRY(m_output.reject(std::move(error), hexText(raw)));
    m_output.moveTo(after);
    return {};
}

Error BinaryDecoder::brokenAt(ErrorCode code, std::string_view reason, std::int64_t offset) const
{
    return {.code = code, .detail = std::string(reason), .byteOffset = ByteOffset(offset)};
}

} // namespace freshet::decode
