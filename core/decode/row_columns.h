// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/batch_builder.h"
#include "decode/json_members.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace freshet::decode {

/// Gives the members of a row their columns, each column once a row: the second of two equal names
/// goes to `name#2`, which is noted. Dropping the row leaves no trace of members it was the first
/// to have, nor of what was noted of it.
/// Threads: one thread at a time.
class RowColumns
{
public:
    static constexpr int kNoColumn = JsonMember::kNoColumn;

    /// Limits: at most `mostColumns` columns.
    RowColumns(columnar::BatchBuilder &builder, int mostColumns)
        : m_builder(builder), m_mostColumns(mostColumns)
    {}

    /// Open a row in the builder.
    void begin();
    /// Take the open row back.
    void drop();
    void reset();

    /// The index of a member that was not known.
    int addMember(JsonMembers &members, std::string_view key);
    /// The column for a value of this member in this row, or kNoColumn if there are too many.
    int claim(JsonMembers &members, int index)
    {
        const int column = members.list[static_cast<std::size_t>(index)].column;
        if (column < 0)
            return claimNewColumn(members, index);
        auto &claimedIn = m_claimedIn[static_cast<std::size_t>(column)];
        if (claimedIn == m_serial)
            return claimDuplicate(members.list[static_cast<std::size_t>(index)].columnName);
        claimedIn = m_serial;
        return column;
    }

    /// Keep a remark on the open row, once.
    void note(std::string text);
    [[nodiscard]] const std::vector<std::string> &notes() const { return m_notes; }

private:
    /// What a row changed in the tree of members.
    struct Change
    {
        JsonMembers *members;
        int index;
        bool isNew;
    };

    int claimNewColumn(JsonMembers &members, int index);
    int claimDuplicate(const std::string &name);
    bool resolve(std::string_view name, int &column);

    columnar::BatchBuilder &m_builder;
    const int m_mostColumns;
    std::vector<std::uint32_t> m_claimedIn; ///< by column: the last row that had a value for it
    std::uint32_t m_serial = 0;
    std::vector<Change> m_changes;
    std::unordered_map<std::string, int> m_repeats; ///< names that this row had, and how often
    std::vector<std::string> m_notes;
    std::size_t m_notesBefore = 0; ///< the open row
};

} // namespace freshet::decode
