// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/bounded_queue.h"
#include "decode/row_decoder.h"
#include "store/dataset.h"

#include <variant>
#include <vector>

namespace freshet::transfer {

struct DecodedBatch
{
    columnar::RecordBatch batch;
    ByteOffset resumeAt; ///< in the decoded stream, after the batch's last row
    bool isCut = false;  ///< by the limit: `resumeAt` lies behind rows that were dropped
};

/// The decoder's last word. Everything it decoded stands before it in the queue.
struct DecodeOutcome
{
    decode::DecodeFindings findings;
    std::vector<columnar::WideningEvent> widenings;
    std::int64_t inBandErrors = 0;
    bool reachedLimit = false;
    std::optional<Error> error;
};

using WriteItem = std::variant<DecodedBatch, store::StoredReject, DecodeOutcome>;
using WriteQueue = BoundedQueue<WriteItem>;

} // namespace freshet::transfer
