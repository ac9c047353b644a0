// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::test {

/// One way to cut a text into pieces: the offsets of the cuts, ascending.
struct Split
{
    std::string name;
    std::vector<std::size_t> cuts;
};

/// The ways every decoder is tried with: whole, byte by byte, at every single cut (up to
/// `mostSingleCuts` of them, spread evenly), and at seeded random cuts.
inline std::vector<Split> splitsOf(std::size_t size, std::size_t mostSingleCuts = 2000)
{
    std::vector<Split> splits{{"whole", {}}};
    Split bytes{"byte by byte", {}};
    for (std::size_t at = 1; at < size; ++at)
        bytes.cuts.push_back(at);
    splits.push_back(std::move(bytes));
    const std::size_t step =
        std::max<std::size_t>(1, size / std::max<std::size_t>(1, mostSingleCuts));
    for (std::size_t at = 1; at < size; at += step)
        splits.push_back({"cut at " + std::to_string(at), {at}});
    for (unsigned seed = 1; seed <= 8 && size > 2; ++seed) {
        std::mt19937 random(seed);
        Split split{"random cuts, seed " + std::to_string(seed), {}};
        const std::size_t longest = 1 + random() % (size / 2 + 1);
        for (std::size_t at = 1 + random() % longest; at < size; at += 1 + random() % longest)
            split.cuts.push_back(at);
        splits.push_back(std::move(split));
    }
    return splits;
}

/// Feed `text` in the pieces of `split`, each in memory of exactly its size, so that a decoder that
/// reads beyond is caught by the address sanitizer. Stops at the first error.
inline Status feedSplit(decode::RowDecoder &decoder, std::string_view text, const Split &split)
{
    std::size_t from = 0;
    for (std::size_t i = 0; i <= split.cuts.size(); ++i) {
        const std::size_t to = i < split.cuts.size() ? split.cuts[i] : text.size();
        const auto piece = std::make_unique<char[]>(to - from);
        std::copy(text.begin() + static_cast<std::ptrdiff_t>(from),
                  text.begin() + static_cast<std::ptrdiff_t>(to), piece.get());
        FRESHET_TRY(decoder.feed({piece.get(), to - from}));
        from = to;
    }
    return {};
}

} // namespace freshet::test
