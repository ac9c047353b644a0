// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <chrono>
#include <string>

class QJsonObject;

namespace freshet::transfer {

/// How to deal with an export that the server prepares: the request starts a job, the job is asked
/// how far it is, and then names the files to be downloaded. Plain values; what is empty is found
/// by itself, by the names that APIs use (see `readJobAnswer`).
///
/// Places in an answer are written `$.path`, with `[]` for each element of an array and `[0]` for
/// one, or `header:NAME`. Places of an address may also be the address itself, relative or not,
/// with places in braces: `/jobs/{$.id}/status`.
struct ExportJobRule
{
    std::string statusUrlFrom;
    std::string stateFrom;
    /// States that mean success or failure here beside the usual words, separated by commas.
    std::string doneStates;
    std::string failedStates;
    std::string progressFrom;
    /// Of one file, or `$.results[].url` of several.
    std::string resultsFrom;
    /// The rows of all files together.
    std::string rowsFrom;
    /// Between two questions; 0: as the server says, else half a second at first, later more.
    std::chrono::milliseconds pollEvery{0};
    /// Give up on a job that is not done after so long.
    std::chrono::seconds patience{24 * 3600};
    /// A file is downloaded over so many connections where its server can do that.
    int connections = 4;

    static constexpr int kMaxConnections = 16;

    bool operator==(const ExportJobRule &) const = default;

    /// Errors: InvalidArgument, naming the field.
    [[nodiscard]] Status validate() const;
    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static ExportJobRule fromJson(const QJsonObject &object);
};

} // namespace freshet::transfer
