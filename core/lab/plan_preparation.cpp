// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/plan_preparation.h"

#include "transfer/prepare.h"
#include "transfer/request_places.h"

namespace freshet::lab {

namespace {

Status prepare(transfer::DownloadRequest &request, const CompleteAccess &access,
               const CancelToken &cancel)
{
    FRESHET_TRY(access(request.bytes, transfer::placesOf(request)));
    // A call that has its types needs no server to tell them.
    const bool isReadyCall = request.grpc && !request.decode.messages.descriptorSet.empty();
    return isReadyCall ? Status() : transfer::prepareRequest(request, cancel);
}

} // namespace

Status preparePlan(LabPlan &plan, const CompleteAccess &access, const CancelToken &cancel)
{
    for (Variant &variant : plan.variants) {
        if (!variant.recording.empty())
            continue;
        if (auto prepared = prepare(variant.request, access, cancel); !prepared) {
            Error error = std::move(prepared).error();
            error.detail = variant.name + ": " + error.detail;
            return fail(std::move(error));
        }
    }
    return {};
}

} // namespace freshet::lab
