// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet::decode {

/// Which member of a response may hold the rows, by its name. Compared without case.

/// Names under which APIs return rows: `data`, `items`, `results`, `records` …
[[nodiscard]] bool isRowsName(std::string_view name);
/// Names under which they return something about the rows or instead of them: `errors`, `columns`,
/// `links` …; nothing inside counts as rows.
[[nodiscard]] bool isMetadataName(std::string_view name);
/// Keys that the objects of an error report start with.
[[nodiscard]] bool isErrorName(std::string_view name);

} // namespace freshet::decode
