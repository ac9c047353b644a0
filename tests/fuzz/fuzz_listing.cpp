// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Listings of a bucket (XML) and of a folder (as `ls -l` writes it).
#include "transport/remote_listing.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace freshet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    if (const auto page = transport::readS3Page(text)) {
        for (const auto &[key, bytes] : page->objects) {
            if (bytes < ByteCount())
                std::abort();
        }
    }
    for (const auto &[name, bytes] : transport::readLongNames(text)) {
        if (name.empty() || name.find('\n') != name.npos || bytes < ByteCount())
            std::abort();
    }
    return 0;
}
