// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/get_anew.h"

#include "transfer/earlier_run.h"
#include "transfer/resume_point.h"
#include "transfer/transfer_impl.h"

namespace freshet::transfer {

WaysOn waysOn(const store::DatasetRecord &record)
{
    if (!isResumable(record))
        return {};
    WaysOn ways{.canResume = true};
    const auto point = ResumePoint::fromJson(record.resumePoint);
    if (!point)
        return ways;
    if (point->planned)
        ways.fellShort = point->planned->fellShort;
    // Without an error it has come to its end: what a resume would ask for is here.
    ways.canResume = ways.fellShort.empty() || !record.error.empty() ||
                     transferStateByName(record.state) == TransferState::Cancelled;
    ways.mayNeedNew = point->doubt != HeldDoubt::None || !ways.fellShort.empty();
    return ways;
}

Result<DownloadRequest> requestAnew(const store::DatasetRecord &record,
                                    const RequestSecrets &secrets)
{
    auto request = DownloadRequest::fromJson(record.request);
    if (!request)
        return request;
    request->name = record.name;
    FRESHET_TRY(giveSecretsBack(*request, secrets));
    if (request->grpc) {
        for (const auto &header : secrets.headers) {
            if (!findHeader(request->grpc->metadata, header.name))
                request->grpc->metadata.push_back(header);
        }
    }
    return request;
}

} // namespace freshet::transfer
