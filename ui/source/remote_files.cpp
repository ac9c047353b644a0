// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/remote_files.h"

#include "access/remote_access.h"
#include "text/figures.h"
#include "theme/theme.h"

#include <QHeaderView>

#include <algorithm>

namespace freshet::ui {

namespace {

using Files = std::vector<transport::RemoteFile>;

enum Column { Name, Size };
constexpr int kUrlRole = Qt::UserRole;

Result<Files> filesOf(transport::ByteRequest storage, const CancelToken &cancel)
{
    FRESHET_TRY(access::completeAccess(storage, {storage.url}, access::environmentVariable));
    return transport::listRemoteFiles(storage, cancel);
}

/// `url` up to the last slash before a pattern begins, or before its end.
std::string fixedPart(const std::string &url)
{
    const std::size_t path = url.find("://") + 3;
    const std::size_t pattern = url.find_first_of("*?[", path);
    const std::size_t slash = url.rfind('/', pattern);
    return slash == url.npos || slash < path ? url + '/' : url.substr(0, slash + 1);
}

} // namespace

std::string folderToList(const std::string &url)
{
    return transport::namesSeveralFiles(url) ? url : fixedPart(url);
}

RemoteFiles::RemoteFiles(const Theme &theme, QWidget *parent) : HintedTree(theme, parent)
{
    setObjectName(QStringLiteral("remoteFiles"));
    setProperty("roomy", true);
    setAccessibleName(tr("Files of the storage"));
    setColumnCount(2);
    setHeaderLabels({tr("File"), tr("Size")});
    headerItem()->setTextAlignment(Size, Qt::AlignRight | Qt::AlignVCenter);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(Size, QHeaderView::Fixed);
    header()->resizeSection(Size, theme.px(110));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAsking(false);
    connect(this, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem *item) {
        if (const QString url = item->data(Name, kUrlRole).toString(); !url.isEmpty())
            Q_EMIT picked(url);
    });
}

RemoteFiles::~RemoteFiles()
{
    m_cancel.cancel();
}

void RemoteFiles::setAsking(bool isAsking)
{
    m_isAsking = isAsking;
    setHint(isAsking ? tr("Asking the storage…")
                     : tr("List shows the files below the URL here. A URL that ends in a slash, or "
                          "has * in it, means them all."));
    Q_EMIT changed();
}

void RemoteFiles::list(transport::ByteRequest storage)
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    clear();
    storage.url = folderToList(storage.url);
    setAsking(true);
    const std::string folder = fixedPart(storage.url);
    m_runner.runLatest(
        [storage = std::move(storage), cancel = m_cancel] { return filesOf(storage, cancel); },
        [this, cancel = m_cancel, folder](const Result<Files> &files) {
            if (cancel.isCancelled())
                return;
            if (files)
                show(*files, folder);
            else
                Q_EMIT failed(files.error());
            setAsking(false);
        });
}

void RemoteFiles::stop()
{
    m_cancel.cancel();
    setAsking(false);
}

void RemoteFiles::show(const Files &files, const std::string &folder)
{
    QList<QTreeWidgetItem *> items;
    for (std::size_t i = 0; i < std::min(files.size(), kMostShown); ++i) {
        const auto &[url, size] = files[i];
        const std::string name = url.starts_with(folder) ? url.substr(folder.size()) : url;
        auto *item =
            new QTreeWidgetItem({QUrl::fromPercentEncoding(QByteArray::fromStdString(name)),
                                 size ? bytesText(*size) : QStringLiteral("–")});
        item->setData(Name, kUrlRole, QString::fromStdString(url));
        item->setTextAlignment(Size, Qt::AlignRight | Qt::AlignVCenter);
        items += item;
    }
    if (files.size() > kMostShown) {
        const auto more = static_cast<std::int64_t>(files.size() - kMostShown);
        items += new QTreeWidgetItem({tr("and %1 more").arg(groupedText(more))});
        items.back()->setFlags(Qt::NoItemFlags);
    }
    addTopLevelItems(items);
    if (!items.isEmpty())
        setCurrentItem(items.front());
}

QSize RemoteFiles::sizeHint() const
{
    return {theme().px(460), theme().px(150)};
}

} // namespace freshet::ui
