// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/dataset.h"

#include <string>

namespace freshet::cli {

/// A bad row for people: where, why, and the text as it was sent as far as a terminal may be shown
/// it, else as base64.
[[nodiscard]] std::string rejectText(const store::StoredReject &reject);

} // namespace freshet::cli
