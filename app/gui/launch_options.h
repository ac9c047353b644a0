// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/get_options.h"
#include "theme/theme.h"

#include <QString>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace freshet::gui {

/// What the command line of `freshet` asks for (design §8).
struct LaunchOptions
{
    std::vector<std::string> operands; ///< URLs, files, datasets
    decode::Format format = decode::Format::Auto;
    std::string rowsAt;
    std::vector<cli::SaveTarget> saves;
    QString screenshot;
    QString screenshotRunning; ///< taken while rows are still coming
    std::optional<ui::SchemeChoice> scheme;
    bool exitWhenDone = false;
    bool isDemo = false;
    std::int64_t demoRows = 1'000'000;
    std::filesystem::path library;
    bool isLibraryGiven = false;

    bool wantsHelp = false;
    bool wantsVersion = false;

    /// Whether something is to be done when the downloads have ended.
    [[nodiscard]] bool hasScript() const
    {
        return exitWhenDone || !saves.empty() || !screenshot.isEmpty() ||
               !screenshotRunning.isEmpty();
    }
};

/// Errors: InvalidArgument in words for the user.
[[nodiscard]] Result<LaunchOptions> parseLaunch(std::span<const std::string_view> words);
[[nodiscard]] std::string launchHelp();

} // namespace freshet::gui
