// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_state.h"

#include "transfer_queue.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QMainWindow>
#include <QSplitter>
#include <QStandardPaths>
#include <QUrl>

namespace freshet::ui {

namespace {

const QString kGeometry = QStringLiteral("window/geometry");
const QString kTabs = QStringLiteral("window/tabs");
const QString kFront = QStringLiteral("window/front");
const QString kScheme = QStringLiteral("look/scheme");
const QString kFontScale = QStringLiteral("look/fontScale");
const QString kDownloadLimit = QStringLiteral("downloads/atOnce");
const QString kExportFolder = QStringLiteral("export/folder");

QString fileOr(const QString &file)
{
    if (!file.isEmpty())
        return file;
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/freshet/window.ini");
}

} // namespace

WindowState::WindowState(const QString &file) : m_settings(fileOr(file), QSettings::IniFormat) {}

void WindowState::saveGeometry(const QMainWindow &window)
{
    m_settings.setValue(kGeometry, window.saveGeometry());
}

bool WindowState::restoreGeometry(QMainWindow &window)
{
    return window.restoreGeometry(m_settings.value(kGeometry).toByteArray());
}

void WindowState::saveSplitter(const QString &name, const QSplitter &splitter)
{
    m_settings.setValue(QStringLiteral("panes/") + name, splitter.saveState());
}

void WindowState::restoreSplitter(const QString &name, QSplitter &splitter)
{
    splitter.restoreState(m_settings.value(QStringLiteral("panes/") + name).toByteArray());
}

QStringList WindowState::openTabs() const
{
    return m_settings.value(kTabs).toStringList();
}

void WindowState::setOpenTabs(const QStringList &ids)
{
    m_settings.setValue(kTabs, ids);
}

QString WindowState::frontTab() const
{
    return m_settings.value(kFront).toString();
}

void WindowState::setFrontTab(const QString &id)
{
    m_settings.setValue(kFront, id);
}

bool WindowState::isOn(const QString &name, bool fallback) const
{
    return m_settings.value(QStringLiteral("panes/") + name, fallback).toBool();
}

void WindowState::setOn(const QString &name, bool isOn)
{
    m_settings.setValue(QStringLiteral("panes/") + name, isOn);
}

SchemeChoice WindowState::schemeChoice() const
{
    const QString word = m_settings.value(kScheme).toString();
    if (word == QLatin1String("light"))
        return SchemeChoice::Light;
    return word == QLatin1String("dark") ? SchemeChoice::Dark : SchemeChoice::FollowSystem;
}

void WindowState::setSchemeChoice(SchemeChoice choice)
{
    m_settings.setValue(kScheme, choice == SchemeChoice::Light  ? QStringLiteral("light")
                                 : choice == SchemeChoice::Dark ? QStringLiteral("dark")
                                                                : QStringLiteral("system"));
}

qreal WindowState::fontScale() const
{
    return qBound(0.5, m_settings.value(kFontScale, 1.0).toDouble(), 3.0);
}

void WindowState::setFontScale(qreal scale)
{
    m_settings.setValue(kFontScale, scale);
}

int WindowState::downloadLimit() const
{
    return m_settings.value(kDownloadLimit, TransferQueue::kDefaultLimit).toInt();
}

void WindowState::setDownloadLimit(int limit)
{
    m_settings.setValue(kDownloadLimit, limit);
}

QString WindowState::exportFolder() const
{
    for (const QString &folder :
         {m_settings.value(kExportFolder).toString(),
          QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)})
        if (!folder.isEmpty() && QFileInfo(folder).isDir())
            return folder;
    return QDir::homePath();
}

void WindowState::setExportFolder(const QString &folder)
{
    m_settings.setValue(kExportFolder, folder);
}

QString WindowState::columnsKey(const QString &source)
{
    // The query string says which rows; the columns are those of the path.
    const QString path = QUrl(source).adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment).toString();
    const QByteArray digest =
        QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha1).toHex().left(16);
    return QStringLiteral("columns/") + QString::fromLatin1(digest);
}

std::vector<ColumnSetting> WindowState::columns(const QString &source) const
{
    std::vector<ColumnSetting> columns;
    const QVariantList kept = m_settings.value(columnsKey(source)).toList();
    for (const QVariant &entry : kept) {
        const QVariantMap column = entry.toMap();
        columns.push_back({column.value(QStringLiteral("name")).toString(),
                           column.value(QStringLiteral("width")).toInt(),
                           column.value(QStringLiteral("hidden")).toBool()});
    }
    return columns;
}

void WindowState::setColumns(const QString &source, const std::vector<ColumnSetting> &columns)
{
    QVariantList kept;
    for (const ColumnSetting &column : columns)
        kept += QVariantMap{{QStringLiteral("name"), column.name},
                            {QStringLiteral("width"), column.width},
                            {QStringLiteral("hidden"), column.isHidden}};
    m_settings.setValue(columnsKey(source), kept);
}

} // namespace freshet::ui
