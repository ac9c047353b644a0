// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/digest.h"

#include <string>

namespace freshet::transport {

/// A digest that somebody states of a whole file, as its bytes are sent.
struct StatedDigest
{
    DigestKind kind = DigestKind::Sha256;
    std::string value; ///< `digestSize(kind)` bytes
    std::string from;  ///< who says so: "Repr-Digest"

    bool operator==(const StatedDigest &) const = default;
};

} // namespace freshet::transport
