// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/leg.h"

#include "transfer/download_request.h"
#include "transfer/event_planner.h"
#include "transfer/file_planner.h"
#include "transfer/job_planner.h"
#include "transfer/message_planner.h"
#include "transfer/page_planner.h"
#include "transfer/paged_since.h"
#include "transfer/postgres_planner.h"
#include "transfer/resume_point.h"
#include "transfer/since_planner.h"
#include "transport/web_socket_transport.h"

#include <random>

namespace freshet::transfer {

Result<std::unique_ptr<LegPlanner>> makeLegPlanner(const DownloadRequest &request)
{
    if (transport::isWebSocketUrl(request.bytes.url))
        return MessagePlanner::create(request, std::random_device()());
    if (!request.webSocket.resumeMessage.empty())
        return fail(ErrorCode::InvalidArgument, "a resume message needs a ws:// or wss:// URL");
    if (request.job)
        return std::make_unique<JobPlanner>(request);
    if (transport::isPostgresUrl(request.bytes.url))
        return PostgresPlanner::create(request, std::random_device()());
    if (request.pages && request.since)
        return std::make_unique<PagedSincePlanner>(request.bytes, *request.since, *request.pages,
                                                   request.limit);
    if (request.files)
        return std::make_unique<FilePlanner>(request);
    if (request.pages)
        return std::make_unique<PagePlanner>(*request.pages, request.bytes, request.limit);
    if (request.since)
        return std::make_unique<SincePlanner>(request.bytes, *request.since, request.retry,
                                              std::random_device()());
    return makePlannerForFormat(request, request.decode.format);
}

std::unique_ptr<LegPlanner> makePlannerForFormat(const DownloadRequest &request,
                                                 decode::Format format)
{
    // A file of events is one answer.
    if (format == decode::Format::Sse && request.bytes.url.starts_with("http"))
        return std::make_unique<EventPlanner>(request, std::random_device()());
    return nullptr;
}

PlanPoint planPointOf(const LegPlanner &planner)
{
    return {.state = planner.state(),
            .says = planner.plan(),
            .goesOn = planner.goesOn(),
            .fellShort = planner.fellShort()};
}

Error nothingIsLeft(const std::string &done, const std::vector<std::string> &fellShort)
{
    std::string detail = "nothing is left to go on with: " + done;
    for (const std::string &sentence : fellShort)
        detail += "; " + sentence;
    return {.code = ErrorCode::Truncated, .detail = std::move(detail)};
}

Error placedIn(const std::string &name, Error error)
{
    if (error.detail.find(name) == std::string::npos)
        error.detail = name + (error.detail.empty() ? "" : ": " + error.detail);
    return error;
}

} // namespace freshet::transfer
