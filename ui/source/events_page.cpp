// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source/events_page.h"

#include <QAbstractButton>
#include <QLineEdit>

namespace freshet::ui {

EventsPage::EventsPage(const Theme &theme)
    : FormPage(theme),
      m_types(codeEdit(tr("all that say nothing about the stream itself"))),
      m_flatten(check(tr("JSON in data becomes columns of their own")))
{
    m_types->setObjectName(QStringLiteral("eventTypes"));
    addField(tr("&Types of events"), m_types);
    addHint(
        tr("Names with commas between them. Events called progress, complete, done or error speak "
           "of the stream: they move the progress bar and decide how it ended."));
    addField(QString(), m_flatten);
    m_flatten->setAccessibleName(m_flatten->text());
    addHint(tr("A lost stream goes on behind its last event’s id, as often as Going on says."));
}

void EventsPage::load(const transfer::DownloadRequest &request)
{
    const QSignalBlocker blocker(this);
    QStringList types;
    for (const auto &type : request.decode.eventTypes)
        types += QString::fromStdString(type);
    m_types->setText(types.join(QStringLiteral(", ")));
    m_flatten->setChecked(request.decode.flatten);
}

void EventsPage::store(transfer::DownloadRequest &request) const
{
    request.decode.eventTypes.clear();
    for (const QString &type : m_types->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const QString name = type.trimmed(); !name.isEmpty())
            request.decode.eventTypes.push_back(name.toStdString());
    }
    request.decode.flatten = m_flatten->isChecked();
}

} // namespace freshet::ui
