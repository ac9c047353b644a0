// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_figures.h"
#include "task_runner.h"

#include <QObject>

#include <functional>

namespace freshet::ui {

class ArrivalChart;
class WindowState;

/// Writes what a lab has found into files that the user names: reports, and the chart as a picture
/// or as a table. Files are written by a worker, but for pictures.
/// Threads: GUI thread only. Lifetime: within that of `parent`, over which its dialogs lie.
class LabSaver : public QObject
{
    Q_OBJECT
public:
    LabSaver(WindowState &state, QWidget *parent);

    /// `suffix`: html, json, csv.
    void saveReport(const LabFiguresPtr &figures, const QString &suffix);
    /// `suffix`: png, svg, csv. `chart` has to outlive the dialog.
    void savePicture(const LabFiguresPtr &figures, const ArrivalChart &chart,
                     const QString &suffix);

Q_SIGNALS:
    void said(const QString &words);
    void failed(const freshet::Error &error, const QString &source);

private:
    void askForFile(const QString &title, const QString &name, const QString &suffix,
                    std::function<void(const QString &)> save);
    void write(const QString &file, std::function<Status()> write);
    void writePicture(const QString &file, const ArrivalChart &chart);

    WindowState &m_state;
    QWidget &m_window;
    TaskRunner m_runner;
};

} // namespace freshet::ui
