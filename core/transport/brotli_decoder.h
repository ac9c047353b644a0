// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/content_coding.h"

namespace freshet::transport {

/// br: one stream; bytes after its end are CodingCorrupt. Source: RFC 7932.
[[nodiscard]] Result<std::unique_ptr<ContentDecoder>> makeBrotliDecoder();

} // namespace freshet::transport
