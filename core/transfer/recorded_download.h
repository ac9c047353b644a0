// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"
#include "transport/recording.h"
#include "transport/replay_transport.h"
#include "transport/resuming_transport.h"

#include <filesystem>
#include <memory>

namespace freshet::transfer {

/// Start to record `request`: hand `recordingTransports` to the transfer, and close the writer when
/// the transfer is over. Errors: those of the file.
[[nodiscard]] Result<std::shared_ptr<transport::RecordingWriter>>
beginRecording(const std::filesystem::path &file, const DownloadRequest &request);
[[nodiscard]] transport::ResumingTransport::Factory
recordingTransports(std::shared_ptr<transport::RecordingWriter> writer);

/// A recorded download, to be made again without its server.
struct RecordedDownload
{
    DownloadRequest request;
    std::shared_ptr<const transport::Recording> recording;

    /// Errors: those of `Recording::load`; InvalidArgument if it does not say what was asked for.
    [[nodiscard]] static Result<RecordedDownload> load(const std::filesystem::path &file);
    /// For one replay: the answers are handed out anew. `observer` may be null, and has to outlive
    /// the transports.
    [[nodiscard]] transport::ResumingTransport::Factory
    transports(transport::ReplayPace pace, transport::WireObserver *observer = nullptr) const;
};

/// Whether a file's name is that of a recording.
[[nodiscard]] bool isRecordingName(std::string_view name);

} // namespace freshet::transfer
