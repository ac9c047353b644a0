// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/download_run.h"

#include "cli/error_text.h"
#include "cli/get_summary.h"
#include "cli/human_text.h"
#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/save_file.h"
#include "cli/standard_output.h"
#include "decode/table_signature.h"
#include "transfer/earlier_run.h"

#include <cstdio>
#include <utility>

namespace freshet::cli {

namespace {

using transfer::Transfer;

constexpr std::chrono::milliseconds kProgressInterval{100};

/// Show the progress until the transfer is finished; the first interrupt cancels it.
transfer::Progress follow(Transfer &transfer, const Interrupt &interrupt, ProgressLine &line)
{
    const auto wish = interrupt.token().onCancel([&transfer] { transfer.cancel(); });
    std::string told;
    int retriesTold = 0;
    const auto tell = [&](const transfer::Progress &progress) {
        if (progress.notice != told) {
            told = progress.notice;
            line.print(told);
        }
        const bool isWaiting = progress.state == transfer::TransferState::WaitingToRetry;
        if (isWaiting && std::exchange(retriesTold, progress.retries) != progress.retries)
            line.print(progressText(progress));
    };
    while (!transfer.waitFor(kProgressInterval)) {
        const transfer::Progress progress = transfer.progress();
        tell(progress);
        line.show(progressText(progress));
    }
    transfer::Progress progress = transfer.progress();
    tell(progress);
    return progress;
}

/// What is left of the transfer in the library. A dataset without anything in it is not kept.
std::optional<store::DatasetRecord> keptRecord(store::Library &library, const std::string &id,
                                               const transfer::Progress &progress)
{
    if (progress.state == transfer::TransferState::Failed && progress.rejected.value() == 0 &&
        library.remove(id))
        return std::nullopt;
    auto record = library.find(id);
    if (!record)
        return std::nullopt;
    return std::move(*record);
}

std::optional<store::RunRecord> lastRun(const store::Library &library, const std::string &id)
{
    auto runs = library.runs(id);
    if (!runs || runs->empty())
        return std::nullopt;
    return std::move(runs->back());
}

void saveAll(const std::vector<SaveTarget> &targets, const store::Dataset &dataset,
             const Arguments &arguments, const Interrupt &interrupt, ProgressLine &line,
             GetSummary &summary)
{
    const auto snapshot = dataset.snapshot();
    for (const auto &target : targets) {
        const auto report =
            saveFile(snapshot, *summary.record, target, arguments, interrupt.token(), line);
        if (!report) {
            summary.saveError = report.error();
            return;
        }
        summary.saved.push_back(*report);
    }
}

/// What of the rows is in the library, which may be less than came.
std::string keptText(const GetSummary &summary)
{
    if (!summary.record && summary.progress.state == transfer::TransferState::Failed)
        return "Nothing was received, and nothing is kept.";
    if (!summary.record)
        return "Nothing is kept.";
    const RowCount rows = summary.record->rows;
    std::string text = rowsText(rows) + (rows == RowCount(1) ? " is" : " are") + " kept as \"" +
                       summary.record->name + "\"";
    if (summary.record->unmergedRows.value() > 0)
        text += ", and " + store::unmergedText(summary.record->unmergedRows);
    return text + '.';
}

/// As a shell takes it for one word.
std::string shellWord(const std::string &text)
{
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,:/@%+";
    if (!text.empty() && text.find_first_not_of(kPlain) == text.npos)
        return text;
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + '\'';
}

/// Whether the next try may well come further.
bool mayPass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
    case ErrorCode::ResolveFailed:
    case ErrorCode::ConnectFailed:
    case ErrorCode::TlsFailed:
    case ErrorCode::Timeout:
    case ErrorCode::ConnectionLost:
    case ErrorCode::ProtocolViolation:
    case ErrorCode::HttpStatus:
    case ErrorCode::GrpcStatus:
    case ErrorCode::CodingTruncated:
    case ErrorCode::Truncated:
    case ErrorCode::InBandError:
    case ErrorCode::DiskFull:
    case ErrorCode::IoError:
        return true;
    default:
        return false;
    }
}

/// Whether it is about one place, so that behind good rows the format itself is right.
bool stopsRows(ErrorCode code)
{
    return code == ErrorCode::SyntaxError || code == ErrorCode::InvalidUtf8 ||
           code == ErrorCode::WrongFieldCount;
}

