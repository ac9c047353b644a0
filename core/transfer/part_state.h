// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/file_piece.h"
#include "transport/stated_digests.h"
#include "transport/byte_range.h"
#include "transport/prefix_digest.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// What is known of a file that is downloaded in parts; kept beside it in `FILE.part.json`.
struct PartState
{
    std::string url; ///< without secrets
    transport::Validator validator;
    std::string contentType;
    /// Of the bytes that are on the disk for certain, and how many they are.
    transport::PrefixDigest digest;
    /// Of a file that is fetched side by side, in the order of the file; `digest` is then of no
    /// bytes.
    std::vector<FilePiece> pieces;
    std::vector<transport::StatedDigest> stated; ///< what the whole has to be
    ByteCount wireBytes;              ///< received, in all runs
    int runs = 0;
    std::chrono::system_clock::time_point started;
    /// The whole was here and is not what was stated: nothing of it is to be kept.
    bool isDamaged = false;

    bool operator==(const PartState &) const = default;

    [[nodiscard]] std::string toJson() const;
    /// Errors: SyntaxError.
    [[nodiscard]] static Result<PartState> fromJson(std::string_view text);
};

} // namespace freshet::transfer
