// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/rows_path.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// An object or array that the document decoder stands in.
struct JsonFrame
{
    bool isArray = false;
    bool mayHoldRows = true; ///< only objects above, none of them metadata
    bool isCaptured = false; ///< its text goes to the envelope
    int matched = 0;         ///< steps of the wanted path that lead here, or -1
    std::int64_t count = 0;  ///< members or elements begun
    std::int64_t start = 0;  ///< stream offset of its bracket
    std::string key;         ///< object: of the member at hand

    // What its members were, to tell tables turned on their side.
    std::int64_t arrays = 0;
    std::int64_t objects = 0;
    std::int64_t innerCount = -1; ///< elements of every array so far, or -2 if they differ
    std::string firstKey;         ///< its own first key
    std::string innerFirstKey;    ///< of every object so far
    bool sameFirstKey = true;
};

/// The containers from the root to where the decoder stands.
/// Threads: one thread at a time.
class JsonStack
{
public:
    [[nodiscard]] bool isEmpty() const { return m_frames.empty(); }
    [[nodiscard]] int depth() const { return static_cast<int>(m_frames.size()); }
    [[nodiscard]] JsonFrame &top() { return m_frames.back(); }
    [[nodiscard]] const JsonFrame &top() const { return m_frames.back(); }

    void push(JsonFrame frame) { m_frames.push_back(std::move(frame)); }
    /// Remove the top and tell the one above what it was.
    void pop();

    /// Where the value at hand is: a member or element of the top.
    [[nodiscard]] std::string path() const;
    [[nodiscard]] RowsPath rowsPath() const;
    /// Steps of `wanted` that lead to the value at hand, or -1.
    [[nodiscard]] int matchedBy(const std::vector<RowsStep> &wanted) const;
    /// Whether rows may be in the value at hand: by place, not by content.
    [[nodiscard]] bool mayHoldRows() const;
    /// Whether the value at hand is a member beside which, or in which, rows may be.
    [[nodiscard]] bool isBesideRows() const;
    /// The key of the value at hand; empty for an element or the root.
    [[nodiscard]] std::string_view key() const;

private:
    /// What a document says of itself has shorter names, and no path is longer than a few of them.
    static constexpr std::size_t kLongestKey = 1024;

    std::vector<JsonFrame> m_frames;
};

/// How an array or object stands for rows.
enum class RowsShape {
    Elements, ///< the elements of an array
    Keyed,    ///< the members of an object: ClickHouse JSONObjectEachRow
    Columns,  ///< an object of equally long arrays: ClickHouse JSONColumns
    Single    ///< the value itself is the one row
};

/// A place that may prove to have the rows. Of several the one with the higher rank wins, the
/// first among equals.
struct RowsCandidate
{
    enum class Rank { None, Single, Keyed, KnownScalars, Arrays, Columns, Objects };
    Rank rank = Rank::None;
    RowsShape shape = RowsShape::Elements;
};

} // namespace freshet::decode
