// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "heap.h"

#include <QThread>

#include <string_view>
#include <vector>

int main(int argc, char *argv[])
{
    freshet::app::keepHeapFlat();
    // Qt takes the first thread it meets for the main one and frees its data at exit. That must not
    // be the catalogue's, which the objects of its SQLite plug-in use until they are unloaded.
    (void)QThread::currentThread();
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    return static_cast<int>(freshet::cli::runProgram(words));
}
