// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/row_decoder.h"

#include <memory>

namespace freshet::decode {

/// A decoder for delimiter-separated text. `options.format` is Csv (the delimiter is sniffed unless
/// given) or Tsv (tab unless given).
/// Source: RFC 4180, with the deviations that real files show (see `CsvDialect`).
[[nodiscard]] std::unique_ptr<RowDecoder> makeCsvDecoder(const DecodeOptions &options,
                                                         DecodeOutputs outputs);

} // namespace freshet::decode
