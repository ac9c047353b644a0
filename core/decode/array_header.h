// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// The strings of a JSON array of strings only; nothing if it is anything else. `array` is valid
/// JSON.
[[nodiscard]] std::optional<std::vector<std::string>> stringsOf(std::string_view array);

/// Decides whether rows that are arrays start with a row of column names.
///
/// They do if the first row holds only distinct, non-empty strings and the second either names a
/// ClickHouse type for each (JSONCompactEachRowWithNamesAndTypes; that row is no data either) or is
/// as long and holds a number or boolean (JSONCompactEachRowWithNames and many like it).
/// The first row is held back until the second tells. The user's word (`hasHeader`) goes first.
/// Threads: one thread at a time.
class ArrayHeader
{
public:
    enum class Next {
        TakeRow,         ///< it is a row
        HoldRow,         ///< keep its text, look at the next one
        TakeHeldAndRow,  ///< the held one was a row, and so is this
        NameAndTakeRow,  ///< the held one has the names, this is a row
        NameAndPassOver, ///< the held one has the names, this is no row
    };

    explicit ArrayHeader(std::optional<bool> hasHeader) : m_hasHeader(hasHeader) {}

    [[nodiscard]] bool isDecided() const { return m_isDecided; }
    [[nodiscard]] bool isHolding() const { return !m_names.empty() && !m_isDecided; }
    /// Look at a row, the whole text of an array, while not decided.
    [[nodiscard]] Next look(std::string_view array);
    /// No more rows to look at: what is held is a row.
    void decide()
    {
        if (!m_isDecided)
            m_names.clear();
        m_isDecided = true;
    }
    [[nodiscard]] const std::vector<std::string> &names() const { return m_names; }
    /// `ClickHouse` type names that came with the column names, or none.
    [[nodiscard]] const std::vector<std::string> &types() const { return m_types; }

private:
    std::optional<bool> m_hasHeader;
    bool m_isDecided = false;
    std::vector<std::string> m_names;
    std::vector<std::string> m_types;
};

} // namespace freshet::decode
