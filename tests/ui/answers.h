// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/raw_server.h"
#include "transfer/download_request.h"

#include <optional>
#include <string>

namespace freshet::test {

/// A server that wants to be asked again, after `seconds` if it says when.
[[nodiscard]] inline Script busy(std::optional<int> seconds = std::nullopt)
{
    const std::string when =
        seconds ? "Retry-After: " + std::to_string(*seconds) + "\r\n" : std::string();
    return Script().send("HTTP/1.1 503 Busy\r\n" + when + "Content-Length: 0\r\n\r\n");
}

/// What a test of the window gets; `name` is the dataset's.
[[nodiscard]] inline transfer::DownloadRequest requestOf(const std::string &url, int retries = 0,
                                                         const std::string &name = {})
{
    transfer::DownloadRequest request;
    request.name = name;
    request.bytes.url = url;
    request.retry.maxRetries = retries;
    return request;
}

} // namespace freshet::test
