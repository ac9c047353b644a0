// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transport/transport.h"

namespace freshet::cli {

inline constexpr Option kHeaderOption{"header-line", 'H', "'K: V'",
                                      "request header; may be repeated"};
inline constexpr Option kCaFileOption{"cacert", '\0', "FILE",
                                      "certificates to trust in place of the system's"};

/// Put what was given about address, headers, body and connection into `bytes`; the rest stays as
/// it is. A header takes the place of those of its name. With --call the body is the call's, in
/// JSON. Errors: InvalidArgument in words for the user; IoError … for a --data @FILE that cannot be
/// read.
[[nodiscard]] Status readTransport(const Arguments &arguments, transport::ByteRequest &bytes);

} // namespace freshet::cli
