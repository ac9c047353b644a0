// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sent_once.h"

namespace freshet::transfer {

bool mayBeSentAgain(const DownloadRequest &request)
{
    return request.retry.isSafe || transport::isIdempotent(request.bytes.method);
}

std::string sentOnceMethod(const DownloadRequest &request, const Error &error)
{
    const bool wouldRetry = request.retry.maxRetries > 0 && transport::isTransient(error);
    return wouldRetry && !mayBeSentAgain(request) ? request.bytes.method : std::string();
}

} // namespace freshet::transfer
