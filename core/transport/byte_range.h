// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/transport.h"

#include <optional>
#include <string>
#include <string_view>

namespace freshet::transport {

/// What pins the representation that a partial download belongs to.
struct Validator
{
    std::string etag;                ///< with its quotes; empty if the server sent none
    std::string lastModified;        ///< as sent; empty if none
    std::optional<ByteCount> length; ///< of the whole representation, if known
    std::string contentEncoding;     ///< as sent; empty for identity

    [[nodiscard]] static Validator of(const ResponseHead &head);

    /// The value for If-Range: a strong entity tag, or the date if there is no tag at all. Empty if
    /// there is neither: then a range must not be appended.
    /// Source: RFC 9110 §13.1.5.
    [[nodiscard]] std::string ifRange() const;

    bool operator==(const Validator &) const = default;
};

/// A Content-Range value: `bytes 3-5/6`, `bytes 3-5/*` or `bytes */6`.
/// Source: RFC 9110 §14.4.
struct ContentRange
{
    std::optional<ByteOffset> first; ///< unset in `bytes */6`
    std::optional<ByteOffset> last;  ///< inclusive
    std::optional<ByteCount> completeLength;

    /// Nothing if the unit is not bytes or the numbers contradict each other.
    [[nodiscard]] static std::optional<ContentRange> parse(std::string_view value);
};

/// What an answer to `Range: bytes=offset-` means for the bytes we hold (reliability rules R8–R10).
enum class RangeAnswer {
    Append,          ///< 206 for the same representation, from `offset` on
    StartOver,       ///< a new representation, or none that can be combined: begin at byte 0
    AlreadyComplete, ///< 416, and the whole is as long as what we hold
    Refuse,          ///< of no use, but no proof of a change: take nothing, read the whole again
};

struct RangeDecision
{
    RangeAnswer answer = RangeAnswer::Refuse;
    std::string reason; ///< one sentence with the figures
};

/// Judge the head of an answer to a request for the bytes from `offset` on of `held`.
[[nodiscard]] RangeDecision judgeRangeAnswer(const ResponseHead &head, ByteOffset offset,
                                             const Validator &held);

} // namespace freshet::transport
