// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/catalogue.h"

class QSqlDatabase;

namespace freshet::store {

/// Carry out `change` within the transaction that is open on `database`.
/// Output: the dataset's new revision. Errors: DatasetNotFound if it was removed meanwhile.
[[nodiscard]] Result<std::int64_t> applyChange(QSqlDatabase &database,
                                               const CatalogueChange &change);

} // namespace freshet::store
