// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_state.h"

#include <QDir>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace freshet;

class TestWindowState : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exportsGoWhereThereIsAFolder();
};

/// A new user may have no folder for documents, and a folder used once may be gone.
void TestWindowState::exportsGoWhereThereIsAFolder()
{
    const QTemporaryDir folder;
    qputenv("HOME", folder.path().toUtf8());
    ui::WindowState state(folder.filePath(QStringLiteral("settings.ini")));
    QCOMPARE(state.exportFolder(), folder.path());
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    QVERIFY(QDir().mkpath(documents));
    QCOMPARE(state.exportFolder(), documents);
    const QString used = folder.filePath(QStringLiteral("used"));
    QVERIFY(QDir().mkpath(used));
    state.setExportFolder(used);
    QCOMPARE(state.exportFolder(), used);
    QVERIFY(QDir().rmdir(used));
    QCOMPARE(state.exportFolder(), documents);
}

QTEST_MAIN(TestWindowState)
#include "tst_window_state.moc"
