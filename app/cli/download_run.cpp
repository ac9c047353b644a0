// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/download_run.h"

#include "cli/error_text.h"
#include "cli/get_summary.h"
#include "cli/human_text.h"
#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/remedy.h"
#include "cli/save_file.h"
#include "cli/standard_output.h"

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

/// It came to its end, and the rows are not all there are.
bool isShort(const GetSummary &summary, const transfer::DownloadRequest &request)
{
    const auto &verdict = summary.progress.verdict;
    const bool isAsWanted = request.limit && summary.progress.rows >= *request.limit;
    return summary.record && verdict && verdict->kind == transfer::VerdictKind::Incomplete &&
           !isAsWanted;
}

void reportProblems(const GetSummary &summary, const transfer::DownloadRequest &request,
                    const std::string &source, bool hasTargets)
{
    const std::string kept = keptText(summary);
    // Of several files an error names the one that it is about.
    const bool areSeveral = request.files && request.files->sources.size() > 1;
    if (summary.progress.error)
        printError(*summary.progress.error, areSeveral ? std::string() : source, kept,
                   remedyFor(*summary.progress.error, summary, source));
    else if (const Error cancelled{.code = ErrorCode::Cancelled};
             summary.progress.state == transfer::TransferState::Cancelled)
        printError(cancelled, {}, kept, remedyFor(cancelled, summary, source));
    else if (isShort(summary, request))
        printProblem("The rows are not all there are: " +
                         summary.progress.verdict->evidence.front(),
                     kept, remedyFor(*summary.record));
    if (summary.saveError)
        printError(*summary.saveError, {}, kept, remedyForSave(summary));
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

    reportProblems(summary, transfer->request(), source, !targets.empty());
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
