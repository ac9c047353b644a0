// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/value_text.h"

#include <algorithm>
#include <array>
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace freshet::columnar {

namespace {

bool needsEscape(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The first byte at or after `at` that must be escaped, or `end`.
const char *findEscape(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i lastControl = _mm_set1_epi8(0x1f);
    for (; end - at >= 16; at += 16) {
        __m128i block;
        std::memcpy(&block, at, sizeof block);
        const __m128i isControl = _mm_cmpeq_epi8(_mm_min_epu8(block, lastControl), block);
        const __m128i isMark =
            _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash));
        const auto found =
            static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(isControl, isMark)));
        if (found != 0)
            return at + std::countr_zero(found);
    }
#endif
    while (at != end && !needsEscape(*at))
        ++at;
    return at;
}

void appendEscaped(std::string &out, char c)
{
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\f':
        out += "\\f";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
}

} // namespace

void appendJsonString(std::string &out, std::string_view text)
{
    const char *at = text.data();
    const char *const end = at + text.size();
    const char *escape = findEscape(at, end);
    if (escape == end) [[likely]] {
        const std::size_t before = out.size();
        out.resize(before + text.size() + 2);
        char *const to = out.data() + before;
        to[0] = '"';
        std::copy(at, end, to + 1);
        to[text.size() + 1] = '"';
        return;
    }
    out += '"';
    for (;; escape = findEscape(at, end)) {
        out.append(at, escape);
        if (escape == end)
            break;
        appendEscaped(out, *escape);
        at = escape + 1;
    }
    out += '"';
}

} // namespace freshet::columnar
