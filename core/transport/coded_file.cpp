// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/coded_file.h"

#include "transport/ascii.h"

#include <algorithm>
#include <array>

namespace freshet::transport {

std::string codedFileName(const ResponseHead &head, const Url &url)
{
    constexpr auto kSuffixes =
        std::to_array<std::string_view>({".gz", ".gzip", ".zst", ".zstd", ".br", ".lz4"});
    constexpr auto kTypes = std::to_array<std::string_view>(
        {"application/gzip", "application/x-gzip", "application/zstd", "application/x-zstd",
         "application/x-lz4"});
    if (!head.contentCodings.empty() || head.status != 200)
        return {};
    const std::string_view type =
        trimmed(std::string_view(head.contentType).substr(0, head.contentType.find(';')));
    const bool isNamedSo = std::any_of(kSuffixes.begin(), kSuffixes.end(), [&](auto suffix) {
        return endsWithIgnoringCase(url.fileName(), suffix);
    });
    const bool isTypedSo = std::any_of(kTypes.begin(), kTypes.end(),
                                       [&](auto known) { return equalsIgnoringCase(type, known); });
    if (!isNamedSo && !isTypedSo)
        return {};
    return url.fileName().empty() ? "body" : url.fileName();
}

} // namespace freshet::transport
