// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exporters/exporter.h"
#include "store/library.h"
#include "task_runner.h"

#include <QObject>

#include <optional>

namespace freshet::ui {

/// One export under way on a worker. Threads: GUI thread only. Lifetime: destroying it cancels the
/// export; an earlier file stays as it was.
class ExportJob : public QObject
{
    Q_OBJECT
public:
    explicit ExportJob(QObject *parent = nullptr);
    ~ExportJob() override;

    /// `record`: of the dataset, for the manifest beside the file.
    void start(store::DatasetSnapshot snapshot, const store::DatasetRecord &record,
               const std::filesystem::path &file, const exporters::ExportOptions &options);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    void progressed(const freshet::exporters::ExportProgress &progress);
    void succeeded(const freshet::exporters::ExportReport &report);
    void failed(const freshet::Error &error);

private:
    TaskRunner m_runner;
    CancelToken m_cancel;
    bool m_isRunning = false;
};

} // namespace freshet::ui
