// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "decode/row_decoder.h"
#include "transfer/declared_totals.h"
#include "transfer/leg.h"
#include "transfer/verdict.h"
#include "transport/transport.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace freshet::transfer {

/// Everything that bears on whether a download is complete.
struct VerdictFacts
{
    /// What the server said before the body; unset if it never came to that.
    std::optional<transport::ResponseHead> head;
    /// How the body ended; unset if it failed or was stopped.
    std::optional<transport::TransportEnd> end;
    decode::Format format = decode::Format::Auto;
    decode::DecodeFindings findings;
    std::vector<DeclaredTotal> declared; ///< from headers; the document's own is in `findings`

    RowCount rows;
    RowCount rejected;
    /// Rejected rows that were the server's own report of a failure.
    std::int64_t inBandErrors = 0;
    ByteCount wireBytes;
    RowCount earlierRows;                   ///< of `rows`, those from runs before this one
    HeldDoubt doubt = HeldDoubt::None;      ///< against those, before this run
    std::vector<std::string> continuations; ///< how the body went on after interruptions
    ByteCount bytesReadAgain;
    int retries = 0;                 ///< without those of a planner
    std::optional<Error> retryCause; ///< what failed before the last of them
    /// Of a download that took several requests: what single answers say of totals and ends is then
    /// the planner's to weigh.
    std::optional<PlanOutcome> plan;
    /// The one answer that was asked for says that it is not all: see `tellsOfMore`.
    std::optional<std::string> morePages;
    bool cancelled = false;
    std::optional<RowCount> limitReached;
    std::optional<Error> error; ///< what ended the download early
    /// The method of a request that was not sent again after `error`, for it may do something each
    /// time; empty: there is no such reason.
    std::string sentOnce;
};

/// That so many requests brought nothing and were sent again, the last one because of `why`.
[[nodiscard]] std::string sentAgainText(std::int64_t requests, std::string_view why);

/// Weigh the facts by design §6. Proof of loss beats proof of completeness; without either, a
/// polite end is just that.
///
/// A response counts as a file, whose length is proof, when it comes uncompressed, gzipped (the
/// gzip checksum having matched) or in the file's own coding with a Content-Length and one of ETag,
/// Last-Modified and Accept-Ranges: then the server knew the length of what it holds before it
/// began. Rejected rows are kept aside, not lost: they leave the verdict as it is and are told in a
/// sentence. Output: never without evidence; the decisive sentence first. Threads: a pure function.
[[nodiscard]] Verdict judge(const VerdictFacts &facts);

/// Add to the findings the total that one whole document declares beside its rows, if its decoder
/// found none.
void takeTotalOfDocument(VerdictFacts &facts);

} // namespace freshet::transfer
