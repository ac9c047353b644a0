// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "transport/transport.h"

#include <string_view>

namespace freshet::transfer {

/// What speaks against the rows that an incomplete download holds. The worse comes later.
///
/// Whoever asked for the rest only would be told that nothing is missing. So a run that goes on in
/// doubt has everything sent again, in one answer, from its first byte, holds what came before to
/// it, and stays in doubt until that answer has come whole.
enum class HeldDoubt {
    None,
    Damaged,        ///< what came was damaged, or the source has had other bytes since
    FailedChecksum, ///< it was not what its checksum states: only one that it is will do
};

/// For the resume point; empty: none.
[[nodiscard]] std::string_view heldDoubtName(HeldDoubt doubt);
/// What a newer version may call it is Damaged.
[[nodiscard]] HeldDoubt heldDoubtByName(std::string_view name);

/// What an end by `error` says of the rows that came in the answer with this head (null: none
/// came).
[[nodiscard]] HeldDoubt doubtBy(const Error &error, const transport::ResponseHead *head);

} // namespace freshet::transfer
