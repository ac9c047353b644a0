// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>
#include <string_view>

namespace freshet::demo {

/// Compresses a response body piece by piece.
/// Threads: one thread at a time.
class BodyEncoder
{
public:
    virtual ~BodyEncoder() = default;
    /// Append the encoded form of `bytes` to `out`. With `flush`, everything so far can be decoded
    /// by the receiver; with `end`, the stream has its proper end.
    enum class Mode { More, Flush, End };
    [[nodiscard]] virtual Status encode(std::string_view bytes, Mode mode, std::string &out) = 0;
};

/// The first coding we speak that `acceptEncoding` names with a weight above 0: zstd, br or gzip,
/// else empty.
[[nodiscard]] std::string_view negotiatedCoding(std::string_view acceptEncoding);

/// An encoder for a name that `negotiatedCoding` gave; the empty name copies.
[[nodiscard]] Result<std::unique_ptr<BodyEncoder>> makeBodyEncoder(std::string_view coding);

} // namespace freshet::demo
