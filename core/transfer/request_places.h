// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <algorithm>

namespace freshet::transfer {

/// The addresses and files that `request` names: its files, or else its URL.
[[nodiscard]] inline std::vector<std::string> placesOf(const DownloadRequest &request)
{
    if (!request.files || request.files->sources.empty())
        return {request.bytes.url};
    std::vector<std::string> places;
    for (const FileSource &source : request.files->sources)
        places.push_back(source.place);
    return places;
}

/// Whether one of them is of the scheme: `s3://`.
[[nodiscard]] inline bool isAnyOf(const std::vector<std::string> &places, std::string_view scheme)
{
    return std::ranges::any_of(
        places, [scheme](const std::string &place) { return place.starts_with(scheme); });
}

} // namespace freshet::transfer
