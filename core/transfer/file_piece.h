// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"
#include "transport/prefix_digest.h"

#include <vector>

namespace freshet::transfer {

/// Bytes [first, first + length) of a file that is fetched piece by piece.
struct FilePiece
{
    ByteOffset first;
    ByteCount length;
    transport::PrefixDigest held; ///< of the piece's first bytes, which are here

    bool operator==(const FilePiece &) const = default;

    [[nodiscard]] bool isWhole() const { return held.length == length; }
    /// The next byte that is wanted.
    [[nodiscard]] ByteOffset next() const { return first + held.length; }
};

/// Pieces for [first, end) of a file, none shorter than `least` but the last.
[[nodiscard]] std::vector<FilePiece> cutIntoPieces(ByteOffset first, ByteOffset end,
                                                   int connections, ByteCount least);
/// All bytes that are here.
[[nodiscard]] ByteCount heldBytes(const std::vector<FilePiece> &pieces);

} // namespace freshet::transfer
