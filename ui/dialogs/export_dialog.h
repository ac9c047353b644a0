// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exporters/exporter.h"
#include "store/library.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace freshet::ui {

class ExportJob;
class NoticeLine;
class Theme;

/// Save a dataset as a file: format, compression, columns, and while it is written, progress, time
/// left and Cancel. Not modal: the window stays usable.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// `snapshot` is what is exported; rows that come later are not. `record`: of its dataset.
    ExportDialog(store::DatasetSnapshot snapshot, store::DatasetRecord record, const QString &name,
                 const QString &folder, const Theme &theme, QWidget *parent);

    /// What there is to know before the export, for a dataset that is not whole.
    void setNotice(const QString &notice);

    [[nodiscard]] exporters::ExportOptions options() const;
    [[nodiscard]] QString file() const;
    void setFile(const QString &file);
    void setFormat(exporters::ExportFormat format);
    void start();

    void reject() override;

Q_SIGNALS:
    void saved(const freshet::exporters::ExportReport &report);

private:
    void build(const QString &name, const QString &folder);
    QWidget *buildColumns();
    void fillCompressions();
    void updateSuffix();
    void updateColumnCount();
    void browse();
    void setBusy(bool isBusy);
    void showProgress(const exporters::ExportProgress &progress);
    void showError(const Error &error);
    void showReport(const exporters::ExportReport &report);

    store::DatasetSnapshot m_snapshot;
    store::DatasetRecord m_record;
    const Theme &m_theme;
    ExportJob *m_job;
    NoticeLine *m_notice;
    QComboBox *m_format;
    QComboBox *m_compression;
    QCheckBox *m_header;
    QListWidget *m_columns;
    QLabel *m_columnCount;
    QLineEdit *m_file;
    QPushButton *m_browse;
    QProgressBar *m_progress;
    QLabel *m_state;
    QPushButton *m_export;
    QPushButton *m_close;
    QWidget *m_settings;
};

} // namespace freshet::ui
