// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/save_file.h"

#include "exporters/manifest.h"
#include "transfer/verdict.h"

#include <cstdio>

namespace freshet::cli {

Result<exporters::ExportReport> saveFile(const store::DatasetSnapshot &snapshot,
                                         const store::DatasetRecord &record,
                                         const SaveTarget &target, const Arguments &arguments,
                                         const CancelToken &cancel, ProgressLine &line)
{
    const auto tell = [&](const exporters::ExportProgress &progress) {
        line.show(progressText(target.file.filename().string(), progress));
    };
    if (arguments.has(kNoManifestOption.name))
        return exporters::exportDataset(snapshot, target.file, target.options, cancel, tell);
    return exporters::exportWithManifest(snapshot, record, target.file, target.options, cancel,
                                         tell);
}

void warnIfIncomplete(const store::DatasetRecord &record, const std::filesystem::path &file)
{
    const auto verdict = transfer::verdictByName(record.verdict);
    if (verdict && *verdict != transfer::VerdictKind::Incomplete)
        return;
    const std::string reason = !verdict                  ? "rows are still coming"
                               : record.evidence.empty() ? "nothing says why"
                                                         : record.evidence.front();
    std::fprintf(stderr, "freshet-cli: %s holds an incomplete dataset: %s\n", file.c_str(),
                 reason.c_str());
}

} // namespace freshet::cli
