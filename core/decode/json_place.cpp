// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_place.h"

#include <algorithm>

namespace freshet::decode {

JsonFault rowTooLarge(const char *at)
{
    return {ErrorCode::RowTooLarge, at, "the row is larger than allowed", at};
}

Error endless(Error error, std::int64_t bytes)
{
    error.code = ErrorCode::RowTooLarge;
    error.detail = "no end of a bad row within " + std::to_string(bytes) +
                   " bytes; it was bad because: " + error.detail;
    return error;
}

std::int64_t countLineEnds(std::string_view text)
{
    const auto feeds = std::count(text.begin(), text.end(), '\n');
    std::int64_t lonelyReturns = 0;
    for (std::size_t at = text.find('\r'); at != std::string_view::npos;
         at = text.find('\r', at + 1))
        lonelyReturns += at + 1 < text.size() && text[at + 1] == '\n' ? 0 : 1;
    return feeds + lonelyReturns;
}

std::string excerptAround(std::string_view text, std::int64_t place)
{
    static constexpr std::int64_t kBefore = 60;
    auto first = static_cast<std::size_t>(
        std::clamp<std::int64_t>(place - kBefore, 0, static_cast<std::int64_t>(text.size())));
    while (first > 0 && first < text.size() &&
           (static_cast<unsigned char>(text[first]) & 0xC0) == 0x80)
        --first;
    return Error::excerptOf(text.substr(first));
}

} // namespace freshet::decode
