// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"
#include "task_runner.h"

#include <QObject>

#include <filesystem>
#include <vector>

namespace freshet::ui {

class DatasetTabs;
class LabTab;
class Theme;
class WindowState;

/// The lab sessions of a library: those that are kept, and those that have a tab.
/// Threads: GUI thread only. Lifetime: what it is made of outlives it.
class LabTabs : public QObject
{
    Q_OBJECT
public:
    LabTabs(std::filesystem::path library, DatasetTabs &tabs, const Theme &theme,
            WindowState &state, QObject *parent = nullptr);

    /// The one in front; null: a tab of another kind is.
    [[nodiscard]] LabTab *current() const;
    /// A new tab to set a session up in, for variants of `base`.
    LabTab *setUp(const transfer::DownloadRequest &base);
    /// Show a session that is kept, in the tab it has or in a new one.
    LabTab *open(const QString &sessionId);
    void remove(const QString &sessionId);
    /// Kept sessions, newest first, as of the last `sessionsChanged`.
    [[nodiscard]] const std::vector<lab::SessionEntry> &sessions() const { return m_sessions; }
    void refresh();

Q_SIGNALS:
    void sessionsChanged();
    /// What can be done with the tab in front has changed.
    void changed();
    void failed(const freshet::Error &error, const QString &source);
    void said(const QString &words);

private:
    LabTab *add();
    [[nodiscard]] LabTab *tabOf(const QString &sessionId) const;

    const std::filesystem::path m_library;
    DatasetTabs &m_tabs;
    const Theme &m_theme;
    WindowState &m_state;
    std::vector<lab::SessionEntry> m_sessions;
    TaskRunner m_lister;
    TaskRunner m_runner;
};

} // namespace freshet::ui
