// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace freshet::decode {

[[nodiscard]] inline std::string_view between(const char *first, const char *last)
{
    return {first, static_cast<std::size_t>(last - first)};
}

/// Where and why JSON text is not JSON. At or behind the end of the input it means that more input
/// is needed to tell.
struct JsonFault
{
    ErrorCode code = ErrorCode::SyntaxError;
    const char *at = nullptr;
    const char *reason = "";
    /// The byte that proves it: the first one that no valid text can have there. It is `at`, except
    /// for invalid UTF-8, where `at` is the start of the sequence.
    const char *proof = at;
};

/// Reads the tokens of JSON text, strictly.
/// Source: RFC 8259 (grammar), RFC 3629 (UTF-8).
///
/// Input: text in memory with `InputWindow::kPadding` zeros behind its end. Every function takes
/// the place to read at and returns the place just after, or nullptr with `fault()` set. The fault
/// is the first in the text and follows from the bytes up to its proof alone: a longer input gives
/// the same one. Threads: one thread at a time.
class JsonLexer
{
public:
    explicit JsonLexer(int nestingLimit) : m_nestingLimit(nestingLimit) {}

    /// The text ends at `end`. With `oneLine`, CR and LF are no blanks: a value ends with its line.
    void start(const char *end, bool oneLine)
    {
        m_end = end;
        m_oneLine = oneLine;
    }
    [[nodiscard]] const char *end() const { return m_end; }
    [[nodiscard]] const JsonFault &fault() const { return m_fault; }
    [[nodiscard]] bool isIncomplete() const { return m_fault.at >= m_end; }

    [[nodiscard]] const char *skipBlanks(const char *at) const
    {
        return static_cast<unsigned char>(*at) > ' ' ? at : skipSomeBlanks(at);
    }

    /// `at` is just after the opening quote. Output: the closing quote; `escaped` says whether
    /// there is a backslash between. Checks escapes, control characters and UTF-8.
    [[nodiscard]] const char *string(const char *at, bool &escaped);
    /// The same for the usual string, which is copied on the way to `to`: the closing quote, or
    /// nullptr without a fault if it has escapes, is longer than `room` or is not valid; then
    /// nothing counts as copied. `to` has 16 more bytes than `room`.
    [[nodiscard]] const char *copyPlainString(const char *at, char *to, std::size_t room) const;
    [[nodiscard]] const char *number(const char *at);
    [[nodiscard]] const char *literal(const char *at, std::string_view word,
                                      const char *otherwise = "neither true, false nor null");
    /// A key with its colon and the blanks around that.
    [[nodiscard]] const char *key(const char *at);
    [[nodiscard]] const char *colon(const char *at);
    /// A string, number or literal.
    [[nodiscard]] const char *scalar(const char *at);
    /// A whole value of any kind, checked in full, `depth` levels down already.
    [[nodiscard]] const char *value(const char *at, int depth);

    /// Set the fault; gives nullptr, for `return lexer.fail(…)`.
    const char *fail(const char *at, const char *reason, ErrorCode code = ErrorCode::SyntaxError)
    {
        m_fault = {code, at, reason, at};
        return nullptr;
    }
    /// A byte that fits no rule here: names the usual suspects.
    const char *unexpected(const char *at, const char *wanted);

    [[nodiscard]] int nestingLimit() const { return m_nestingLimit; }

private:
    [[nodiscard]] const char *skipSomeBlanks(const char *at) const;
    const char *escape(const char *at);
    const char *checkUtf8(const char *first, const char *last, const char *whenFine);

    const char *m_end = nullptr;
    bool m_oneLine = false;
    int m_nestingLimit;
    JsonFault m_fault;
    std::vector<bool> m_open; ///< for `value`: true = object
};

/// The text of a string that `JsonLexer::string` accepted, with its escapes resolved. UTF-8 cannot
/// hold a lone surrogate: its escape stays as it was sent (`\ud800`). `\u0000` is a NUL byte.
/// Output: whether a lone surrogate was kept.
bool unescapeJson(std::string_view raw, std::string &out);

/// How far a text is UTF-8.
struct Utf8Extent
{
    std::size_t valid;     ///< bytes of whole sequences at the start
    std::size_t violation; ///< the byte that the next sequence cannot have; the size if it is cut
};
[[nodiscard]] Utf8Extent utf8Extent(std::string_view text);

} // namespace freshet::decode
