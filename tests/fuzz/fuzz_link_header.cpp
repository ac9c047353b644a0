// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Link header fields: every target is a part of the input, and a next page has an http address.
#include "transport/link_header.h"

#include <cstdint>
#include <cstdlib>

using namespace freshet::transport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string value(reinterpret_cast<const char *>(data), size);
    for (const auto &link : parseLinks(value)) {
        if (value.find(link.target) == std::string::npos)
            std::abort();
    }
    const auto next = nextLink({{"Link", value}}, "https://api.test/v1/rows?page=1");
    if (next && *next && !(*next)->starts_with("http"))
        std::abort();
    return 0;
}
