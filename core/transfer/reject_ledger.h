// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace freshet::transfer {

/// Counts bad rows so that each is kept once, however often it is read.
///
/// The bad rows of a dataset stand in the order they were found. At each point where a download
/// could go on, the ones found before it are a first part of them, `passed()`; those behind it will
/// be read again, and are dropped when a later run begins there.
/// Threads: one thread at a time.
class RejectLedger
{
public:
    /// More of the ones held are not remembered by what they are.
    static constexpr std::int64_t kMaxRemembered = 1000;

    /// The dataset keeps `held` bad rows. `comeAgain`: these are the first that will be found.
    void holds(std::int64_t held, bool comeAgain);
    /// The last of the ones held, by `hashOf`: another answer may repeat them.
    void remember(std::vector<std::uint64_t> hashes) { m_held = std::move(hashes); }

    /// A bad row was found in front of row `row`, while the decoder's position was `foundAt`.
    /// Output: whether it is new.
    [[nodiscard]] bool take(std::string_view rawText, ByteOffset foundAt, RowIndex row);
    /// Rows up to `border` are handed on: what was found before it will not be read again.
    void pass(ByteOffset border);
    /// Nor will anything found so far.
    void passAll();
    /// Another answer begins. Of this one's bad rows those not passed may come again, and with
    /// `repeatedFrom` those found from that row on.
    void beginLeg(std::optional<RowIndex> repeatedFrom);

    [[nodiscard]] std::int64_t passed() const { return m_passed; }
    /// New ones of this run.
    [[nodiscard]] std::int64_t taken() const { return static_cast<std::int64_t>(m_found.size()); }

    [[nodiscard]] static std::uint64_t hashOf(std::string_view rawText);

private:
    struct Found
    {
        ByteOffset at; ///< as `foundAt`
        RowIndex row;
        std::uint64_t hash;
    };

    std::int64_t m_passed = 0;
    std::int64_t m_toPassOver = 0; ///< of the next ones
    std::vector<Found> m_found;    ///< by this run
    std::size_t m_open = 0;        ///< the first of these that is not passed
    std::vector<std::uint64_t> m_held;
    std::unordered_map<std::uint64_t, std::int64_t> m_repeatable; ///< hash → how often
};

} // namespace freshet::transfer
