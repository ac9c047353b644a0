// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/transport.h"

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// Where a download could go on, committed in one transaction with the rows before it.
///
/// `offset` lies just after row `row` in the decoded stream; it is an offset on the wire only where
/// no content coding was applied. Rows that the dataset holds beyond `row` (a batch cut by a limit)
/// have to be passed over.
struct ResumePoint
{
    ByteOffset offset;
    RowIndex row;
    std::string entityTag;    ///< ETag as sent, weak ones with their W/
    std::string lastModified; ///< as sent
    bool acceptsRanges = false;
    std::vector<std::string> contentCodings;

    bool operator==(const ResumePoint &) const = default;

    /// Whether the server can be asked for the rest by a byte range that it will refuse if the
    /// resource has changed: identity coding and a strong validator (RFC 9110 §8.8.1, §13.1.5).
    [[nodiscard]] bool canUseRange() const;

    /// Take over what the response says of itself.
    void adopt(const transport::ResponseHead &head);

    [[nodiscard]] std::string toJson() const;
    /// Errors: LibraryDamaged.
    [[nodiscard]] static Result<ResumePoint> fromJson(std::string_view text);
};

} // namespace freshet::transfer
