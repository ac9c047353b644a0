// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "columnar/schema.h"

#include <algorithm>

namespace freshet::columnar {

std::optional<int> Schema::indexOf(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &Field::name);
    if (found == fields.end())
        return std::nullopt;
    return static_cast<int>(found - fields.begin());
}

} // namespace freshet::columnar
