// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFileInfo>
#include <QString>

namespace freshet::test {

/// The path of a file or folder of the third-party test data, which is kept outside of the project:
/// in `$FRESHET_CORPORA` or `../shared/corpora` beside the checkout. Empty if it is not there; a
/// test then skips and says so.
inline QString corpusPath(const QString &relative)
{
    QString folder = qEnvironmentVariable("FRESHET_CORPORA");
    if (folder.isEmpty())
        folder = qEnvironmentVariable("FRESHET_SOURCE", QStringLiteral(".")) +
                 QStringLiteral("/../shared/corpora");
    const QString path = QDir(folder).filePath(relative);
    return QFileInfo::exists(path) ? path : QString();
}

} // namespace freshet::test
