// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/stated_digests.h"
#include "transfer/verdict.h"
#include "transport/transport.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// A stated digest, and whether the bytes have it.
struct DigestCheck
{
    transport::StatedDigest stated;
    bool matches = false;
};

/// Everything that bears on whether a downloaded file is whole.
struct FileFacts
{
    /// How the last answer's body ended; unset if it failed.
    std::optional<transport::BodyEnd> end;
    std::optional<Error> error;
    ByteCount bytes;                      ///< held
    std::optional<ByteCount> wholeLength; ///< as the server states it
    std::vector<DigestCheck> checks;
    ByteCount earlierBytes; ///< of `bytes`, from runs before this one
    ByteCount bytesReadAgain;
    int sentAgain = 0;                ///< requests that brought nothing
    std::string whyAgain;             ///< … the last of them
    std::vector<std::string> remarks; ///< what happened on the way
};

/// Weigh the facts as `judge` does for rows: loss beats proof, and the decisive sentence comes
/// first. A digest that differs is loss, whatever the length says. Threads: a pure function.
[[nodiscard]] Verdict judgeFile(const FileFacts &facts);

} // namespace freshet::transfer
