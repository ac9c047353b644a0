// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_job.h"

#include "exporters/manifest.h"

namespace freshet::ui {

ExportJob::ExportJob(QObject *parent) : QObject(parent) {}

ExportJob::~ExportJob()
{
    m_cancel.cancel();
}

void ExportJob::start(store::DatasetSnapshot snapshot, const store::DatasetRecord &record,
                      const std::filesystem::path &file, const exporters::ExportOptions &options)
{
    m_cancel = CancelToken();
    m_isRunning = true;
    // As in TaskRunner: whether the job is still there is looked up on the GUI thread.
    const auto tell = [guard = QPointer<ExportJob>(this)](const exporters::ExportProgress &now) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [guard, now] {
            if (guard && guard->m_isRunning)
                Q_EMIT guard->progressed(now);
        });
    };
    m_runner.run(
        [snapshot = std::move(snapshot), record, file, options, cancel = m_cancel, tell] {
            return exporters::exportWithManifest(snapshot, record, file, options, cancel, tell);
        },
        [this](const Result<exporters::ExportReport> &report) {
            m_isRunning = false;
            if (report)
                Q_EMIT succeeded(*report);
            else
                Q_EMIT failed(report.error());
        });
}

void ExportJob::cancel()
{
    m_cancel.cancel();
}

} // namespace freshet::ui
