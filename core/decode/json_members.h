// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace freshet::decode {

struct JsonMembers;

/// A member that rows have had: where its values go, and the members below it.
struct JsonMember
{
    static constexpr int kNoColumn = -1;
    /// Longer keys are looked up: comparing them could read past the end of the input.
    static constexpr std::size_t kLongestGuess = 64;

    JsonMember(std::string_view key, std::string columnName);

    /// Whether the text at `at` (with 64 readable bytes behind it) is this key in its quotes.
    [[nodiscard]] bool isAt(const char *at) const
    {
#if defined(__SSE2__)
        const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        const __m128i head = _mm_loadu_si128(reinterpret_cast<const __m128i *>(m_head.data()));
        const auto same = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, head)));
        if ((same & m_headMask) != m_headMask)
            return false;
        if (m_quotedSize <= m_head.size())
            return true;
        return m_quotedSize <= kLongestGuess &&
               std::memcmp(at + m_head.size(), m_quoted.data() + m_head.size(),
                           m_quotedSize - m_head.size()) == 0;
#else
        return m_quotedSize <= kLongestGuess && std::memcmp(at, m_quoted.data(), m_quotedSize) == 0;
#endif
    }
    [[nodiscard]] std::size_t quotedSize() const
    {
        return m_quotedSize;
    }
    [[nodiscard]] std::string_view key() const
    {
        return std::string_view(m_quoted).substr(1, m_quotedSize - 2);
    }

private:
    std::array<char, 16> m_head = {};
    unsigned m_headMask = 0;
    std::size_t m_quotedSize;

public:
    int column = kNoColumn;
    /// The object's members stand for the row's own: their columns get no prefix.
    bool isSpread = false;
    std::unique_ptr<JsonMembers> members;
    std::string columnName;

private:
    std::string m_quoted;
};

/// The members at one place of the rows, in the order they first came. Rows of one source mostly
/// repeat it, so the next key is guessed from the last one and confirmed by one comparison.
/// Threads: one thread at a time.
struct JsonMembers
{
    explicit JsonMembers(std::string columnPrefix) : prefix(std::move(columnPrefix)) {}

    /// The member called `key` (unescaped), or -1.
    [[nodiscard]] int find(std::string_view key) const;
    /// Output: its index.
    int add(std::string_view key);
    int add(std::string_view key, std::string columnName);
    void removeLast();

    std::string prefix; ///< of column names: empty, or ends in a dot
    std::vector<JsonMember> list;

private:
    struct Hash : std::hash<std::string_view>
    {
        using is_transparent = void;
    };
    std::unordered_map<std::string, int, Hash, std::equal_to<>> m_index;
};

} // namespace freshet::decode
