// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel_token.h"
#include "transfer/download_request.h"

namespace freshet::transfer {

/// Ask the servers what `request` needs to know before it can be started: the types of a gRPC call
/// (`prepareGrpcCall`), and which files the folders, prefixes and patterns in remote storage stand
/// for (`settleRemoteFiles`). Leaves other requests alone.
/// Errors: those of the two. Threads: blocks.
[[nodiscard]] Status prepareRequest(DownloadRequest &request, const CancelToken &cancel);

/// Turn each s3:// or sftp:// URL of the request that means several files
/// (`transport::namesSeveralFiles`) into the files that it stands for now. Of a folder or prefix
/// those are taken that are named like files of rows; of a pattern all. Leaves other requests
/// alone. Errors: FileNotFound if there are none; those of transports. Threads: blocks.
[[nodiscard]] Status settleRemoteFiles(DownloadRequest &request, const CancelToken &cancel);

} // namespace freshet::transfer
