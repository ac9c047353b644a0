// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/bounded_queue.h"
#include "decode/row_decoder.h"
#include "store/dataset.h"
#include "transfer/leg.h"
#include "transfer/resume_point.h"

#include <memory>
#include <variant>
#include <vector>

namespace freshet::transfer {

/// What a later decoder needs to be set down in the middle of the stream.
struct StreamStart
{
    Preamble preamble;
    decode::Format format = decode::Format::Auto;
    char delimiter = '\0';
    char quote = '\0';
    std::optional<bool> hasHeader;
};

struct DecodedBatch
{
    columnar::RecordBatch batch;
    /// After the batch's last row: a border of the stream, or the planner's state.
    RowBorder border;
    std::optional<PlanPoint> planned;
    decode::Format format = decode::Format::Auto; ///< of the answers, with `planned`
    /// False where the download could not go on right behind the batch's rows.
    bool hasPoint = true;
    std::int64_t rejects = 0;                 ///< of the dataset, found before the border
    std::shared_ptr<const StreamStart> start; ///< with the first batch after it is known
};

/// The decoder's last word. Everything it decoded stands before it in the queue.
struct DecodeOutcome
{
    decode::DecodeFindings findings;
    std::vector<columnar::WideningEvent> widenings;
    std::int64_t inBandErrors = 0; ///< without the one that is `error`
    bool reachedLimit = false;
    bool isOver = false;             ///< the last answer came to its end and was decoded to it
    std::optional<PlanOutcome> plan; ///< of a download that takes several requests
    std::optional<Error> error;
};

using WriteItem = std::variant<DecodedBatch, store::StoredReject, DecodeOutcome>;
using WriteQueue = BoundedQueue<WriteItem>;

} // namespace freshet::transfer
