// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "heap.h"

#include <string_view>
#include <vector>

int main(int argc, char *argv[])
{
    freshet::app::keepHeapFlat();
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    return static_cast<int>(freshet::cli::runProgram(words));
}
