// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"
#include "transfer/held_doubt.h"
#include "transfer/stream_ledger.h"
#include "transport/resuming_transport.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// A border between two rows of the decoded stream, with what the builder knew there.
struct RowBorder
{
    ByteOffset offset;
    transport::PrefixDigest digest; ///< of the bytes before it, or of a shorter prefix
    std::string numberMemory;       ///< `BatchBuilder::numberMemory`

    bool operator==(const RowBorder &) const = default;
};

/// Where a LegPlanner would go on.
struct PlanPoint
{
    std::string state;                       ///< `LegPlanner::state`
    std::string says;                        ///< `LegPlanner::plan`
    bool goesOn = true;                      ///< `LegPlanner::goesOn`
    std::vector<std::string> fellShort = {}; ///< `LegPlanner::fellShort`

    bool operator==(const PlanPoint &) const = default;
};

/// Where a download could go on and what it takes, committed in one transaction with the rows
/// before it: a border in one stream of bytes, or the state of a planner.
///
/// Rows that the dataset holds beyond `row` (a batch cut by a limit) have to be passed over.
struct ResumePoint
{
    RowBorder border;
    RowIndex row; ///< the first one behind the border
    /// Bad rows found before the border; the dataset's other ones will be found again. Unset: not
    /// known, as older versions did not count them.
    std::optional<std::int64_t> rejects;
    transport::Validator validator;
    bool isIdentity = true; ///< no content coding: offsets count on the wire
    Preamble preamble;
    /// As found: asks a new decoder for the same.
    decode::Format format = decode::Format::Auto;
    char delimiter = '\0';
    char quote = '\0';
    std::optional<bool> hasHeader;
    /// Of a download that takes several requests; then the border's offset counts nothing.
    std::optional<PlanPoint> planned;
    /// Against the rows; with a planner, against those of the document that it is in.
    HeldDoubt doubt = HeldDoubt::None;

    bool operator==(const ResumePoint &) const = default;

    /// Take over what the response says of itself.
    void adopt(const transport::ResponseHead &head);
    /// Whether a decoder can be set down at the border. If not, the whole is decoded again from its
    /// first byte and the rows that are here are passed over.
    [[nodiscard]] bool canEnterMidway() const;
    /// What the transport has to know to go on.
    [[nodiscard]] transport::HeldPrefix heldPrefix() const;
    /// A resume has everything sent once more, so that "goes on" would promise too much.
    [[nodiscard]] bool beginsAgain() const { return planned && !planned->goesOn; }
    /// What a resume will do, in a sentence: "asks for the bytes from 48,112 on …".
    [[nodiscard]] std::string plan() const;

    [[nodiscard]] std::string toJson() const;
    /// Errors: LibraryDamaged.
    [[nodiscard]] static Result<ResumePoint> fromJson(std::string_view text);
};

} // namespace freshet::transfer
