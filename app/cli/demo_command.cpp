// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/interrupt.h"
#include "cli/standard_output.h"
#include "demo/demo_server.h"
#include "demo/grpc_server.h"
#include "demo/socket_server.h"

#include <QCoreApplication>

#include <array>
#include <clocale>

namespace freshet::cli {

namespace {

constexpr std::array kOptions = {
    Option{"port", '\0', "P", "port on 127.0.0.1 (default: a free one)"},
    Option{"grpc-port", '\0', "P", "port for gRPC (default: a free one)"},
    kHelpOption,
};

constexpr std::int64_t kHighestPort = 65535;

ExitCode run(const Arguments &arguments)
{
    const auto port = arguments.number("port", 0);
    const auto grpcPort = arguments.number("grpc-port", 0);
    for (const auto *given : {&port, &grpcPort}) {
        if (!*given || (*given)->value_or(0) > kHighestPort) {
            printUsageError(*given ? "a port goes up to 65535" : given->error().detail, "demo");
            return ExitCode::Usage;
        }
    }
    const Interrupt interrupt;
    const auto server = demo::DemoServer::start(static_cast<int>(port->value_or(0)));
    if (!server) {
        printError(server.error());
        return ExitCode::LocalFailure;
    }
    const auto grpc = demo::GrpcServer::start(static_cast<int>(grpcPort->value_or(0)));
    if (!grpc) {
        printError(grpc.error());
        return ExitCode::LocalFailure;
    }
    int noArguments = 0;
    const QCoreApplication application(noArguments, nullptr);
    std::setlocale(LC_NUMERIC, "C"); // which it takes from the environment
    const auto sockets = demo::SocketServer::start();
    if (!sockets) {
        printError(sockets.error());
        return ExitCode::LocalFailure;
    }
    const auto announced = writeOutput((*server)->origin() + '\n' + (*grpc)->origin() + '\n' +
                                       (*sockets)->url() + '\n')
                               .and_then(flushOutput);
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
        .synopsis = "[--port P] [--grpc-port P]",
        .summary = "Serve made-up users on 127.0.0.1 until interrupted; prints the addresses.",
        .options = kOptions,
        .leastOperands = 0,
        .mostOperands = 0,
        .run = run,
    };
    return kCommand;
}

} // namespace freshet::cli
