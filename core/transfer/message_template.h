// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/record_batch.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// A message with places for what the last row holds:
///
///     {"type":"resume","after":"${last.id}"}
///
/// `${last.COLUMN}` stands for the exact text of that column, escaped as inside a JSON string: in
/// quotes it is a string, without them a number stays one with all its digits.
/// Threads: immutable.
class MessageTemplate
{
public:
    /// Errors: InvalidArgument for a `${` that is no place.
    [[nodiscard]] static Result<MessageTemplate> parse(std::string_view text);

    /// The columns it has places for, in their order there.
    [[nodiscard]] const std::vector<std::string> &columns() const { return m_columns; }
    /// With `values`, one a place.
    [[nodiscard]] std::string fill(const std::vector<std::string> &values) const;
    /// What a row has for the places; nothing if one of the columns is missing or null there.
    [[nodiscard]] std::optional<std::vector<std::string>>
    valuesOf(const columnar::RecordBatch &batch, std::int64_t row) const;

private:
    std::vector<std::string> m_texts; ///< around the places: one more than these
    std::vector<std::string> m_columns;
};

} // namespace freshet::transfer
