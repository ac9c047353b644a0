// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A value put into a JSON object is found there again, and all other members stay as they were.
#include "decode/json_text.h"

#include <array>
#include <cstdint>
#include <cstdlib>

using namespace freshet::decode;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string json(reinterpret_cast<const char *>(data), size);
    const std::array<std::string, 2> names = {"variables", "after"};
    const auto before = membersOf(json);
    const auto changed = withJsonAt(json, names, "[7]");
    if (!changed)
        return 0;
    if (jsonAt(*changed, names) != "[7]")
        std::abort();
    const auto after = membersOf(*changed);
    if (before && (!after || after->size() < before->size()))
        std::abort();
    for (std::size_t i = 0; before && i < before->size(); ++i) {
        const auto &was = (*before)[i];
        const auto &is = (*after)[i];
        if (was.key != is.key || (was.key != names[0] && json.substr(was.offset, was.size) !=
                                                             changed->substr(is.offset, is.size)))
            std::abort();
    }
    return 0;
}
