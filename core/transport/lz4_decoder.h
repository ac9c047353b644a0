// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/content_coding.h"

namespace freshet::transport {

/// lz4: every frame, skippable ones too, block and content checksums verified where present.
/// Source: LZ4 frame format 1.6.3 (the legacy format of the Linux kernel is not read).
[[nodiscard]] Result<std::unique_ptr<ContentDecoder>> makeLz4Decoder();

} // namespace freshet::transport
