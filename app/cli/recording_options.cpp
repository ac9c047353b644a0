// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/recording_options.h"

#include <charconv>

namespace freshet::cli {

Result<double> replaySpeedFrom(const Arguments &arguments)
{
    const std::string text = arguments.value("speed").value_or("1");
    if (text == "max")
        return 0;
    double speed = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), speed);
    if (problem != std::errc() || end != text.data() + text.size() || !(speed > 0))
        return fail(ErrorCode::InvalidArgument,
                    "--speed is a number above 0, such as 2 or 0.5, or max");
    return speed;
}

Result<std::shared_ptr<transport::RecordingWriter>>
chooseTransports(const Arguments &arguments, transfer::DownloadRequest &request,
                 transfer::Transfer::Options &options)
{
    const auto record = arguments.value("record");
    if (!transfer::isRecordingName(request.bytes.url)) {
        if (arguments.has("speed"))
            return fail(ErrorCode::InvalidArgument, "--speed goes with a recording");
        if (!record)
            return nullptr;
        auto writer = transfer::beginRecording(*record, request);
        if (writer)
            options.makeTransport = transfer::recordingTransports(*writer);
        return writer;
    }
    if (record)
        return fail(ErrorCode::InvalidArgument, "a recording is not recorded again");
    const auto speed = replaySpeedFrom(arguments);
    if (!speed)
        return fail(speed.error());
    auto recorded = transfer::RecordedDownload::load(request.bytes.url);
    if (!recorded)
        return fail(std::move(recorded).error());
    options.makeTransport = recorded->transports({.speed = *speed});
    const std::string name = request.name;
    request = std::move(recorded->request);
    if (!name.empty())
        request.name = name;
    return nullptr;
}

} // namespace freshet::cli
