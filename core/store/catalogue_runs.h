// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/catalogue.h"

class QSqlDatabase;

namespace freshet::store {

// Each works within the transaction that is open on `database`.

/// Number a new run of dataset `id`, which has its source and rows already.
[[nodiscard]] Status beginRun(QSqlDatabase &database, const std::string &id, const RunStart &run);
/// Write down how the dataset's last run ended; the dataset's rows are stored already.
[[nodiscard]] Status endRun(QSqlDatabase &database, const CatalogueChange &change);
/// A whole run at once.
[[nodiscard]] Status insertRun(QSqlDatabase &database, const std::string &id, const RunRecord &run);

} // namespace freshet::store
