// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <string_view>

namespace freshet::demo {

/// A fault that the demo server commits on purpose, as `fault=KIND:N`.
struct Fault
{
    enum class Kind {
        None,
        Cut,    ///< `cut:N`     the connection closes after N rows, between two rows
        CutRow, ///< `cut-row:N` the connection closes in the middle of row N
        Stall,  ///< `stall:N`   nothing more comes after N rows, the connection stays open
        Error,  ///< `error:N`   after N rows an error object, then a polite end
        Bad,    ///< `bad:N`     every N-th row is not valid
        Length, ///< `length:N`  Content-Length is N bytes more than what is sent
    };

    Kind kind = Kind::None;
    std::int64_t n = 0;

    /// Read the parameter's value; an empty one is None. Errors: InvalidArgument.
    [[nodiscard]] static Result<Fault> parse(std::string_view text);
};

} // namespace freshet::demo
