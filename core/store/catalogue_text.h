// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "columnar/schema.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::store {

// How values that SQLite has no type for stand in the catalogue.

/// A list of sentences as a JSON array; what cannot be read is an empty list.
[[nodiscard]] std::string jsonFromSentences(const std::vector<std::string> &sentences);
[[nodiscard]] std::vector<std::string> sentencesFromJson(std::string_view json);

/// Facts as a JSON object of strings.
[[nodiscard]] std::string jsonFromFacts(const std::map<std::string, std::string> &facts);
[[nodiscard]] std::map<std::string, std::string> factsFromJson(std::string_view json);

/// A schema as an Arrow schema message, as it stands at the start of the part's file too.
[[nodiscard]] std::string schemaBytes(const columnar::Schema &schema);
[[nodiscard]] Result<columnar::SchemaPtr> schemaFromBytes(std::string_view bytes);

/// `1234567` → `1,234,567`; not below zero.
[[nodiscard]] std::string grouped(std::int64_t value);

/// Milliseconds since 1970, by the wall clock.
[[nodiscard]] std::int64_t millisNow();

} // namespace freshet::store
