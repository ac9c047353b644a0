// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/exit_code.h"
#include "exporters/exporter.h"
#include "store/library.h"
#include "transfer/transfer.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::cli {

/// Everything that `get` has to tell when it is done.
struct GetSummary
{
    transfer::Progress progress;
    /// As it stands in the library; nothing if nothing was received, and so nothing kept.
    std::optional<store::DatasetRecord> record;
    columnar::SchemaPtr schema;
    /// What this run did, if the dataset is kept.
    std::optional<store::RunRecord> run;
    std::vector<exporters::ExportReport> saved;
    /// A --save file that could not be written.
    std::optional<Error> saveError;
};

/// One line of JSON with the members of design §8.
[[nodiscard]] std::string summaryJson(const GetSummary &summary);
/// A few lines for people.
[[nodiscard]] std::string summaryText(const GetSummary &summary);
[[nodiscard]] ExitCode exitCodeFor(const GetSummary &summary);

/// The most memory this process ever held.
[[nodiscard]] ByteCount peakMemory();

} // namespace freshet::cli
