// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace freshet::decode {

/// What the first bytes of a body are if they can be no text of rows: "an HTML page", "a Parquet
/// file" …; empty if they may be.
[[nodiscard]] std::string_view foreignContent(std::string_view firstBytes);
/// The same by content type, for types that never hold rows; empty for all others.
[[nodiscard]] std::string_view foreignContentType(std::string_view contentType);

} // namespace freshet::decode
