// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/method_tree.h"

#include "theme/theme.h"

#include <QHeaderView>

#include <map>

namespace freshet::ui {

namespace {

constexpr int kPathRole = Qt::UserRole + 1;

/// The name behind the last dot: packages are the same all over a service.
QString shortName(const std::string &type)
{
    const auto dot = type.rfind('.');
    return QString::fromStdString(dot == std::string::npos ? type : type.substr(dot + 1));
}

QString answerWords(const decode::ProtoMethod &method)
{
    const QString type = shortName(method.responseType);
    return method.streamsResponses ? MethodTree::tr("stream of %1").arg(type) : type;
}

} // namespace

MethodTree::MethodTree(const Theme &theme, QWidget *parent) : QTreeWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("methodTree"));
    setProperty("roomy", true);
    setAccessibleName(tr("Methods"));
    setColumnCount(2);
    setHeaderLabels({tr("Method"), tr("Answers")});
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setIndentation(theme.px(14));
    header()->setStretchLastSection(true);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setColumnWidth(0, theme.px(190));
    connect(this, &QTreeWidget::itemSelectionChanged, this, [this] {
        if (const QString path = chosen(); !path.isEmpty())
            Q_EMIT methodChosen(path);
    });
}

void MethodTree::setMethods(const std::vector<decode::ProtoMethod> &methods)
{
    const QSignalBlocker blocker(this);
    clear();
    std::map<std::string, QTreeWidgetItem *> services;
    for (const auto &method : methods) {
        const auto slash = method.path.rfind('/');
        const std::string service = method.path.substr(0, slash);
        QTreeWidgetItem *&parent = services[service];
        if (parent == nullptr) {
            parent = new QTreeWidgetItem(this, {QString::fromStdString(service)});
            parent->setFlags(Qt::ItemIsEnabled);
            parent->setFirstColumnSpanned(true);
            parent->setForeground(0, m_theme.tokens().dimText);
        }
        const QString name = QString::fromStdString(method.path.substr(slash + 1));
        auto *item = new QTreeWidgetItem(parent, {name, answerWords(method)});
        item->setData(0, kPathRole, QString::fromStdString(method.path));
        item->setToolTip(
            0, tr("%1 takes %2 and answers %3")
                   .arg(name, QString::fromStdString(method.requestType), answerWords(method)));
        if (method.streamsRequests) {
            item->setFlags(Qt::NoItemFlags);
            item->setText(1, tr("wants a stream of requests"));
        }
    }
    expandAll();
}

void MethodTree::choose(const QString &method)
{
    const QSignalBlocker blocker(this);
    QString wanted = method;
    if (!wanted.contains(QLatin1Char('/')) && wanted.contains(QLatin1Char('.')))
        wanted[wanted.lastIndexOf(QLatin1Char('.'))] = QLatin1Char('/');
    if (wanted.startsWith(QLatin1Char('/')))
        wanted.remove(0, 1);
    clearSelection();
    for (int i = 0; i < topLevelItemCount(); ++i) {
        for (int j = 0; j < topLevelItem(i)->childCount(); ++j) {
            QTreeWidgetItem *item = topLevelItem(i)->child(j);
            if (item->data(0, kPathRole).toString() == wanted) {
                setCurrentItem(item);
                scrollToItem(item);
            }
        }
    }
}

QString MethodTree::chosen() const
{
    const auto items = selectedItems();
    return items.isEmpty() ? QString() : items.front()->data(0, kPathRole).toString();
}

QSize MethodTree::sizeHint() const
{
    return {m_theme.px(300), m_theme.px(170)};
}

} // namespace freshet::ui
