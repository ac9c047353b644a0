// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/lab_saver.h"

#include "lab/arrival_chart.h"
#include "lab/report.h"
#include "window_state.h"

#include <QFileDialog>
#include <QFileInfo>

namespace freshet::ui {

LabSaver::LabSaver(WindowState &state, QWidget *parent)
    : QObject(parent), m_state(state), m_window(*parent)
{}

void LabSaver::askForFile(const QString &title, const QString &name, const QString &suffix,
                          std::function<void(const QString &)> save)
{
    auto *dialog = new QFileDialog(&m_window, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(m_state.exportFolder());
    dialog->setNameFilter(QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(name + QLatin1Char('.') + suffix);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, save = std::move(save)](const QString &file) {
                m_state.setExportFolder(QFileInfo(file).absolutePath());
                save(file);
            });
    dialog->show();
}

void LabSaver::saveReport(const LabFiguresPtr &figures, const QString &suffix)
{
    askForFile(tr("Save the report"), QString::fromStdString(figures->session.id), suffix,
               [this, figures](const QString &file) {
                   write(file, [figures, file] {
                       return lab::writeReport(file.toStdString(), figures->session,
                                               figures->before ? &*figures->before : nullptr);
                   });
               });
}

void LabSaver::savePicture(const LabFiguresPtr &figures, const ArrivalChart &chart,
                           const QString &suffix)
{
    askForFile(tr("Save the chart"), QString::fromStdString(figures->session.id), suffix,
               [this, figures, &chart](const QString &file) {
                   if (!file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)) {
                       writePicture(file, chart);
                       return;
                   }
                   write(file, [figures, file] {
                       return lab::writeCurves(file.toStdString(), figures->session);
                   });
               });
}

void LabSaver::write(const QString &file, std::function<Status()> write)
{
    m_runner.run(std::move(write), [this, file](const Status &written) {
        if (written)
            Q_EMIT said(tr("Saved %1").arg(file));
        else
            Q_EMIT failed(written.error(), file);
    });
}

void LabSaver::writePicture(const QString &file, const ArrivalChart &chart)
{
    const bool isSvg = file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive);
    if (isSvg ? chart.saveSvg(file) : chart.savePng(file))
        Q_EMIT said(tr("Saved %1").arg(file));
    else
        Q_EMIT failed(Error{.code = ErrorCode::IoError, .detail = "the picture was not written"},
                      file);
}

} // namespace freshet::ui
