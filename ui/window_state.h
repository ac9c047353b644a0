// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grid/grid_columns.h"
#include "theme/theme.h"

#include <QSettings>
#include <QStringList>

class QMainWindow;
class QSplitter;

namespace freshet::ui {

/// What the window remembers from one run to the next: size, panes, open tabs, colours, size of
/// text, folder of exports, and the arrangement of columns for each source.
/// Threads: GUI thread only.
class WindowState
{
public:
    /// `file`: where it is kept; empty: the user's settings.
    explicit WindowState(const QString &file = {});

    void saveGeometry(const QMainWindow &window);
    [[nodiscard]] bool restoreGeometry(QMainWindow &window);
    void saveSplitter(const QString &name, const QSplitter &splitter);
    void restoreSplitter(const QString &name, QSplitter &splitter);

    [[nodiscard]] QStringList openTabs() const;
    void setOpenTabs(const QStringList &ids);
    [[nodiscard]] QString frontTab() const;
    void setFrontTab(const QString &id);
    [[nodiscard]] bool isOn(const QString &name, bool fallback) const;
    void setOn(const QString &name, bool isOn);
    [[nodiscard]] SchemeChoice schemeChoice() const;
    void setSchemeChoice(SchemeChoice choice);
    [[nodiscard]] qreal fontScale() const;
    void setFontScale(qreal scale);
    /// How many downloads may run at once.
    [[nodiscard]] int downloadLimit() const;
    void setDownloadLimit(int limit);
    /// The folder used last, or that of documents, or home: the first of them that is there.
    [[nodiscard]] QString exportFolder() const;
    void setExportFolder(const QString &folder);
    [[nodiscard]] std::vector<ColumnSetting> columns(const QString &source) const;
    void setColumns(const QString &source, const std::vector<ColumnSetting> &columns);

private:
    [[nodiscard]] static QString columnsKey(const QString &source);

    QSettings m_settings;
};

} // namespace freshet::ui
