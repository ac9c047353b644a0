// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFileInfo>

namespace freshet::test {

/// Template for a QTemporaryDir of tests that sync many small libraries: in memory where that can
/// be.
[[nodiscard]] inline QString temporaryPlace()
{
    const QString memory = QStringLiteral("/dev/shm");
    const bool isThere = QFileInfo(memory).isWritable();
    return QDir(isThere ? memory : QDir::tempPath()).filePath(QStringLiteral("freshet-XXXXXX"));
}

} // namespace freshet::test
