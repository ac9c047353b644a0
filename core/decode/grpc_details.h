// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/proto_schema.h"

#include <string>
#include <string_view>

namespace freshet::decode {

/// What a server adds to an error, in words: `google.rpc.BadRequest, shop.Quota {"left":"0"}`.
/// Input: a serialized google.rpc.Status. Types of `schema`, which may be null, are shown as JSON,
/// others by name; no more of them than an excerpt of an error can show. Output: empty if there is
/// nothing in it, or it cannot be read.
[[nodiscard]] std::string grpcDetailsText(std::string_view status, const ProtoSchema *schema);

} // namespace freshet::decode
