// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"

#include <filesystem>
#include <optional>
#include <string>

namespace freshet::lab {

/// A page that stands alone: figures, charts as SVG, advice; no script, no foreign resource, light
/// and dark. With `before`, what changed since that session.
[[nodiscard]] std::string reportHtml(const LabSession &session, const LabSession *before = nullptr);
/// Every run with every figure, one line each; times in seconds.
[[nodiscard]] std::string reportCsv(const LabSession &session);
/// What the chart shows: for each variant and moment the rows that the median, the slowest and the
/// fastest run had.
[[nodiscard]] std::string curvesCsv(const LabSession &session);
/// The session with every raw mark, and beside it its summaries and advice.
[[nodiscard]] std::string reportJson(const LabSession &session, const LabSession *before = nullptr);

/// Write `curvesCsv`. Errors: those of the file.
[[nodiscard]] Status writeCurves(const std::filesystem::path &file, const LabSession &session);
/// Write the report that the file's suffix names: .html, .json or .csv.
/// Errors: InvalidArgument for another suffix; those of the file.
[[nodiscard]] Status writeReport(const std::filesystem::path &file, const LabSession &session,
                                 const LabSession *before = nullptr);
/// Whether `writeReport` knows the suffix.
[[nodiscard]] Status checkReportName(const std::filesystem::path &file);

} // namespace freshet::lab
