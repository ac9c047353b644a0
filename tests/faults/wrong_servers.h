// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/raw_server.h"
#include "transfer/download_request.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::test {

/// How one protocol says the same three rows, and the ways in which its server may be wrong. What
/// is empty does not exist there.
struct WrongServer
{
    std::string name;
    transfer::DownloadRequest request; ///< without an address
    const char *scheme = "http";
    std::string contentType; ///< empty: the opening is another one than HTTP's
    std::string rows;        ///< the start of a stream: three rows
    std::string half;        ///< behind them: a unit that the end of the stream cuts
    std::string huge;        ///< behind them: a unit that claims to be beyond any limit
    std::string endless; ///< behind them: the start of a unit that goes on with `flood` for ever
    std::string flood = std::string(65536, 'x');
    std::string otherSchema; ///< in place of the rows: what they are not

    /// Of a good answer, up to its first row.
    [[nodiscard]] Script opening() const;
};

/// What the rows of these have in common: one column `id`, 1 to 3.
inline constexpr std::int64_t kWrongServerRows = 3;

/// `descriptorSet` has the type test.Row with an `int64 id = 1`.
[[nodiscard]] std::vector<WrongServer> wrongServers(const std::string &descriptorSet);

} // namespace freshet::test
