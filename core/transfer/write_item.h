// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/bounded_queue.h"
#include "decode/row_decoder.h"
#include "store/dataset.h"
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
    RowBorder border;   ///< after the batch's last row
    bool isCut = false; ///< by the limit: `border` lies behind rows that were dropped
    std::shared_ptr<const StreamStart> start; ///< with the first batch after it is known
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
