// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/recording.h"

#include <string>
#include <string_view>

namespace freshet::transport::recording {

// Payloads of frames: lines of `name value`, in any order; unknown names are passed over.

/// Without secret header fields; addresses in others without secrets.
[[nodiscard]] std::string headText(const ResponseHead &head);
[[nodiscard]] ResponseHead headFrom(std::string_view text);
[[nodiscard]] std::string endText(const End &end);
[[nodiscard]] End endFrom(std::string_view text);

} // namespace freshet::transport::recording
