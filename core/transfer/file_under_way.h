// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <cstddef>
#include <optional>

namespace freshet::transfer {

/// One of several files that are fetched before their rows are read.
struct FileUnderWay
{
    std::size_t number = 1; ///< from 1
    std::size_t count = 1;
    ByteCount held;
    std::optional<ByteCount> total; ///< as its server states it

    bool operator==(const FileUnderWay &) const = default;
};

} // namespace freshet::transfer
