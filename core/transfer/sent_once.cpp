// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/sent_once.h"

#include "transfer/job_planner.h"
#include "transfer/resume_point.h"

namespace freshet::transfer {

bool mayBeSentAgain(const DownloadRequest &request)
{
    return request.retry.isSafe || transport::isIdempotent(request.bytes.method);
}

bool isSentOnceMore(const DownloadRequest &request, std::string_view resumePoint)
{
    if (mayBeSentAgain(request))
        return false;
    const auto point = ResumePoint::fromJson(resumePoint);
    return !request.job || !point || !point->planned ||
           JobPlanner::isAskedAnew(point->planned->state);
}

std::string sentOnceMethod(const DownloadRequest &request, const Error &error)
{
    const bool wouldRetry = request.retry.maxRetries > 0 && transport::isTransient(error);
    return wouldRetry && !mayBeSentAgain(request) ? request.bytes.method : std::string();
}

} // namespace freshet::transfer
