// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/download_run.h"
#include "cli/error_text.h"
#include "cli/file_get.h"
#include "cli/get_options.h"
#include "cli/interrupt.h"
#include "cli/library_folder.h"

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
    const std::string source = transport::withoutSecrets(request->bytes.url);
    if (request->grpc) {
        const Interrupt interrupt;
        if (const auto prepared = transfer::prepareGrpcCall(*request, interrupt.token());
            !prepared) {
            printError(prepared.error(), source);
            return exitCodeFor(prepared.error().code);
        }
    }
    auto library = openLibrary(arguments);
    if (!library) {
        printError(library.error());
        return exitCodeFor(library.error().code);
    }

    auto transfer =
        transfer::Transfer::start(*library, std::move(*request), transfer::Transfer::Options());
    if (!transfer) {
        printError(transfer.error(), source);
        return exitCodeFor(transfer.error().code);
    }
    return followToTheEnd(**library, std::move(*transfer), source, *targets, arguments);
}

} // namespace

const Command &getCommand()
{
    static const Command kCommand{
        .name = "get",
        .synopsis = "URL|FILE [--name NAME] [--format FORMAT] [-H 'K: V']… [--save FILE]… [--json]",
        .summary = "Download rows into a new dataset, or with --download a file as it is.",
        .options = getOptions(),
        .leastOperands = 1,
        .mostOperands = 1,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
