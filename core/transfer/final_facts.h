// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/transfer.h"
#include "transfer/write_item.h"

#include <map>
#include <string>

namespace freshet::transfer {

/// The figures of a run by name, as they are kept with the dataset:
///
/// `format`, `formatReason`, `rowsAt` · `httpVersion`, `httpStatus`, `contentType`,
/// `contentCodings` (comma separated), `contentLength`, `finalUrl` (without secrets), `redirects` ·
/// `connectMs`, `ttfbMs`, `firstRowMs`, `totalMs` (decimal text), `retries` ·
/// `envelope.<path>` (JSON text) · `note.<n>` · `widening.<n>` (sentences) ·
/// `error.code`, `error.line`, `error.byteOffset`, `error.nativeCode`, `error.excerpt`.
/// A fact that nobody knows is absent.
[[nodiscard]] std::map<std::string, std::string> finalFacts(const Progress &progress,
                                                            const transport::ResponseHead *head,
                                                            const DecodeOutcome &decoded,
                                                            const std::optional<Error> &error);

/// `1234567` µs → `1234.567`.
[[nodiscard]] std::string millisecondsText(std::chrono::microseconds time);

} // namespace freshet::transfer
