// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/csv_scanner.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace freshet::decode {

namespace {

constexpr std::ptrdiff_t kBlock = 64;

struct BlockMasks
{
    std::uint64_t marks = 0; ///< delimiters, line ends, quotes, backslashes
    std::uint64_t high = 0;  ///< bytes beyond ASCII
};

#ifdef __SSE2__
BlockMasks masksOf(const char *block, CsvDialect dialect)
{
    const __m128i delimiter = _mm_set1_epi8(dialect.delimiter);
    const __m128i quote = _mm_set1_epi8(dialect.quote != '\0' ? dialect.quote : '\n');
    const __m128i backslash = _mm_set1_epi8(dialect.hasBackslash ? '\\' : '\n');
    const __m128i lineFeed = _mm_set1_epi8('\n');
    const __m128i carriageReturn = _mm_set1_epi8('\r');
    BlockMasks masks;
    for (int i = 0; i < 4; ++i) {
        __m128i bytes;
        std::memcpy(&bytes, block + 16 * i, sizeof bytes);
        const __m128i ends =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, lineFeed), _mm_cmpeq_epi8(bytes, carriageReturn));
        const __m128i others =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        const __m128i all =
            _mm_or_si128(_mm_or_si128(ends, others), _mm_cmpeq_epi8(bytes, delimiter));
        const auto bitsOf = [](__m128i vector) {
            return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(vector))};
        };
        masks.marks |= bitsOf(all) << (16 * i);
        masks.high |= bitsOf(bytes) << (16 * i);
    }
    return masks;
}
#else
BlockMasks masksOf(const char *block, CsvDialect dialect)
{
    BlockMasks masks;
    for (int i = 0; i < kBlock; ++i) {
        const char c = block[i];
        const bool isMark = c == dialect.delimiter || c == '\n' || c == '\r' ||
                            (dialect.quote != '\0' && c == dialect.quote) ||
                            (dialect.hasBackslash && c == '\\');
        masks.marks |= std::uint64_t{isMark} << i;
        masks.high |= std::uint64_t{static_cast<unsigned char>(c) >= 0x80} << i;
    }
    return masks;
}
#endif

} // namespace

void CsvScanner::setInput(const char *record, const char *end, bool atEnd)
{
    m_start = record;
    m_end = end;
    m_isAtEnd = atEnd;
    if (m_isWhole)
        beginRecord();
    m_block = m_start + m_scanned;
    m_marks = 0;
    if (m_block < m_end)
        loadBlock();
}

void CsvScanner::beginRecord()
{
    m_record.fields.clear();
    m_record.fieldCount = 0;
    m_record.lines = 0;
    m_record.isAscii = m_blockIsAscii;
    m_record.strayAt.reset();
    m_record.openedAt.reset();
    m_state = State::Plain;
    m_field = {};
    m_fieldStart = 0;
    m_skipTo = 0;
    m_scanned = 0;
    m_isWhole = false;
}

void CsvScanner::loadBlock()
{
    const BlockMasks masks = masksOf(m_block, m_dialect);
    const std::ptrdiff_t left = m_end - m_block;
    const std::uint64_t inside =
        left >= kBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
    m_marks = masks.marks & inside;
    if (m_start > m_block) // the line feed of a line end that the last block ended in
        m_marks &= ~std::uint64_t{0} << (m_start - m_block);
    m_blockIsAscii = (masks.high & inside) == 0;
    m_record.isAscii = m_record.isAscii && m_blockIsAscii;
}

bool CsvScanner::suspend(const char *at)
{
    m_scanned = offsetOf(at);
    m_marks = 0;
    m_block = m_end;
    return false;
}

void CsvScanner::endField(std::uint32_t at)
{
    if (m_state == State::Closed) {
        if (at != m_field.end + 1 && !m_record.strayAt)
            m_record.strayAt = m_field.end + 1;
    } else {
        m_field.begin = m_fieldStart;
        m_field.end = at;
    }
    if (m_record.fields.size() < m_mostFields) [[likely]]
        m_record.fields.push_back(m_field);
    ++m_record.fieldCount;
    m_field = {};
    m_fieldStart = at + 1;
    m_state = State::Plain;
}

