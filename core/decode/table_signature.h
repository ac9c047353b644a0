// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <string_view>

namespace freshet::decode {

/// Parquet, Arrow or Zip if the first bytes of a file are those of one; else Auto.
///
/// An Arrow IPC stream has no magic: it begins with a continuation marker, the length of a message
/// and that message's root table. Source: Parquet "File format"; Arrow IPC format, "Encapsulated
/// message format"; APPNOTE.TXT §4.3.7.
[[nodiscard]] Format tableFormat(std::string_view firstBytes);
/// Parquet, Arrow or Zip if the file is called so, behind any `.gz`, `.zst` …; else Auto.
[[nodiscard]] Format tableFormatByName(std::string_view name);

} // namespace freshet::decode
