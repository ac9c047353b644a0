// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_lexer.h"

#include <simdjson.h>

#include <bit>

namespace freshet::decode {

namespace {

bool isDigit(char c)
{
    return static_cast<unsigned char>(c - '0') < 10;
}

/// The value of a hexadecimal digit, or -1.
int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

unsigned hexUnit(const char *digits)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i)
        unit = unit << 4 | static_cast<unsigned>(hexValue(digits[i]));
    return unit;
}

void appendUtf8(std::string &out, unsigned code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

#if defined(__SSE2__)
/// One bit for each of 16 bytes that is a quote, a backslash or a control character.
unsigned specialBytes(__m128i bytes)
{
    const __m128i lastControl = _mm_set1_epi8(0x1F);
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, lastControl), bytes);
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
}
#endif

/// The next byte of a string that is a quote, a backslash or a control character. `seen` collects
/// the high bits of what lies before it and, harmlessly, of a few bytes after.
const char *scanString(const char *at, unsigned &seen)
{
#if defined(__SSE2__)
    for (;; at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        const unsigned stops = specialBytes(bytes);
        const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
        if (stops != 0) {
            seen |= high & ((stops & (0u - stops)) - 1);
            return at + std::countr_zero(stops);
        }
        seen |= high;
    }
#else
    for (;; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        if (c == '"' || c == '\\' || c < 0x20)
            return at;
        seen |= c & 0x80u;
    }
#endif
}

} // namespace

const char *JsonLexer::skipSomeBlanks(const char *at) const
{
    for (;;) {
#if defined(__SSE2__)
        // Indented text has long runs of spaces.
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        const __m128i spaces = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '));
        const auto others = static_cast<unsigned>(_mm_movemask_epi8(spaces)) ^ 0xFFFFu;
        at += others == 0 ? 16 : std::countr_zero(others);
        if (others == 0)
            continue;
#endif
        const bool isBlank =
            *at == ' ' || *at == '\t' || (!m_oneLine && (*at == '\n' || *at == '\r'));
        if (!isBlank)
            return at;
        ++at;
    }
}

const char *JsonLexer::unexpected(const char *at, const char *wanted)
{
    if (m_oneLine && at < m_end && (*at == '\n' || *at == '\r'))
        return fail(at, "the line ends inside a value");
    return fail(at, wanted);
}

const char *JsonLexer::string(const char *at, bool &escaped)
{
    const char *const first = at;
    unsigned seen = 0;
    escaped = false;
    for (;;) {
        at = scanString(at, seen);
        if (*at == '"')
            return seen == 0 ? at : checkUtf8(first, at, at);
        if (*at != '\\') {
            fail(at, *at == '\n' || *at == '\r' ? "the line ends inside a string"
                                                : "control character in a string");
            break;
        }
        escaped = true;
        const char *const after = escape(at);
        if (after == nullptr)
            break;
        at = after;
    }
    // Something is wrong, but bytes before it may have been so already.
    return seen == 0 ? nullptr : checkUtf8(first, at, nullptr);
}

const char *JsonLexer::copyPlainString(const char *at, char *to, std::size_t room) const
{
#if defined(__SSE2__)
    unsigned seen = 0;
    for (std::size_t done = 0; done < room; done += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at + done));
        _mm_storeu_si128(reinterpret_cast<__m128i *>(to + done), bytes);
        const unsigned stops = specialBytes(bytes);
        const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
        if (stops == 0) {
            seen |= high;
            continue;
        }
        const std::size_t size = done + static_cast<std::size_t>(std::countr_zero(stops));
        seen |= high & ((stops & (0u - stops)) - 1);
        const bool isPlain = at[size] == '"' && (seen == 0 || simdjson::validate_utf8(at, size));
        return isPlain ? at + size : nullptr;
    }
    return nullptr;
#else
    for (std::size_t size = 0; size < room; ++size) {
        const auto c = static_cast<unsigned char>(at[size]);
        if (c == '"')
            return at + size;
        if (c == '\\' || c < 0x20 || c >= 0x80)
            return nullptr;
        to[size] = at[size];
    }
    return nullptr;
#endif
}

const char *JsonLexer::escape(const char *at)
{
    switch (*++at) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return at + 1;
    case 'u':
        for (int i = 0; i < 4; ++i) {
            if (hexValue(*++at) < 0)
                return fail(at, "\\u without four hexadecimal digits");
        }
        return at + 1;
    default:
        return fail(at, "unknown escape in a string");
    }
}

/// The part of a string from `first` to `last` must be UTF-8; a sequence that the end of the input
/// cuts may still become so.
const char *JsonLexer::checkUtf8(const char *first, const char *last, const char *whenFine)
{
    const std::string_view text(first, static_cast<std::size_t>(last - first));
    if (simdjson::validate_utf8(text.data(), text.size()))
        return whenFine;
    const Utf8Extent extent = utf8Extent(text);
    if (first + extent.violation >= m_end)
        return whenFine;
    m_fault = {ErrorCode::InvalidUtf8, first + extent.valid, "invalid UTF-8",
               first + extent.violation};
    return nullptr;
}

