// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "base/digest.h"
#include "base/file.h"

#include <functional>

namespace freshet::exporters {

/// Take the whole of `file` into `digest`; `progress` hears how far it is, every megabyte.
/// Errors: Cancelled; IoError. Threads: blocks.
[[nodiscard]] Status digestFile(const File &file, Digest &digest, const CancelToken &cancel,
                                const std::function<void(ByteCount)> &progress = {});

} // namespace freshet::exporters
