// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/library_folder.h"

#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {kLibraryOption, kHelpOption};

Status removeOne(store::Library &library, const std::string &idOrName)
{
    const auto record = library.find(idOrName);
    if (!record)
        return fail(record.error());
    return library.remove(record->id);
}

ExitCode run(const Arguments &arguments)
{
    const auto library = openKeptLibrary(arguments);
    if (!library) {
        printError(library.error());
        return exitCodeFor(library.error().code);
    }
    // One that cannot be removed does not keep the others.
    ExitCode worst = ExitCode::Done;
    for (const auto &name : arguments.operands()) {
        const auto removed = removeOne(**library, name);
        if (removed)
            continue;
        printError(removed.error());
        worst = exitCodeFor(removed.error().code);
    }
    return worst;
}

} // namespace

const Command &removeCommand()
{
    static const Command kCommand{
        .name = "rm",
        .synopsis = "DATASET…",
        .summary = "Remove datasets and their rows.",
        .options = kOptions,
        .leastOperands = 1,
        .mostOperands = -1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
