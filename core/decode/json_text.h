// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::decode {

/// Looks into JSON text, and changes single values of it, without touching any other byte: numbers
/// keep their digits, members their order. For small documents: each step down reads the rest.

/// A member of an object, by where its value stands in the text.
struct TextMember
{
    std::string key; ///< without escapes
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// The members of the object `json`; nothing if it is anything else, or no valid JSON.
[[nodiscard]] std::optional<std::vector<TextMember>> membersOf(std::string_view json);

/// The text of the value that the member names lead to from `json`, which is an object.
[[nodiscard]] std::optional<std::string> jsonAt(std::string_view json,
                                                std::span<const std::string> names);
/// `json` with the value there replaced by `value`, which is JSON; objects that are missing on the
/// way are made. Errors: InvalidArgument if something on the way is no object.
[[nodiscard]] Result<std::string>
withJsonAt(std::string_view json, std::span<const std::string> names, std::string_view value);

/// The plain text of a JSON string, number or boolean; nothing for null, arrays and objects.
[[nodiscard]] std::optional<std::string> scalarOf(std::string_view json);
/// `text` as a JSON string.
[[nodiscard]] std::string quotedJson(std::string_view text);

} // namespace freshet::decode
