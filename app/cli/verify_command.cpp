// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/human_text.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/library_folder.h"
#include "cli/progress_line.h"
#include "cli/standard_output.h"
#include "exporters/file_check.h"
#include "store/dataset_check.h"
#include "transfer/verdict.h"

#include <array>
#include <cstdio>

namespace freshet::cli {

namespace {

namespace fs = std::filesystem;
using transfer::groupedDigits;

constexpr std::array kOptions = {
    Option{"json", '\0', "", "print one JSON object"},
    kQuietOption,
    kLibraryOption,
    kHelpOption,
};

/// What there is to print, and to say to the shell.
struct Outcome
{
    std::string text;
    std::string json;
    ExitCode code = ExitCode::Done;
};

ExitCode codeOf(const std::string &verdict)
{
    const auto kind = transfer::verdictByName(verdict);
    return kind && *kind != transfer::VerdictKind::Incomplete ? ExitCode::Done
                                                              : ExitCode::Incomplete;
}

std::string lines(const std::vector<std::string> &sentences)
{
    std::string text;
    for (const auto &sentence : sentences)
        text += "  " + sentence + '\n';
    return text;
}

void addList(JsonText &json, std::string_view name, const std::vector<std::string> &list)
{
    json.beginArray(name);
    for (const auto &one : list)
        json.item(one);
    json.endArray();
}

std::string verdictLines(const std::string &verdict, const std::vector<std::string> &evidence)
{
    return (verdict.empty() ? "no verdict" : verdict) + ", as the download ended:\n" +
           lines(evidence);
}

// ---- a dataset

std::string textOf(const store::DatasetCheck &check)
{
    const auto &record = check.record;
    std::string text = record.name + ": " + rowsText(check.rows) + " in " +
                       std::to_string(check.parts) + (check.parts == 1 ? " file, " : " files, ") +
                       sizeText(check.bytes);
    text += check.damage.empty() ? " read again, as the library says\n" : " could be read\n";
    if (record.unmergedRows.value() > 0)
        text += "  " + groupedDigits(record.unmergedRows.value()) +
                " of them are still to be compared by key\n";
    if (check.superseded.value() > 0)
        text += "  " + groupedDigits(check.superseded.value()) + " rows are superseded\n";
    if (check.rejects > 0)
        text += "  " + groupedDigits(check.rejects) + " kept aside as bad rows\n";
    if (check.batchesWithoutChecksum > 0)
        text += "  " + groupedDigits(check.batchesWithoutChecksum) + " of " +
                groupedDigits(check.batches) +
                " batches were stored without a checksum by an older version: a changed bit in "
                "their uncompressed values would go unnoticed\n";
    for (const auto &damage : check.damage)
        text += "  damaged: " + damage.toString() + '\n';
    return text + verdictLines(record.verdict, record.evidence);
}

std::string jsonOf(const store::DatasetCheck &check)
{
    const auto &record = check.record;
    JsonText json;
    json.beginObject();
    json.member("kind", "dataset")
        .member("dataset", record.name)
        .member("id", record.id)
        .raw("sound", check.damage.empty() ? "true" : "false")
        .member("rows", check.rows.value())
        .member("superseded", check.superseded.value())
        .member("rejected", check.rejects)
        .member("files", std::int64_t(check.parts))
        .member("batches", check.batches)
        .member("batches_without_checksum", check.batchesWithoutChecksum)
        .member("bytes", check.bytes.value())
        .beginArray("damage");
    for (const auto &damage : check.damage) {
        json.beginObject();
        json.member("code", errorCodeName(damage.code)).member("detail", damage.detail);
        if (damage.byteOffset)
            json.member("byte_offset", damage.byteOffset->value());
        json.endObject();
    }
    json.endArray().member("source", record.source).member("verdict", record.verdict);
    addList(json, "evidence", record.evidence);
    json.endObject();
    return json.text();
}

Result<Outcome> verifyDataset(const Arguments &arguments, const CancelToken &cancel,
                              ProgressLine &line)
{
    const auto library = openKeptLibrary(arguments);
    if (!library)
        return fail(library.error());
    const auto check = (*library)->check(arguments.operands().front(), cancel,
                                         [&line](RowCount done, RowCount total) {
                                             line.show(groupedDigits(done.value()) + " of " +
                                                       groupedDigits(total.value()) + " rows");
                                         });
    if (!check)
        return fail(check.error());
    return Outcome{textOf(*check), jsonOf(*check),
                   check->damage.empty() ? codeOf(check->record.verdict) : ExitCode::LocalFailure};
}

// ---- a file

std::string textOf(const fs::path &file, const exporters::FileCheck &check)
{
    const bool isSame = check.differences.empty();
    return file.string() + ": " + sizeText(check.bytes) +
           (isSame ? " read again, as its manifest says\n" : " is not what its manifest says\n") +
           lines(check.differences) + lines(check.agreements) +
           verdictLines(check.manifest.verdict, check.manifest.evidence);
}

std::string jsonOf(const fs::path &file, const exporters::FileCheck &check)
{
    JsonText json;
    json.beginObject();
    json.member("kind", "file")
        .member("file", file.string())
        .raw("sound", check.differences.empty() ? "true" : "false")
        .member("bytes", check.bytes.value())
        .member("sha256", check.sha256);
    if (check.rows)
        json.member("rows", check.rows->value());
    else
        json.null("rows");
    addList(json, "differences", check.differences);
    addList(json, "agreements", check.agreements);
    json.member("source", check.manifest.source).member("verdict", check.manifest.verdict);
    addList(json, "evidence", check.manifest.evidence);
    json.endObject();
    return json.text();
}

Result<Outcome> verifyFile(const fs::path &file, const CancelToken &cancel, ProgressLine &line)
{
    const auto check = exporters::checkFile(file, cancel, [&line](ByteCount done, ByteCount total) {
        line.show(sizeText(done) + " of " + sizeText(total));
    });
    if (!check)
        return fail(check.error());
    return Outcome{textOf(file, *check), jsonOf(file, *check),
                   check->differences.empty() ? codeOf(check->manifest.verdict)
                                              : ExitCode::Incomplete};
}

/// A path, or a file of that name with its manifest, means the file; else it is a dataset's name.
bool meansFile(const std::string &operand)
{
    std::error_code ignored;
    return operand.find('/') != std::string::npos ||
           fs::exists(exporters::manifestPath(operand), ignored);
}

ExitCode run(const Arguments &arguments)
{
    const Interrupt interrupt;
    const std::string &operand = arguments.operands().front();
    Result<Outcome> outcome = fail(ErrorCode::Internal, "not run");
    {
        ProgressLine line(arguments.has("quiet"));
        outcome = meansFile(operand) ? verifyFile(operand, interrupt.token(), line)
                                     : verifyDataset(arguments, interrupt.token(), line);
    }
    if (!outcome) {
        printError(outcome.error());
        const auto code = exitCodeFor(outcome.error().code);
        // A manifest that cannot be read is a local failure, not data that stops early.
        return code == ExitCode::Incomplete ? ExitCode::LocalFailure : code;
    }
    std::string text;
    if (arguments.has("json"))
        text = outcome->json + '\n';
    else if (!arguments.has("quiet"))
        text = outcome->text;
    if (const auto written = writeOutput(text).and_then(flushOutput); !written) {
        printError(written.error());
        return ExitCode::LocalFailure;
    }
    return outcome->code;
}

} // namespace

const Command &verifyCommand()
{
    static const Command kCommand{
        .name = "verify",
        .synopsis = "DATASET|FILE [--json]",
        .summary = "Read a dataset or a saved file again and hold it to what is written of it.\n"
                   "Exit: 0 as it has to be · 3 sound, but the download was incomplete, or the\n"
                   "file is not what its manifest says · 5 damaged, or it cannot be read",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