bool CsvScanner::endRecord(const char *at, std::uint32_t lineEnd)
{
    endField(offsetOf(at));
    m_record.textLength = offsetOf(at);
    m_record.length = m_record.textLength + lineEnd;
    m_record.hasLineEnd = lineEnd != 0;
    m_record.lines += lineEnd != 0 ? 1 : 0;
    m_isWhole = true;
    return true;
}

bool CsvScanner::endInput()
{
    if (!m_isAtEnd)
        return suspend(m_end);
    if (m_start == m_end)
        return false;
    if (m_state == State::Quoted) {
        m_record.openedAt = m_fieldStart;
        m_field.end = offsetOf(m_end);
        m_state = State::Closed;
    }
    return endRecord(m_end, 0);
}

bool CsvScanner::next()
{
    if (m_isWhole) {
        m_start += m_record.length;
        beginRecord();
        const std::ptrdiff_t done = m_start - m_block; // with the line feed of a line end
        m_marks &= done >= kBlock ? 0 : ~std::uint64_t{0} << done;
    }
    const char delimiter = m_dialect.delimiter;
    const char quote = m_dialect.quote;
    for (;;) {
        while (m_marks == 0) {
            if (m_end - m_block <= kBlock)
                return endInput();
            m_block += kBlock;
            loadBlock();
        }
        const char *const at = m_block + std::countr_zero(m_marks);
        m_marks &= m_marks - 1;
        const char c = *at;
        if (m_state == State::Quoted) {
            const bool isLast = at + 1 == m_end;
            if (isLast && !m_isAtEnd && c != delimiter)
                return suspend(at);
            if (c == '\n' || (c == '\r' && (isLast || at[1] != '\n')))
                ++m_record.lines;
            if (offsetOf(at) < m_skipTo)
                continue;
            if (c == quote) {
                if (!m_dialect.hasBackslash && !isLast && at[1] == quote) {
                    m_field.hasEscapes = true;
                    m_skipTo = offsetOf(at) + 2;
                } else {
                    m_field.end = offsetOf(at);
                    m_state = State::Closed;
                }
            } else if (c == '\\' && m_dialect.hasBackslash) {
                m_field.hasEscapes = true;
                m_skipTo = offsetOf(at) + 2;
            }
        } else if (c == delimiter) {
            endField(offsetOf(at));
        } else if (c == '\n') {
            return endRecord(at, 1);
        } else if (c == '\r') {
            if (at + 1 == m_end && !m_isAtEnd)
                return suspend(at); // a line feed may follow
            return endRecord(at, at + 1 != m_end && at[1] == '\n' ? 2 : 1);
        } else if (c == quote && m_state == State::Plain && offsetOf(at) == m_fieldStart) {
            m_field.isQuoted = true;
            m_field.begin = m_fieldStart + 1;
            m_state = State::Quoted;
        }
    }
}

std::string_view CsvScanner::textOf(const CsvField &field, std::string &scratch) const
{
    const std::string_view text(m_start + field.begin, field.end - field.begin);
    return field.hasEscapes ? unescaped(text, scratch) : text;
}

std::string_view CsvScanner::unescaped(std::string_view text, std::string &scratch) const
{
    const char escape = m_dialect.hasBackslash ? '\\' : m_dialect.quote;
    scratch.clear();
    while (!text.empty()) {
        const std::size_t at = text.find(escape);
        if (at == std::string_view::npos || at + 1 == text.size())
            break;
        scratch.append(text.substr(0, at));
        // A backslash before anything else than a quote or itself is a letter.
        const char next = text[at + 1];
        if (next != m_dialect.quote && next != escape)
            scratch += escape;
        scratch += next;
        text.remove_prefix(at + 2);
    }
    scratch.append(text);
    return scratch;
}

} // namespace freshet::decode
