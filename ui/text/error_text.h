// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

namespace freshet::ui {

/// An error in the user's words: what happened, where, what is kept, what to do next. Parts that
/// there is nothing to say about are empty.
struct ErrorText
{
    QString what;
    QString where;
    QString kept;
    QString next;
    QString detail; ///< the technical sentence, for copying

    /// All of it, line by line, for the clipboard.
    [[nodiscard]] QString toPlainText() const;
};

/// This folder is the only place that turns error codes into words. `source` is the URL or path
/// without secrets; `rowsKept` says how much of the dataset is there nevertheless.
[[nodiscard]] ErrorText errorText(const Error &error, const QString &source = {},
                                  std::optional<RowCount> rowsKept = {});

} // namespace freshet::ui
