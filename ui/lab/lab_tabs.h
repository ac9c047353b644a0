// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/download_request.h"

#include <QObject>

namespace freshet {
struct Error;
}

namespace freshet::ui {

class DatasetTabs;
class LabList;
class LabTab;
class Theme;
class WindowState;

/// The lab sessions that have a tab.
/// Threads: GUI thread only. Lifetime: what it is made of outlives it.
class LabTabs : public QObject
{
    Q_OBJECT
public:
    LabTabs(LabList &sessions, DatasetTabs &tabs, const Theme &theme, WindowState &state,
            QObject *parent = nullptr);

    /// The one in front; null: a tab of another kind is.
    [[nodiscard]] LabTab *current() const;
    /// A new tab to set a session up in, for variants of `base`.
    LabTab *setUp(const transfer::DownloadRequest &base);
    /// Show a session that is kept, in the tab it has or in a new one.
    LabTab *open(const QString &sessionId);
    /// Show it and make its runs once more; secrets that are not kept are asked for.
    LabTab *repeat(const QString &sessionId);
    /// Show it, held against an earlier one.
    LabTab *compare(const QString &sessionId, const QString &earlierId);

Q_SIGNALS:
    /// What can be done with the tab in front has changed.
    void changed();
    void failed(const freshet::Error &error, const QString &source);
    void said(const QString &words);

private:
    LabTab *add();
    [[nodiscard]] LabTab *tabOf(const QString &sessionId) const;
    void close(const QString &sessionId);

    LabList &m_sessions;
    DatasetTabs &m_tabs;
    const Theme &m_theme;
    WindowState &m_state;
};

} // namespace freshet::ui
