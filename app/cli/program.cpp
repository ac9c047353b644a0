// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/error_text.h"
#include "cli/human_text.h"
#include "cli/standard_output.h"

#include <algorithm>
#include <vector>

namespace freshet::cli {

namespace {

std::string programHelp()
{
    std::string text = "freshet-cli pulls large datasets out of APIs and keeps them.\n\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto *command : allCommands())
        rows.push_back(
            {"  freshet-cli " + std::string(command->name), std::string(command->synopsis)});
    text += alignedTable(rows, {false, false});
    text += "\nfreshet-cli COMMAND --help says more.\n\n"
            "Exit: 0 verified or ended · 2 usage · 3 incomplete, rows are kept · 4 refused by the\n"
            "server, nothing received · 5 local failure · 130 cancelled\n";
    return text;
}

std::string commandHelp(const Command &command)
{
    std::string text = "freshet-cli " + std::string(command.name) + ' ' +
                       std::string(command.synopsis) + "\n\n" + std::string(command.summary) +
                       "\n\n";
    std::vector<std::vector<std::string>> rows;
    for (const auto &option : command.options) {
        const std::string value = option.value.empty() ? "" : ' ' + std::string(option.value);
        const std::string letter =
            option.letter == '\0' ? "    " : std::string("-") + option.letter + ", ";
        rows.push_back(
            {"  " + letter + "--" + std::string(option.name) + value, std::string(option.help)});
    }
    return text + alignedTable(rows, {false, false});
}

ExitCode print(const std::string &text)
{
    const auto written = writeOutput(text).and_then(flushOutput);
    if (written)
        return ExitCode::Done;
    printError(written.error());
    return ExitCode::LocalFailure;
}

ExitCode runCommand(const Command &command, std::span<const std::string_view> words)
{
    const auto arguments = Arguments::parse(command.options, words);
    if (!arguments) {
        printUsageError(arguments.error().detail, command.name);
        return ExitCode::Usage;
    }
    if (arguments->has("help"))
        return print(commandHelp(command));
    const auto count = static_cast<int>(arguments->operands().size());
    if (count < command.leastOperands ||
        (command.mostOperands >= 0 && count > command.mostOperands)) {
        printUsageError("usage: freshet-cli " + std::string(command.name) + ' ' +
                            std::string(command.synopsis),
                        command.name);
        return ExitCode::Usage;
    }
    return command.run(*arguments);
}

} // namespace

std::array<const Command *, 12> allCommands()
{
    return {&getCommand(),    &resumeCommand(), &syncCommand(),    &showCommand(),
            &listCommand(),   &sqlCommand(),    &rejectsCommand(), &saveCommand(),
            &verifyCommand(), &removeCommand(), &labCommand(),     &demoCommand()};
}

ExitCode runProgram(std::span<const std::string_view> words)
{
    if (words.empty()) {
        printUsageError("say what to do", "");
        return ExitCode::Usage;
    }
    const auto word = words.front();
    if (word == "--help" || word == "-h" || word == "help")
        return print(programHelp());
    if (word == "--version")
        return print("freshet-cli " FRESHET_VERSION "\n");
    for (const auto *command : allCommands()) {
        if (command->name == word)
            return runCommand(*command, words.subspan(1));
    }
    printUsageError("there is no command " + std::string(word), "");
    return ExitCode::Usage;
}

} // namespace freshet::cli
