// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exporters/exporter.h"
#include "query/dataset_fixture.h"

#include <fstream>
#include <sstream>

namespace freshet::test {

/// Datasets, and a folder to export them to.
struct ExportFixture : DatasetFixture
{
    std::filesystem::path target(const std::string &name) const
    {
        return std::filesystem::path(temporary.path().toStdString()) / name;
    }
    /// Names in that folder besides the library, sorted.
    QString written() const
    {
        QStringList names;
        for (const auto &entry : std::filesystem::directory_iterator(target(""))) {
            if (!entry.is_directory())
                names += QString::fromStdString(entry.path().filename().string());
        }
        names.sort();
        return names.join(u' ');
    }
    static std::string contents(const std::filesystem::path &file)
    {
        std::ifstream stream(file, std::ios::binary);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    /// Export under the options of the file's name, changed by `change`.
    Result<exporters::ExportReport>
    save(const store::DatasetSnapshot &snapshot, const std::string &name,
         const std::function<void(exporters::ExportOptions &)> &change = {},
         const CancelToken &cancel = {},
         const std::function<void(const exporters::ExportProgress &)> &progress = {}) const
    {
        auto options = exporters::optionsForFile(name);
        if (!options)
            return fail(std::move(options).error());
        if (change)
            change(*options);
        return exporters::exportDataset(snapshot, target(name), *options, cancel, progress);
    }
};

} // namespace freshet::test
