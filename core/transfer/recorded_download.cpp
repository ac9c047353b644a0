// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/recorded_download.h"

#include "transport/recording_transport.h"

#include <utility>

namespace freshet::transfer {

using transport::ByteRequest;
using transport::Transport;

Result<std::shared_ptr<transport::RecordingWriter>>
beginRecording(const std::filesystem::path &file, const DownloadRequest &request)
{
    return transport::RecordingWriter::create(file, request.toJson());
}

transport::ResumingTransport::Factory
recordingTransports(std::shared_ptr<transport::RecordingWriter> writer)
{
    return [writer = std::move(writer)](ByteRequest request) {
        return transport::RecordingTransport::create(std::move(request), writer);
    };
}

Result<RecordedDownload> RecordedDownload::load(const std::filesystem::path &file)
{
    auto recording = transport::Recording::load(file);
    if (!recording)
        return fail(std::move(recording).error());
    auto request = DownloadRequest::fromJson((*recording)->description());
    if (!request)
        return fail(ErrorCode::InvalidArgument,
                    file.string() + ": the recording does not say what was asked for");
    if (request->name.empty())
        request->name = request->suggestedName();
    return RecordedDownload{std::move(*request), std::move(*recording)};
}

transport::ResumingTransport::Factory
RecordedDownload::transports(transport::ReplayPace pace, transport::WireObserver *observer) const
{
    auto cursor = std::make_shared<transport::ReplayCursor>(recording);
    return [cursor = std::move(cursor), pace = std::move(pace),
            observer](ByteRequest asked) -> Result<std::unique_ptr<Transport>> {
        return std::make_unique<transport::ReplayTransport>(std::move(asked), cursor, pace,
                                                            observer);
    };
}

bool isRecordingName(std::string_view name)
{
    return name.ends_with(transport::recording::kSuffix);
}

} // namespace freshet::transfer
