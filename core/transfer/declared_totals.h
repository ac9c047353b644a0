// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"
#include "transport/transport.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

/// A number of rows that somebody promised, and who: "X-Total-Count", "$.meta.total".
struct DeclaredTotal
{
    RowCount rows;
    std::string from;

    bool operator==(const DeclaredTotal &) const = default;
};

/// The totals that response headers declare, in the order of the headers.
/// Source: X-Total-Count, X-Total, Total-Count, X-Row-Count, Sforce-NumberOfRecords by convention;
/// Content-Range of RFC 9110 §14.4 with a unit other than bytes (`items 0-9/100`).
/// A header that holds anything else than such a number is passed over.
[[nodiscard]] std::vector<DeclaredTotal>
declaredTotals(const std::vector<transport::Header> &headers);

} // namespace freshet::transfer
