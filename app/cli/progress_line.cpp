// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/progress_line.h"

#include "cli/error_text.h"
#include "cli/human_text.h"

#include <cstdio>
#include <unistd.h>

namespace freshet::cli {

namespace {

constexpr std::chrono::seconds kSoonestForecast{1};

/// The part that is done, by the declared rows, by what the stream says of itself, or by the bytes
/// on the wire.
std::optional<double> fractionDone(const transfer::Progress &progress)
{
    const auto part = [](std::int64_t done, std::int64_t all) -> std::optional<double> {
        if (all <= 0 || done <= 0 || done > all)
            return std::nullopt;
        return static_cast<double>(done) / static_cast<double>(all);
    };
    if (progress.totalRows)
        return part(progress.rows.value(), progress.totalRows->value());
    if (progress.statedPart)
        return progress.statedPart;
    if (progress.totalWireBytes)
        return part(progress.wireBytes.value(), progress.totalWireBytes->value());
    return std::nullopt;
}

std::string rateText(RowCount rows, std::chrono::microseconds elapsed)
{
    const auto micros = std::max<std::int64_t>(elapsed.count(), 1);
    const double rate = static_cast<double>(rows.value()) * 1e6 / static_cast<double>(micros);
    return transfer::groupedDigits(static_cast<std::int64_t>(rate)) + " rows/s";
}

std::string leftText(double fraction, std::chrono::microseconds elapsed)
{
    if (elapsed < kSoonestForecast)
        return {};
    const double left = static_cast<double>(elapsed.count()) * (1 - fraction) / fraction;
    return "  " + durationText(std::chrono::microseconds(static_cast<std::int64_t>(left))) +
           " left";
}

} // namespace

std::string waitingText(const Error &cause, std::chrono::milliseconds left)
{
    // The rest of what is known would not fit into a line.
    const Error brief{.code = cause.code, .nativeCode = cause.nativeCode};
    return whatHappened(brief) + "; trying again in " +
           durationText(std::chrono::ceil<std::chrono::seconds>(left)) + " (Ctrl+C stops)";
}

std::string progressText(const transfer::Progress &progress)
{
    if (progress.state == transfer::TransferState::WaitingToRetry && progress.retryCause)
        return waitingText(*progress.retryCause, progress.retryIn);
    if (!progress.errand.empty())
        return progress.errand + "  " + durationText(progress.elapsed);
    if (progress.state == transfer::TransferState::Connecting)
        return "connecting …";
    std::string text =
        transfer::groupedDigits(progress.rows.value()) + " rows  " + sizeText(progress.wireBytes) +
        "  " + rateText(progress.rows, progress.elapsed) + "  " + durationText(progress.elapsed);
    const auto fraction = fractionDone(progress);
    if (fraction && *fraction > 0) {
        // 100 % is for those who have arrived.
        text += "  " + std::to_string(std::min(99, static_cast<int>(*fraction * 100))) + " %";
        text += leftText(*fraction, progress.elapsed);
    }
    if (!progress.requestLabel.empty())
        text += "  " + progress.requestLabel;
    return text;
}

std::string progressText(const std::string &file, const exporters::ExportProgress &progress)
{
    std::string text = file + ": " + transfer::groupedDigits(progress.rows.value()) + " rows  " +
                       sizeText(progress.bytesWritten) + "  " +
                       rateText(progress.rows, progress.elapsed);
    if (progress.totalRows && progress.totalRows->value() > 0 && progress.rows.value() > 0)
        text += leftText(static_cast<double>(progress.rows.value()) /
                             static_cast<double>(progress.totalRows->value()),
                         progress.elapsed);
    return text;
}

ProgressLine::ProgressLine(bool isQuiet)
    : m_isQuiet(isQuiet), m_isOn(!isQuiet && isatty(STDERR_FILENO) == 1)
{}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::show(const std::string &text)
{
    if (!m_isOn)
        return;
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    m_isShown = true;
}

void ProgressLine::print(const std::string &text)
{
    if (m_isQuiet)
        return;
    clear();
    std::fprintf(stderr, "%s\n", text.c_str());
}

void ProgressLine::clear()
{
    if (!m_isShown)
        return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    m_isShown = false;
}

} // namespace freshet::cli
