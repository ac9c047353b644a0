// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/prefix_digest.h"

#include <string>
#include <string_view>

namespace freshet::transfer {

/// The start of a stream up to a border between rows. Fed to a new decoder it makes it ready for
/// the bytes behind any later border: names, dialect and the place in the document are known again.
struct Preamble
{
    std::string bytes; ///< empty: there is none
    RowCount rows;     ///< that come out of it

    bool operator==(const Preamble &) const = default;
};

/// Follows a stream on its way into the decoder, so that for each border between rows the checksum
/// of everything before it is at hand, and keeps the stream's start.
///
/// Offsets are the stream's, also for a stream that goes on in the middle.
/// Threads: one thread at a time.
class StreamLedger
{
public:
    /// No border within so many bytes: there will be no preamble.
    static constexpr std::size_t kMaxPreamble = 128 * 1024;
    /// A decoder that holds back more bytes than these hands on rows without a digest of their own.
    static constexpr std::size_t kMaxOpen = 1024 * 1024;

    /// The stream goes on at `border`. If `digest` ends before it, it is all there will ever be.
    void startAt(ByteOffset border, const transport::PrefixDigest &digest, Preamble preamble);

    /// `block` is about to be fed to the decoder.
    void enter(std::string_view block);
    /// The block was fed; the last border between rows now lies at `border`.
    void leave(ByteOffset border);

    /// The digest of everything before `border`, or, if `border` lies more than `kMaxOpen` before
    /// the block at hand, of what lies before the latest earlier border that is known.
    [[nodiscard]] transport::PrefixDigest digestAt(ByteOffset border) const;

    /// Whether the stream's start is still being looked for a preamble: small blocks help.
    [[nodiscard]] bool wantsPreamble() const { return m_isCollecting; }
    /// The stream up to `border` is the preamble, with `rows` in it.
    void setPreamble(ByteOffset border, RowCount rows);
    [[nodiscard]] const Preamble &preamble() const { return m_preamble; }

private:
    [[nodiscard]] bool isInBlock(ByteOffset border) const;
    [[nodiscard]] bool isInOpen(ByteOffset border) const;
    void keepOpen(std::string_view bytes);

    bool m_isDigesting = true;
    transport::PrefixDigest m_atBlock;  ///< of everything before the block
    transport::PrefixDigest m_atBorder; ///< of everything before the last known border
    std::string_view m_block;
    std::string m_open; ///< between the last known border and the block, if that is known
    bool m_knowsOpen = true;
    bool m_isCollecting = true;
    std::string m_start;
    Preamble m_preamble;
};

} // namespace freshet::transfer