/// The file that an error is about: of several, its detail begins with the one (see FilePlanner).
std::string fileOf(const Error &error, const std::string &source)
{
    std::string named = error.detail.substr(0, error.detail.find(": "));
    const bool isNamed = decode::tableFormatByName(named) != decode::Format::Auto;
    return isNamed ? named : source;
}

/// What can be done about a Parquet or Arrow file that cannot be read; empty if it is none.
std::string adviceForTable(const Error &error, const GetSummary &summary, const std::string &source)
{
    const std::string file = fileOf(error, source);
    const bool isDamage =
        error.code == ErrorCode::SyntaxError || error.code == ErrorCode::Truncated;
    if (!isDamage || !decode::isTableFormat(decode::tableFormatByName(file)))
        return {};
    const std::string damaged =
        error.code == ErrorCode::SyntaxError
            ? "If it is in another format, name it with --format; else it is damaged"
            : "It is damaged";
    if (transfer::isLocalPlace(file))
        return damaged + ": freshet-cli verify " + shellWord(file) +
               " tells whether it is what was fetched or saved; if not, fetch it again.";
    const std::string again =
        summary.record && transfer::isResumable(*summary.record)
            ? "freshet-cli resume " + shellWord(summary.record->name) + " fetches it anew."
            : "get it again.";
    return damaged + " at its source; once it is mended there, " + again;
}

/// How to come by the rest of what is kept; empty if nothing is known beyond the error's own
/// advice.
std::string remedyFor(const Error &error, const GetSummary &summary, const std::string &source)
{
    if (const std::string advice = adviceForTable(error, summary, source); !advice.empty())
        return advice;
    if (!summary.record || !transfer::isResumable(*summary.record))
        return {};
    const std::string name = shellWord(summary.record->name);
    if (error.code == ErrorCode::LimitReached && summary.progress.rejected.value() > 0)
        return "freshet-cli rejects " + name + " shows them; freshet-cli resume " + name +
               " --max-bad-rows N lets more of them pass.";
    const bool isUnreadable = stopsRows(error.code) && summary.record->rows.value() > 0;
    if (!mayPass(error.code) && !isUnreadable)
        return {};
    std::string before = isUnreadable ? std::string() : whatNext(error);
    if (isUnreadable && summary.progress.rejected.value() > 0)
        before = "freshet-cli rejects " + name + " shows what could not be read;";
    const auto point = transfer::ResumePoint::fromJson(summary.record->resumePoint);
    const std::string does =
        point && point->beginsAgain() ? point->plan() : "goes on where it stopped";
    return before + (before.empty() ? "" : " ") + "freshet-cli resume " + name + ' ' + does + '.';
}

void reportProblems(const GetSummary &summary, const std::string &source, bool hasTargets)
{
    const std::string kept = keptText(summary);
    if (summary.progress.error)
        printError(*summary.progress.error, source, kept,
                   remedyFor(*summary.progress.error, summary, source));
    else if (const Error cancelled{.code = ErrorCode::Cancelled};
             summary.progress.state == transfer::TransferState::Cancelled)
        printError(cancelled, {}, kept, remedyFor(cancelled, summary, source));
    if (summary.saveError)
        printError(*summary.saveError, {}, kept);
    else if (hasTargets && summary.saved.empty())
        std::fprintf(stderr, "  No file was saved.\n");
}

} // namespace

ExitCode followToTheEnd(store::Library &library, std::unique_ptr<Transfer> transfer,
                        const std::string &source, const std::vector<SaveTarget> &targets,
                        const Arguments &arguments)
{
    const Interrupt interrupt;
    ProgressLine line(arguments.has("quiet"));
    GetSummary summary;
    summary.progress = follow(*transfer, interrupt, line);
    const auto dataset = transfer->dataset();
    summary.schema = dataset->snapshot().schema();
    summary.record = keptRecord(library, dataset->id(), summary.progress);
    if (summary.record)
        summary.run = lastRun(library, dataset->id());
    if (summary.record && summary.progress.state != transfer::TransferState::Cancelled)
        saveAll(targets, *dataset, arguments, interrupt, line, summary);
    line.clear();

    reportProblems(summary, source, !targets.empty());
    for (const auto &report : summary.saved)
        warnIfIncomplete(*summary.record, report.file);
    std::string text;
    if (arguments.has("json"))
        text = summaryJson(summary) + '\n';
    else if (!arguments.has("quiet"))
        text = summaryText(summary);
    if (const auto written = writeOutput(text).and_then(flushOutput); !written) {
        printError(written.error());
        return ExitCode::LocalFailure;
    }
    return exitCodeFor(summary);
}

} // namespace freshet::cli
