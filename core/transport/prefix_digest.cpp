// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/prefix_digest.h"

#include <isa-l/crc64.h>

namespace freshet::transport {

void PrefixDigest::append(std::string_view bytes)
{
    crc = crc64_ecma_refl(crc, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size());
    length += ByteCount(static_cast<std::int64_t>(bytes.size()));
}

} // namespace freshet::transport
