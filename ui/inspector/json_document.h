// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::ui {

enum class JsonKind : std::uint8_t { Object, Array, String, Number, True, False, Null };

/// One value of a JSON text, by where it stands there.
struct JsonNode
{
    JsonKind kind = JsonKind::Null;
    int parent = -1;
    int place = 0; ///< among the parent's children
    std::uint32_t keyBegin = 0;
    std::uint32_t keyEnd = 0; ///< with its quotes; empty in an array
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// A JSON text and where its values are. Nothing is converted: numbers keep every digit, duplicate
/// keys stay, each in its place.
/// Source: RFC 8259. Threads: immutable; share freely.
class JsonDocument
{
public:
    static constexpr std::size_t kMaxBytes = 16 << 20;
    static constexpr std::size_t kMaxNodes = 500'000;
    static constexpr int kMaxDepth = 1'000;

    /// Errors: SyntaxError with the byte offset; NestingTooDeep; LimitReached beyond the limits.
    [[nodiscard]] static Result<JsonDocument> parse(std::string text);

    /// Node 0 is the whole value.
    [[nodiscard]] const JsonNode &node(int index) const
    {
        return m_nodes[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] int nodeCount() const { return static_cast<int>(m_nodes.size()); }
    [[nodiscard]] int childCount(int index) const;
    [[nodiscard]] int child(int index, int place) const;

    /// The value's text, exactly as it stands.
    [[nodiscard]] std::string_view rawText(int index) const;
    /// The content of a string, unescaped; the raw text of other values.
    [[nodiscard]] std::string plainText(int index) const;
    /// The key, unescaped; empty in an array.
    [[nodiscard]] std::string key(int index) const;
    /// `$.user.tags[0]`, `$["odd key"]`.
    [[nodiscard]] std::string path(int index) const;

private:
    friend class JsonReader;

    void indexChildren();

    std::string m_text;
    std::vector<JsonNode> m_nodes;
    /// Children of node i are m_children[m_firstChild[i]] to m_children[m_firstChild[i + 1] - 1].
    std::vector<int> m_firstChild;
    std::vector<int> m_children;
};

/// The content of a JSON string, given with its quotes, with escapes resolved; half a surrogate
/// pair becomes U+FFFD.
[[nodiscard]] std::string unescapeJson(std::string_view quoted);

} // namespace freshet::ui
