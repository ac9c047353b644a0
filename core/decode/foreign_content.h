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
/// exception" (see `holdsException`); empty for all others.
[[nodiscard]] std::string_view failureReport(std::string_view badRow);
/// Whether bodies of this format are text, so that `foreignContent` cannot be rows of it.
[[nodiscard]] bool isTextFormat(Format format);

} // namespace freshet::decode
