// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

class QSqlDatabase;

namespace freshet::store {

/// Bring the catalogue's tables to this program's version (SQLite's user_version counts it).
/// Errors: Unsupported if a newer program made the catalogue.
[[nodiscard]] Status migrateCatalogue(QSqlDatabase &database);
/// Whether that would change anything.
[[nodiscard]] Result<bool> isCatalogueOlder(QSqlDatabase &database);

} // namespace freshet::store
