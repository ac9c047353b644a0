// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "lab/lab_plan.h"
#include "lab/run_record.h"
#include "store/library.h"
#include "transport/session_pool.h"

#include <functional>
#include <memory>

namespace freshet::lab {

/// What a run needs besides its variant.
struct RunEnvironment
{
    std::shared_ptr<store::Library> library; ///< the dataset is removed from it afterwards
    RowsGo rows = RowsGo::IntoStore;
    /// Connections that go from run to run; null: every request makes its own.
    std::shared_ptr<transport::SessionPool> sessions;
    transfer::Transfer::Options transfer;
    /// Told of the run while it is under way, and of nulls when it is over.
    std::function<void(std::shared_ptr<transfer::Transfer>,
                       std::shared_ptr<const transfer::ArrivalTrace>)>
        onRun;
};

/// Make one run and measure it. A run that fails is a record with an error.
/// Errors: those of this machine, where no further run makes sense.
[[nodiscard]] Result<RunRecord> makeRun(const Variant &variant, const RunEnvironment &environment,
                                        const CancelToken &cancel);

} // namespace freshet::lab
