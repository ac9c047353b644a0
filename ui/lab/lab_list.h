// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/lab_session.h"
#include "task_runner.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <vector>

namespace freshet::ui {

/// The lab sessions that a library keeps. All disk work is done on workers.
/// Threads: GUI thread only.
class LabList : public QObject
{
    Q_OBJECT
public:
    explicit LabList(std::filesystem::path library, QObject *parent = nullptr);

    [[nodiscard]] const std::filesystem::path &library() const { return m_library; }
    /// Newest first, as of the last `changed`.
    [[nodiscard]] const std::vector<lab::SessionEntry> &entries() const { return m_entries; }
    /// Null: none of that id.
    [[nodiscard]] const lab::SessionEntry *entry(const QString &id) const;
    /// The newest one older than that of `id` with the same name; null: it is the first.
    [[nodiscard]] const lab::SessionEntry *before(const QString &id) const;
    /// Look again: one was saved, or put there by others.
    void refresh();
    void remove(const QString &id);

Q_SIGNALS:
    void changed();
    /// It is going away; what shows it lets go of it.
    void removed(const QString &id);
    void failed(const freshet::Error &error, const QString &source);

private:
    const std::filesystem::path m_library;
    std::vector<lab::SessionEntry> m_entries;
    TaskRunner m_runner;
    TaskRunner m_lister;
};

} // namespace freshet::ui
