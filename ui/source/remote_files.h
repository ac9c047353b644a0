// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "task_runner.h"
#include "transport/remote_listing.h"
#include "widgets/hinted_tree.h"

namespace freshet::ui {

/// The files of a storage's folder or prefix, with their sizes. Double click or Enter on one picks
/// it. The storage is asked on a worker, with what this user has set up. Threads: GUI thread only.
class RemoteFiles : public HintedTree
{
    Q_OBJECT
public:
    /// More are counted and not shown: whoever has so many writes a pattern.
    static constexpr std::size_t kMostShown = 5000;

    explicit RemoteFiles(const Theme &theme, QWidget *parent = nullptr);
    ~RemoteFiles() override;

    /// List what `storage.url` names: a folder, a prefix, a pattern; of a file, its folder.
    void list(transport::ByteRequest storage);
    /// Give up what is being asked.
    void stop();
    [[nodiscard]] bool isAsking() const { return m_isAsking; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// What is shown, or whether the storage is being asked, has changed.
    void changed();
    void failed(const freshet::Error &error);
    void picked(const QString &url);

private:
    void show(const std::vector<transport::RemoteFile> &files, const std::string &folder);
    void setAsking(bool isAsking);

    CancelToken m_cancel;
    TaskRunner m_runner;
    bool m_isAsking = false;
};

/// The URL of the folder in which a file lies; one of a folder or a pattern stays as it is.
[[nodiscard]] std::string folderToList(const std::string &url);

} // namespace freshet::ui
