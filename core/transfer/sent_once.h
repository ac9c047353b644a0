// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <string>
#include <string_view>

namespace freshet::transfer {

/// Whether a request may be sent again without a person's word: its method says that twice is as
/// good as once, or whoever made it does. Source: RFC 9110 §9.2.2.
[[nodiscard]] bool mayBeSentAgain(const DownloadRequest &request);

/// Whether a resume from a kept point sends what may do something each time: not where it asks an
/// export job that was started.
[[nodiscard]] bool isSentOnceMore(const DownloadRequest &request, std::string_view resumePoint);

/// The method of a request that would have been sent again after `error` if it might be; empty if
/// that is not why it was not.
[[nodiscard]] std::string sentOnceMethod(const DownloadRequest &request, const Error &error);

} // namespace freshet::transfer
