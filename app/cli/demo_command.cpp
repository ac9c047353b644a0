// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/interrupt.h"
#include "cli/standard_output.h"
#include "demo/demo_server.h"

#include <array>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"port", '\0', "P", "port on 127.0.0.1 (default: a free one)"},
    kHelpOption,
};

constexpr std::int64_t kHighestPort = 65535;

ExitCode run(const Arguments &arguments)
{
    const auto port = arguments.number("port", 0);
    if (!port || port->value_or(0) > kHighestPort) {
        printUsageError(port ? "--port goes up to 65535" : port.error().detail, "demo");
        return ExitCode::Usage;
    }
    const Interrupt interrupt;
    const auto server = demo::DemoServer::start(static_cast<int>(port->value_or(0)));
    if (!server) {
        printError(server.error());
        return ExitCode::LocalFailure;
    }
    const auto announced = writeOutput((*server)->origin() + '\n').and_then(flushOutput);
    if (!announced) {
        printError(announced.error());
        return ExitCode::LocalFailure;
    }
    interrupt.wait();
    return ExitCode::Done;
}

} // namespace

const Command &demoCommand()
{
    static const Command kCommand{
        .name = "demo",
        .synopsis = "[--port P]",
        .summary = "Serve made-up users on 127.0.0.1 until interrupted; prints the address.",
        .options = kOptions,
        .leastOperands = 0,
        .mostOperands = 0,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