const char *JsonLexer::number(const char *at)
{
    if (*at == '-')
        ++at;
    if (*at == '0') {
        ++at;
        if (isDigit(*at))
            return fail(at, "a number starts with a superfluous zero");
    } else {
        if (!isDigit(*at))
            return unexpected(at, "a digit is missing");
        while (isDigit(*at))
            ++at;
    }
    if (*at == '.') {
        ++at;
        if (!isDigit(*at))
            return unexpected(at, "a digit is missing after the decimal point");
        while (isDigit(*at))
            ++at;
    }
    if (*at == 'e' || *at == 'E') {
        ++at;
        if (*at == '+' || *at == '-')
            ++at;
        if (!isDigit(*at))
            return unexpected(at, "a digit is missing in the exponent");
        while (isDigit(*at))
            ++at;
    }
    return at;
}

const char *JsonLexer::literal(const char *at, std::string_view word, const char *otherwise)
{
    for (const char c : word) {
        if (*at != c)
            return unexpected(at, otherwise);
        ++at;
    }
    return at;
}

const char *JsonLexer::key(const char *at)
{
    if (*at != '"')
        return unexpected(at, "a key is missing");
    bool escaped = false;
    at = string(at + 1, escaped);
    return at == nullptr ? nullptr : colon(at + 1);
}

const char *JsonLexer::colon(const char *at)
{
    at = skipBlanks(at);
    if (*at != ':')
        return unexpected(at, "':' is missing");
    return skipBlanks(at + 1);
}

const char *JsonLexer::scalar(const char *at)
{
    bool escaped = false;
    switch (*at) {
    case '"':
        at = string(at + 1, escaped);
        return at == nullptr ? nullptr : at + 1;
    case 't':
        return literal(at, "true");
    case 'f':
        return literal(at, "false");
    case 'n':
        return literal(at, "null");
    default:
        if (*at == '-' || isDigit(*at))
            return number(at);
        return unexpected(at, "a value is missing");
    }
}

const char *JsonLexer::value(const char *at, int depth)
{
    m_open.clear();
    bool keyed = false;
    for (;;) {
        if (keyed && (at = key(at)) == nullptr)
            return nullptr;
        bool opened = false;
        if (*at == '{' || *at == '[') {
            if (depth + static_cast<int>(m_open.size()) >= m_nestingLimit)
                return fail(at, "nested too deep", ErrorCode::NestingTooDeep);
            keyed = *at == '{';
            m_open.push_back(keyed);
            at = skipBlanks(at + 1);
            opened = true;
        } else if ((at = scalar(at)) == nullptr) {
            return nullptr;
        }
        // Close what ends here, up to the comma that starts the next value.
        for (;; opened = false) {
            if (m_open.empty())
                return at;
            keyed = m_open.back();
            at = skipBlanks(at);
            if (*at == (keyed ? '}' : ']')) {
                m_open.pop_back();
                ++at;
                continue;
            }
            if (opened)
                break;
            if (*at != ',')
                return unexpected(at, keyed ? "',' or '}' is missing" : "',' or ']' is missing");
            at = skipBlanks(at + 1);
            break;
        }
    }
}

bool unescapeJson(std::string_view raw, std::string &out)
{
    bool lone = false;
    const char *at = raw.data();
    const char *const end = at + raw.size();
    while (at < end) {
        if (*at != '\\') {
            const char *const plain = at;
            while (at < end && *at != '\\')
                ++at;
            out.append(plain, at);
            continue;
        }
        const char kind = at[1];
        if (kind != 'u') {
            static constexpr std::string_view kFrom = "bfnrt";
            static constexpr std::string_view kTo = "\b\f\n\r\t";
            const std::size_t which = kFrom.find(kind);
            out += which == std::string_view::npos ? kind : kTo[which];
            at += 2;
            continue;
        }
        unsigned code = hexUnit(at + 2);
        std::size_t length = 6;
        if (code >= 0xD800 && code < 0xE000) {
            const bool paired = code < 0xDC00 && end - at >= 12 && at[6] == '\\' && at[7] == 'u';
            const unsigned low = paired ? hexUnit(at + 8) : 0;
            if (low < 0xDC00 || low >= 0xE000) {
                lone = true;
                out.append(at, 6);
                at += 6;
                continue;
            }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            length = 12;
        }
        appendUtf8(out, code);
        at += length;
    }
    return lone;
}

Utf8Extent utf8Extent(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        std::size_t length = 1;
        if (lead >= 0x80) {
            if (lead < 0xC2 || lead > 0xF4)
                return {at, at};
            length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        }
        // The second byte is narrower where the form could be overlong, a surrogate or too large.
        unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        for (std::size_t i = 1; i < length; ++i) {
            if (at + i == text.size())
                return {at, at + i};
            const auto tail = static_cast<unsigned char>(text[at + i]);
            if (tail < low || tail > high)
                return {at, at + i};
            low = 0x80;
            high = 0xBF;
        }
        at += length;
    }
    return {text.size(), text.size()};
}

} // namespace freshet::decode
