// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/command_end.h"
#include "cli/human_text.h"
#include "cli/json_text.h"
#include "cli/library_folder.h"
#include "cli/standard_output.h"
#include "transfer/verdict.h"

#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"json", '\0', "", "print one JSON object"},
    kLibraryOption,
    kHelpOption,
};

std::string verdictText(const store::DatasetRecord &record)
{
    const auto kind = transfer::verdictByName(record.verdict);
    if (!kind)
        return "… " + record.state;
    switch (*kind) {
    case transfer::VerdictKind::Verified:
        return "✓ verified";
    case transfer::VerdictKind::Ended:
        return "○ ended";
    case transfer::VerdictKind::Incomplete:
        break;
    }
    return "! incomplete";
}

std::string asTable(const std::vector<store::DatasetRecord> &records)
{
    if (records.empty())
        return "The library is empty. freshet-cli get URL fetches a dataset.\n";
    std::vector<std::vector<std::string>> rows{
        {"NAME", "VERDICT", "ROWS", "STORED", "UPDATED", "SOURCE"}};
    for (const auto &record : records)
        rows.push_back({record.name, verdictText(record),
                        transfer::groupedDigits(record.rows.value()), sizeText(record.storedBytes),
                        momentText(record.updated), record.source});
    return alignedTable(rows, {false, false, true, true, false, false});
}

std::int64_t unixSeconds(std::chrono::system_clock::time_point moment)
{
    return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count();
}

std::string asJson(const std::vector<store::DatasetRecord> &records)
{
    JsonText json;
    json.beginObject().beginArray("datasets");
    for (const auto &record : records) {
        json.beginObject();
        json.member("dataset", record.name)
            .member("id", record.id)
            .member("source", record.source)
            .member("state", record.state)
            .member("verdict", record.verdict)
            .beginArray("evidence");
        for (const auto &sentence : record.evidence)
            json.item(sentence);
        json.endArray()
            .member("rows", record.rows.value())
            .member("rows_unmerged", record.unmergedRows.value())
            .member("rejected", record.rejected.value())
            .member("bytes_wire", record.wireBytes.value())
            .member("bytes_decoded", record.decodedBytes.value())
            .member("bytes_stored", record.storedBytes.value())
            .member("created", unixSeconds(record.created))
            .member("updated", unixSeconds(record.updated))
            .endObject();
    }
    json.endArray().endObject();
    return json.text() + '\n';
}

Status list(const Arguments &arguments)
{
    std::vector<store::DatasetRecord> records;
    if (!isLibraryMissing(arguments)) { // to look is no reason to make one
        const auto library = openLibrary(arguments);
        if (!library)
            return fail(library.error());
        auto found = (*library)->list();
        if (!found)
            return fail(std::move(found).error());
        records = std::move(*found);
    }
    FRESHET_TRY(writeOutput(arguments.has("json") ? asJson(records) : asTable(records)));
    return flushOutput();
}

ExitCode run(const Arguments &arguments)
{
    return endedWith(list(arguments));
}

} // namespace

const Command &listCommand()
{
    static const Command kCommand{
        .name = "ls",
        .synopsis = "[--json]",
        .summary = "List the datasets of the library, newest first.",
        .options = kOptions,
        .leastOperands = 0,
        .mostOperands = 0,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
