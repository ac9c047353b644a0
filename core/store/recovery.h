// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library_core.h"

namespace freshet::store {

/// Bring a dataset whose writer is gone to its last commit: cut each file back to its committed
/// length, give it a footer so that other programs can open it, delete files that the catalogue
/// does not know, and, if the writer had not finished, close the dataset as incomplete.
/// The caller holds the dataset's lock.
/// Errors: LibraryDamaged or FileNotFound if committed bytes are gone; that is kept as the
/// dataset's error, too.
[[nodiscard]] Status recoverDataset(const LibraryCore &core, const CatalogueEntry &entry);

/// How a dataset stands whose writer is gone.
[[nodiscard]] FinalState abandonedState(const DatasetRecord &record);
/// The same for a library that is not to be changed: `entry` as recovery would leave it, if its
/// writer is gone.
void showAbandoned(const LibraryCore &core, CatalogueEntry &entry);

/// What is due when a library is opened: recover every dataset without a living writer that was
/// being written, finish removals, delete folders of datasets that were never made. Trouble with
/// one dataset does not keep the others from being opened.
[[nodiscard]] Status tidyLibrary(const LibraryCore &core);

} // namespace freshet::store
