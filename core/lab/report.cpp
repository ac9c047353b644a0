// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/report.h"

#include "base/file.h"

namespace freshet::lab {

std::string reportHtml(const LabSession &session, const LabSession *)
{
    return "<!doctype html><title>" + session.plan.suggestedName() + "</title>";
}

std::string reportCsv(const LabSession &)
{
    return {};
}

std::string reportJson(const LabSession &session, const LabSession *)
{
    return session.toJson();
}

Status checkReportName(const std::filesystem::path &file)
{
    const auto suffix = file.extension();
    if (suffix == ".html" || suffix == ".json" || suffix == ".csv")
        return {};
    return fail(ErrorCode::InvalidArgument,
                file.string() + ": reports are .html, .json or .csv files");
}

Status writeReport(const std::filesystem::path &path, const LabSession &session,
                   const LabSession *before)
{
    FRESHET_TRY(checkReportName(path));
    const auto suffix = path.extension();
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(file->write(suffix == ".html"   ? reportHtml(session, before)
                            : suffix == ".json" ? reportJson(session, before)
                                                : reportCsv(session)));
    return file->commit();
}

} // namespace freshet::lab
