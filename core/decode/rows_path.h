// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// One step down in a document: into a member, an element, or every element.
struct RowsStep
{
    enum class Kind { Member, Element, Every };
    Kind kind = Kind::Member;
    std::string name;       ///< Member
    std::int64_t index = 0; ///< Element, from 0

    bool operator==(const RowsStep &) const = default;
};

/// Where the rows of a JSON document are.
/// Source: the part of JSONPath (RFC 9535) that names one place: `$`, `.name`, `['name']`,
/// `["name"]`, `[3]`, `[*]`.
///
/// `[*]` takes every element; the rows are the elements at the last one. Without any, the place
/// itself holds the rows: the elements of the array there, or the one value. Members behind the
/// last `[*]` lead to the row inside each element (`$.hits.hits[*]._source`).
struct RowsPath
{
    std::vector<RowsStep> steps;    ///< down to the value whose elements are the rows
    std::vector<std::string> inner; ///< members from the element down to the row

    /// Errors: InvalidArgument, with what is wrong where.
    [[nodiscard]] static Result<RowsPath> parse(std::string_view text);
    [[nodiscard]] std::string toString() const;

    bool operator==(const RowsPath &) const = default;
};

/// The members that lead down to the row in each value of a stream (`$.record`), for formats whose
/// values are one row each. Output: none for an empty `rowsAt`.
/// Errors: InvalidArgument if it is no path, or no path of members.
[[nodiscard]] Result<std::vector<std::string>> membersToRow(const std::string &rowsAt);

/// Append one step as `.name` or, where that cannot be read back, `['name']`.
void appendMember(std::string &path, std::string_view name);

} // namespace freshet::decode
