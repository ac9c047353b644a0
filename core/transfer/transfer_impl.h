// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/pipeline.h"

#include <memory>
#include <string>

namespace freshet::transfer {

struct Transfer::Impl
{
    std::shared_ptr<store::Library> library;
    std::shared_ptr<store::Dataset> dataset;
    std::string name;
    std::unique_ptr<Pipeline> pipeline;

    /// Set the threads going.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>>
    begin(std::shared_ptr<store::Library> library, Pipeline::Start start);
    /// Go on with a dataset that exists; `planner` may be null.
    [[nodiscard]] static Result<std::unique_ptr<Transfer>>
    goOn(std::shared_ptr<store::Library> library, const store::DatasetRecord &record,
         store::RunStart run, DownloadRequest request, std::unique_ptr<LegPlanner> planner,
         Options options);
};

/// Put back into `request` what the library did not keep. A masked URL or header cannot be sent: it
/// has to be given again. Errors: InvalidArgument, naming it.
[[nodiscard]] Status giveSecretsBack(DownloadRequest &request, const RequestSecrets &secrets);
[[nodiscard]] Result<std::unique_ptr<LegPlanner>> plannerFor(const DownloadRequest &request,
                                                             const Transfer::Options &options);

} // namespace freshet::transfer
