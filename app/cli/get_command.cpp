// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/file_get.h"
#include "cli/get_options.h"
#include "cli/interrupt.h"
#include "cli/library_folder.h"
#include "cli/recipe_options.h"
#include "cli/recording_options.h"
#include "transfer/prepare.h"

namespace freshet::cli {

namespace {

ExitCode run(const Arguments &arguments)
{
    if (arguments.has("download"))
        return downloadFile(arguments);
    if (arguments.has("sha256")) {
        printUsageError("--sha256 goes with --download", "get");
        return ExitCode::Usage;
    }
    auto request = requestFrom(arguments);
    auto targets = request ? saveTargetsFrom(arguments)
                           : Result<std::vector<SaveTarget>>(std::vector<SaveTarget>());
    if (!request || !targets) {
        const Error &error = request ? targets.error() : request.error();
        if (error.code == ErrorCode::InvalidArgument)
            printUsageError(error.detail, "get");
        else
            printError(error);
        return exitCodeFor(error.code);
    }
    if (const auto saved = saveRecipe(arguments, *request); !saved) {
        printError(saved.error());
        return exitCodeFor(saved.error().code);
    }
    const std::string source = transport::withoutSecrets(request->bytes.url);
    {
        const Interrupt interrupt;
        if (const auto prepared = transfer::prepareRequest(*request, interrupt.token());
            !prepared) {
            printError(prepared.error(), source);
            return exitCodeFor(prepared.error().code);
        }
    }
    transfer::Transfer::Options options;
    auto writer = chooseTransports(arguments, *request, options);
    if (!writer) {
        if (writer.error().code == ErrorCode::InvalidArgument)
            printUsageError(writer.error().detail, "get");
        else
            printError(writer.error());
        return exitCodeFor(writer.error().code);
    }
    auto library = openLibrary(arguments);
    if (!library) {
        printError(library.error());
        return exitCodeFor(library.error().code);
    }

    auto transfer = transfer::Transfer::start(*library, std::move(*request), std::move(options));
    if (!transfer) {
        printError(transfer.error(), source);
        return exitCodeFor(transfer.error().code);
    }
    const ExitCode code =
        followToTheEnd(**library, std::move(*transfer), source, *targets, arguments);
    if (*writer == nullptr)
        return code;
    if (const auto closed = (*writer)->close(); !closed) {
        printError(closed.error(), {}, "The recording is not kept.");
        return ExitCode::LocalFailure;
    }
    return code;
}

} // namespace

const Command &getCommand()
{
    static const Command kCommand{
        .name = "get",
        .synopsis = "URL|FILE|FOLDER|'PATTERN'…|--recipe FILE [--name NAME] [--format FORMAT] "
                    "[-H 'K: V']… [--save FILE]… [--json]",
        .summary = "Download rows into a new dataset, those of several files into one, or with "
                   "--download a file as it is.",
        .options = getOptions(),
        .leastOperands = 0,
        .mostOperands = -1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
