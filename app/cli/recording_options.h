// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "transfer/recorded_download.h"
#include "transfer/transfer.h"

#include <memory>

namespace freshet::cli {

inline constexpr Option kSpeedOption{"speed", '\0', "X",
                                     "recordings: X times as fast (default: 1), or max"};

/// `--speed`: times as fast; 0 for max. Errors: InvalidArgument in words for the user.
[[nodiscard]] Result<double> replaySpeedFrom(const Arguments &arguments);
/// Where the bytes of a `get` come from and go to. The name of a recording as the operand:
/// `request` becomes the recorded one, answered from the file. With --record: the writer to be
/// closed at the end, else null. Errors: InvalidArgument in words for the user; those of the files.
[[nodiscard]] Result<std::shared_ptr<transport::RecordingWriter>>
chooseTransports(const Arguments &arguments, transfer::DownloadRequest &request,
                 transfer::Transfer::Options &options);

} // namespace freshet::cli
