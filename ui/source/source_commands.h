// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <QString>

#include <functional>

class QWidget;

namespace freshet::ui {

class Theme;

/// The forms in which a request is handed to others.
enum class CommandForm { Curl, FreshetCli };

/// Put the request into the clipboard as a command line without secrets.
/// Output: a sentence that says so. Errors: Unsupported where there is no such command.
[[nodiscard]] Result<QString> copyAsCommand(const transfer::DownloadRequest &request,
                                            CommandForm form);
/// Ask for a curl command, with the one in the clipboard filled in, and hand on its request.
void askForCurl(const Theme &theme, const std::function<void(transfer::DownloadRequest)> &use,
                QWidget *parent);
/// Ask for the name of a recipe.
void askForRecipeName(const Theme &theme, const QString &suggestion,
                      const std::function<void(const QString &)> &use, QWidget *parent);

} // namespace freshet::ui
