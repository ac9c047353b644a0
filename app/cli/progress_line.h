// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exporters/exporter.h"
#include "transfer/transfer.h"

#include <string>

namespace freshet::cli {

/// `1,234,567 rows  602 MB  310,000 rows/s  3.9 s  24 %  0:12 left`; the part and the rest only
/// where somebody declared a total. While it waits to try again, why and for how long.
[[nodiscard]] std::string progressText(const transfer::Progress &progress);
[[nodiscard]] std::string progressText(const std::string &file,
                                       const exporters::ExportProgress &progress);

/// `The server refused: it answered 503; trying again in 3 s (Ctrl+C stops)`
[[nodiscard]] std::string waitingText(const Error &cause, std::chrono::milliseconds left);

/// One line on a terminal that is written over again and again. Silent where stderr is no
/// terminal.
/// Threads: one thread at a time.
class ProgressLine
{
public:
    explicit ProgressLine(bool isQuiet);
    ~ProgressLine();
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;

    void show(const std::string &text);
    /// A line that stays, also where stderr is no terminal.
    void print(const std::string &text);
    /// Take the line away, so that something else can be printed.
    void clear();

private:
    const bool m_isQuiet;
    const bool m_isOn;
    bool m_isShown = false;
};

} // namespace freshet::cli
