// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/content_coding.h"
#include "transport/progress_board.h"
#include "transport/stated_digests.h"
#include "transport/transport.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::transport {

/// Carries an encoded body to the sink: tells it the head, undoes the content codings, counts.
///
/// With a file name given it first looks at the body's first bytes, since a compressed file
/// (`users.ndjson.gz`) comes without a Content-Encoding that says so; the head waits for them.
/// Threads: one thread at a time.
class BodyReader
{
public:
    /// `fileName`: what the body would be called as a file, or empty not to look at it.
    BodyReader(ByteSink &sink, ResponseHead head, std::string fileName, const Limits &limits,
               ProgressBoard &board);

    /// Hold the encoded body to the digest that the head states, if it does and the body is the
    /// whole (a 200, or a file). What was stated beforehand is of a file, on which its server may
    /// have put a coding for the way: the decoded body may be it as well. Before `begin`.
    void holdToHead();
    /// Errors: CodingUnsupported, or what the sink's onHead gives.
    [[nodiscard]] Status begin();
    [[nodiscard]] Status feed(std::string_view encoded);
    /// The body is whole. Errors: CodingTruncated, CodingCorrupt, also if it is not what was
    /// stated.
    [[nodiscard]] Status finish();
    /// The body is empty and was announced as such, which is empty in every coding. Errors:
    /// CodingCorrupt.
    [[nodiscard]] Status finishEmpty();
    /// The body was cut: hand on what is held for a look, without asking for its proper end.
    [[nodiscard]] Status deliverHeld();
    /// After either: what the body was held to; empty: nothing. See `TransportEnd::digestProof`.
    [[nodiscard]] std::string digestProof() const;

private:
    Status open(std::string_view firstBytes);
    Status decode(std::string_view encoded);
    [[nodiscard]] Status checkDigest();

    ByteSink &m_sink;
    ResponseHead m_head;
    std::string m_fileName;
    Limits m_limits;
    ProgressBoard &m_board;
    std::unique_ptr<ContentDecoder> m_decoder; ///< unset until the head was told
    ContentDecoder::Output m_output;
    std::string m_held;
    std::optional<StatedDigest> m_stated;
    std::optional<Digest> m_digest; ///< of the encoded bytes, if `m_stated` is set
    std::optional<Digest> m_decodedDigest;
    bool m_matchesDecoded = false;
};

} // namespace freshet::transport
