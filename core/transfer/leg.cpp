// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/leg.h"

#include "transfer/download_request.h"
#include "transfer/page_planner.h"

namespace freshet::transfer {

Result<std::unique_ptr<LegPlanner>> makeLegPlanner(const DownloadRequest &request)
{
    if (request.pages)
        return std::make_unique<PagePlanner>(*request.pages, request.bytes, request.limit);
    return nullptr;
}

std::unique_ptr<LegPlanner> makePlannerForFormat(const DownloadRequest &request,
                                                 decode::Format format)
{
    (void)request;
    (void)format;
    return nullptr;
}

} // namespace freshet::transfer
