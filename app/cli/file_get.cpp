// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/file_get.h"

#include "cli/error_text.h"
#include "cli/get_options.h"
#include "cli/get_summary.h"
#include "cli/human_text.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/progress_line.h"
#include "cli/save_file.h"
#include "cli/standard_output.h"
#include "decode/table_signature.h"
#include "exporters/manifest.h"
#include "transfer/final_facts.h"
#include "transfer/table_file.h"

#include <cstdio>
#include <future>
#include <utility>

namespace freshet::cli {

namespace {

using transfer::FileDownload;
using transfer::FileDownloadReport;
using transfer::VerdictKind;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kProgressInterval{100};

std::string progressText(const transfer::FileDownloadProgress &progress, Clock::duration elapsed)
{
    std::string text = sizeText(progress.held);
    if (progress.total)
        text += " of " + sizeText(*progress.total);
    const double seconds = std::chrono::duration<double>(elapsed).count();
    if (seconds > 0)
        text += "  " +
                sizeText(ByteCount(static_cast<std::int64_t>(
                    static_cast<double>(progress.wireBytes.value()) / seconds))) +
                "/s";
    return text;
}

FileDownloadReport follow(FileDownload &download, const CancelToken &cancel, ProgressLine &line)
{
    const auto started = Clock::now();
    auto report = std::async(std::launch::async, [&] { return download.run(cancel); });
    int retriesTold = 0;
    Clock::time_point due;
    while (report.wait_for(kProgressInterval) != std::future_status::ready) {
        const auto progress = download.progress();
        const auto now = Clock::now();
        if (!progress.waiting) {
            line.show(progressText(progress, now - started));
            continue;
        }
        const auto &[cause, delay, number] = *progress.waiting;
        if (std::exchange(retriesTold, progress.retries) != progress.retries) {
            due = now + delay;
            line.print(waitingText(cause, delay));
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - now);
        line.show(waitingText(cause, std::max(left, std::chrono::milliseconds(0))));
    }
    line.clear();
    return report.get();
}

Status keepManifest(const FileDownloadReport &report, const std::string &source)
{
    exporters::Manifest manifest{.version = FRESHET_VERSION,
                                 .kind = "download",
                                 .fileName = report.file.filename().string(),
                                 .bytes = report.bytes,
                                 .sha256 = report.sha256,
                                 .source = source,
                                 .verdict = std::string(verdictName(report.verdict.kind)),
                                 .evidence = report.verdict.evidence,
                                 .started = report.started,
                                 .finished = std::chrono::system_clock::now(),
                                 .exported = std::chrono::system_clock::now()};
    return exporters::writeManifest(report.file, manifest);
}

void addTime(JsonText &json, const char *name, std::optional<std::chrono::microseconds> time)
{
    if (time)
        json.raw(name, transfer::millisecondsText(*time));
    else
        json.null(name);
}

std::string jsonOf(const FileDownloadReport &report, const std::string &source)
{
    JsonText json;
    json.beginObject();
    // Of a refusal there is no file.
    if (report.bytes > ByteCount() || report.verdict.kind != VerdictKind::Incomplete)
        json.member("file", report.file.string());
    else
        json.null("file");
    json.member("source", source)
        .member("bytes", report.bytes.value())
        .member("bytes_earlier", report.earlierBytes.value())
        .member("bytes_wire", report.wireBytes.value())
        .member("bytes_read_again", report.bytesReadAgain.value())
        .member("sha256", report.sha256)
        .member("verdict", verdictName(report.verdict.kind))
        .beginArray("evidence");
    for (const auto &sentence : report.verdict.evidence)
        json.item(sentence);
    json.endArray().member("retries", std::int64_t(report.retries)).beginObject("timing");
    addTime(json, "connect_ms", report.timing.connected);
    addTime(json, "ttfb_ms", report.timing.firstByte);
    addTime(json, "total_ms", report.timing.lastByte);
    json.endObject();
    if (report.error) {
        json.beginObject("error");
        json.member("code", errorCodeName(report.error->code))
            .member("detail", report.error->detail)
            .endObject();
    } else {
        json.null("error");
    }
    json.member("peak_rss_bytes", peakMemory().value()).endObject();
    return json.text() + '\n';
}

std::string textOf(const FileDownloadReport &report)
{
    std::string text = report.file.string() + ": " + sizeText(report.bytes) + ", " +
                       std::string(verdictName(report.verdict.kind)) + '\n';
    for (const auto &sentence : report.verdict.evidence)
        text += "  " + sentence + '\n';
    return text;
}

/// A file that came as its server has it may be damaged there.
void adviseOnTable(const FileDownloadReport &report)
{
    const auto format = decode::tableFormatByName(report.file.string());
    if (report.verdict.kind == VerdictKind::Incomplete || !decode::isTableFormat(format) ||
        transfer::isNamedCompressed(report.file))
        return;
    const auto table = transfer::openTable({.path = report.file, .format = format}, CancelToken());
    if (table)
        return;
    const ErrorCode code = table.error().code;
    if (code == ErrorCode::SyntaxError || code == ErrorCode::Truncated)
        printError(table.error(), report.file.string(),
                   "The file is as its server has it, and cannot be read.",
                   "It is damaged at its source: whoever wrote it has to write it again.");
}

void reportProblems(const FileDownloadReport &report, const std::string &source)
{
    std::string kept = "Nothing was received, and nothing is kept.";
    if (report.bytes > ByteCount())
        kept = transfer::groupedDigits(report.bytes.value()) + " bytes are kept in " +
               report.file.string() + "; the same command goes on with them.";
    std::string_view remedy;
    if (report.error && report.error->code == ErrorCode::WrongContentType)
        remedy = "Is a login wanted? Give it with -H; a page itself is kept under a name in .html.";
    if (report.error)
        printError(*report.error, source, kept, remedy);
    else if (report.verdict.kind == VerdictKind::Incomplete)
        std::fprintf(stderr,
                     "freshet-cli: The file is not what it has to be: %s\n"
                     "  What came stays in %s; the same command begins again. If it fails again, "
                     "the checksum or the file at the server is wrong.\n",
                     report.verdict.evidence.front().c_str(), report.file.c_str());
}

} // namespace

ExitCode exitCodeFor(const FileDownloadReport &report)
{
    if (report.verdict.kind != VerdictKind::Incomplete)
        return ExitCode::Done;
    if (!report.error)
        return ExitCode::Incomplete;
    const auto code = exitCodeFor(report.error->code);
    const bool isOfServer = code == ExitCode::Refused || code == ExitCode::Incomplete;
    return isOfServer && report.bytes > ByteCount() ? ExitCode::Incomplete : code;
}

ExitCode downloadFile(const Arguments &arguments)
{
    auto request = fileRequestFrom(arguments);
    if (!request) {
        if (request.error().code == ErrorCode::InvalidArgument)
            printUsageError(request.error().detail, "get");
        else
            printError(request.error());
        return exitCodeFor(request.error().code);
    }
    const std::string source = transport::withoutSecrets(request->bytes.url);
    const auto download = FileDownload::create(std::move(*request));
    if (!download) {
        printError(download.error(), source);
        return exitCodeFor(download.error().code);
    }
    const Interrupt interrupt;
    ProgressLine line(arguments.has("quiet"));
    const auto report = follow(**download, interrupt.token(), line);
    reportProblems(report, source);
    adviseOnTable(report);
    Status written;
    if (report.verdict.kind != VerdictKind::Incomplete)
        written = arguments.has(kNoManifestOption.name) ? exporters::removeManifest(report.file)
                                                        : keepManifest(report, source);
    std::string text;
    if (arguments.has("json"))
        text = jsonOf(report, source);
    else if (!arguments.has("quiet") && report.bytes > ByteCount())
        text = textOf(report);
    written = written.and_then([&] { return writeOutput(text); }).and_then(flushOutput);
    if (!written) {
        printError(written.error());
        return ExitCode::LocalFailure;
    }
    return exitCodeFor(report);
}

} // namespace freshet::cli
