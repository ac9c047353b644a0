// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/natural_order.h"

#include <algorithm>

namespace freshet::transfer {

bool comesBefore(std::string_view a, std::string_view b)
{
    const auto isDigit = [](char c) {
        return c >= '0' && c <= '9';
    };
    while (!a.empty() && !b.empty()) {
        if (!isDigit(a.front()) || !isDigit(b.front())) {
            if (a.front() != b.front())
                return a.front() < b.front();
            a.remove_prefix(1);
            b.remove_prefix(1);
            continue;
        }
        const auto number = [&](std::string_view &text) {
            const auto end = std::ranges::find_if_not(text, isDigit);
            std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
            text.remove_prefix(digits.size());
            digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
            return digits;
        };
        const std::string_view left = number(a);
        const std::string_view right = number(b);
        if (left != right)
            return left.size() != right.size() ? left.size() < right.size() : left < right;
    }
    return a.size() < b.size();
}

} // namespace freshet::transfer
