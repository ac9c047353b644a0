// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <string_view>

namespace freshet::decode {

/// What the first bytes of a body are if they can be no text of rows: "an HTML page", "a Parquet
/// file" …; empty if they may be.
[[nodiscard]] std::string_view foreignContent(std::string_view firstBytes);
/// The same by content type, for types that never hold rows; empty for all others.
[[nodiscard]] std::string_view foreignContentType(std::string_view contentType);
/// What a row that cannot be read is if a failing server put it there: "an HTML page", "an
/// exception", "a report of a failure" …; empty for all others.
[[nodiscard]] std::string_view failureReport(std::string_view badRow);
/// Whether a record that might be a row is the report of a failure all the same: one of
/// ClickHouse's exceptions, or an object that holds nothing else; where it is `isUnlikeRows`,
/// anything that reads like a failure.
[[nodiscard]] bool isReport(std::string_view record, bool isUnlikeRows);
/// Whether bodies of this format are text, so that `foreignContent` cannot be rows of it.
[[nodiscard]] bool isTextFormat(Format format);

} // namespace freshet::decode
