// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/json_lexer.h"

namespace freshet::decode {

/// Walks over the elements of an array that `JsonLexer::value` accepted.
///
///     for (JsonElements element(lexer, array); !element.isOver(); element.moveOn()) …
///
/// Threads: one thread at a time. Lifetime: the lexer outlives it.
class JsonElements
{
public:
    /// `array`: its opening bracket.
    JsonElements(JsonLexer &lexer, const char *array) : m_lexer(lexer)
    {
        goTo(lexer.skipBlanks(array + 1));
    }
    [[nodiscard]] bool isOver() const { return *m_at == ']'; }
    [[nodiscard]] bool isLast() const { return *m_separator == ']'; }
    void moveOn() { goTo(isLast() ? m_separator : m_lexer.skipBlanks(m_separator + 1)); }

    /// The element's first byte, and the place just after it.
    [[nodiscard]] const char *at() const { return m_at; }
    [[nodiscard]] const char *next() const { return m_next; }

private:
    void goTo(const char *at)
    {
        m_at = at;
        if (*at == ']')
            return;
        m_next = m_lexer.value(at, 1);
        m_separator = m_lexer.skipBlanks(m_next);
    }

    JsonLexer &m_lexer;
    const char *m_at = nullptr;
    const char *m_next = nullptr;
    const char *m_separator = nullptr;
};

} // namespace freshet::decode
