// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "columnar/logical_type.h"

#include <QString>

namespace freshet::ui {

/// A column's type in the user's words: `integer`, `text`, `decimal(18,2)`, `timestamp, UTC` …
[[nodiscard]] QString typeWords(const columnar::LogicalType &type);

} // namespace freshet::ui
