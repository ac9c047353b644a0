// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"
#include "transport/url.h"

#include <string>

namespace freshet::transport {

/// The name to judge the body by if the answer may be a compressed file without saying so; else
/// empty.
[[nodiscard]] std::string codedFileName(const ResponseHead &head, const Url &url);

} // namespace freshet::transport
