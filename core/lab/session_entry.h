// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <optional>

namespace freshet::lab {

/// A session's file begins with what a list shows of it, so that a list reads little of each:
///
///     {"entry":{"name":…,"runs":…},
///     "freshetLab":1,"id":…,…}
///
/// The whole is one JSON object; files of before have no entry and are as good.

/// All but the file. The source is without secrets.
[[nodiscard]] SessionEntry entryOf(const LabSession &session);
/// The session as a file holds it.
[[nodiscard]] std::string fileTextOf(const LabSession &session);
/// The entry at the file's beginning, of which at most 16 KiB are read; nothing: it has none.
/// Errors: those of the file.
[[nodiscard]] Result<std::optional<SessionEntry>> entryAt(const std::filesystem::path &file);

} // namespace freshet::lab
