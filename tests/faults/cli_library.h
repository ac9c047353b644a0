// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/library.h"
#include "support/child_process.h"
#include "support/table_text.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace freshet::test {

/// A library in a folder, worked on by freshet-cli processes and looked into by the test.
/// Threads: thread-safe.
class CliLibrary
{
public:
    explicit CliLibrary(QString folder) : m_folder(std::move(folder)) {}

    [[nodiscard]] const QString &folder() const { return m_folder; }
    /// Start `freshet-cli COMMAND --library … ARGUMENTS`.
    void start(ChildProcess &process, const QString &command, const QStringList &arguments) const;
    [[nodiscard]] ChildProcess::Ended run(const QString &command,
                                          const QStringList &arguments) const;

    /// Open the library as another program would, and close it again.
    [[nodiscard]] Result<store::DatasetRecord> record(const std::string &name) const;
    [[nodiscard]] Result<TableText> table(const std::string &name) const;

    [[nodiscard]] static QString program();

private:
    QString m_folder;
};

} // namespace freshet::test
