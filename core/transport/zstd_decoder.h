// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/content_coding.h"

namespace freshet::transport {

/// zstd: every frame, skippable ones too, content checksums verified. A frame that asks for a
/// window above 128 MiB is refused (libzstd's own default), so that memory stays bounded.
/// Source: RFC 8878.
[[nodiscard]] Result<std::unique_ptr<ContentDecoder>> makeZstdDecoder();

} // namespace freshet::transport
