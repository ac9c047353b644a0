// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace freshet::cli {

/// One command of the program, complete with what its help says.
struct Command
{
    std::string_view name;
    std::string_view synopsis; ///< operands and the main options
    std::string_view summary;  ///< one sentence
    std::span<const Option> options;
    int leastOperands = 0;
    int mostOperands = 0; ///< -1: any number
    ExitCode (*run)(const Arguments &arguments);
};

[[nodiscard]] const Command &getCommand();
[[nodiscard]] const Command &resumeCommand();
[[nodiscard]] const Command &syncCommand();
[[nodiscard]] const Command &showCommand();
[[nodiscard]] const Command &listCommand();
[[nodiscard]] const Command &removeCommand();
[[nodiscard]] const Command &sqlCommand();
[[nodiscard]] const Command &saveCommand();
[[nodiscard]] const Command &verifyCommand();
[[nodiscard]] const Command &rejectsCommand();
[[nodiscard]] const Command &labCommand();
[[nodiscard]] const Command &demoCommand();

/// All of them in the order the help shows them.
[[nodiscard]] std::array<const Command *, 12> allCommands();

/// Options that every command has.
inline constexpr Option kLibraryOption{"library", '\0', "DIR",
                                       "folder of the library (default: your data folder)"};
inline constexpr Option kQuietOption{"quiet", 'q', "", "say nothing but errors"};
inline constexpr Option kHelpOption{"help", 'h', "", "show this help"};

/// Run the program. `words` are the arguments behind the program's name.
[[nodiscard]] ExitCode runProgram(std::span<const std::string_view> words);

} // namespace freshet::cli
