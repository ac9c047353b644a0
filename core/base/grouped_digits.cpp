// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/grouped_digits.h"

namespace freshet {

std::string groupedDigits(std::int64_t value)
{
    std::string text = std::to_string(value);
    const std::size_t firstDigit = value < 0 ? 1 : 0;
    for (std::size_t place = text.size(); place > firstDigit + 3;) {
        place -= 3;
        text.insert(place, 1, ',');
    }
    return text;
}

} // namespace freshet
