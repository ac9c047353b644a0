// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspector/json_document.h"

#include <vector>

namespace freshet::ui {

/// Fills a JsonDocument's nodes from its text, without recursion.
class JsonReader
{
public:
    explicit JsonReader(JsonDocument &document) : m_document(document), m_text(document.m_text) {}

    [[nodiscard]] Status read();

private:
    struct Level
    {
        int node;
        int children = 0;
    };

    [[nodiscard]] Status readValue();
    [[nodiscard]] Status readKey();
    [[nodiscard]] Status afterValue();
    [[nodiscard]] Status open(JsonKind kind);
    void close();
    [[nodiscard]] Status addScalar(JsonKind kind, std::size_t end);
    [[nodiscard]] Status addNode(JsonKind kind);
    [[nodiscard]] Result<std::size_t> stringEnd() const;
    [[nodiscard]] std::size_t numberEnd() const;
    [[nodiscard]] Error syntaxError(std::string_view what) const;
    void skipSpace();
    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    JsonDocument &m_document;
    std::string_view m_text;
    std::size_t m_at = 0;
    std::uint32_t m_keyBegin = 0;
    std::uint32_t m_keyEnd = 0;
    std::vector<Level> m_levels;
    bool m_isDone = false;
};

} // namespace freshet::ui
