// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What a later run needs to go on.
#include "transfer/page_planner.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

std::string PagePlanner::state() const
{
    QJsonObject object{{u"pages"_s, static_cast<qint64>(m_pages)}};
    if (m_course && m_pages > 0) {
        object[u"rule"_s] = m_rule.toJson();
        object[u"course"_s] = m_course->state();
        object[u"rows"_s] = static_cast<qint64>(m_rows);
        object[u"content"_s] = QString::number(m_lastContent, 16);
        object[u"found"_s] = QString::fromStdString(m_found);
        object[u"isTotalDoubtful"_s] = m_isTotalDoubtful;
        QJsonArray names;
        for (const auto &name : m_columnNames)
            names.append(QString::fromStdString(name));
        object[u"columnNames"_s] = names;
        QJsonArray losses;
        for (const auto &loss : m_losses)
            losses.append(QString::fromStdString(loss));
        object[u"losses"_s] = losses;
        if (m_total) {
            object[u"total"_s] = static_cast<qint64>(m_total->value);
            object[u"totalFrom"_s] = QString::fromStdString(m_total->from);
        }
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Status PagePlanner::restore(std::string_view state)
{
    const auto document = QJsonDocument::fromJson(
        QByteArray::fromRawData(state.data(), static_cast<qsizetype>(state.size())));
    const QJsonObject object = document.object();
    if (!object[u"pages"].isDouble())
        return fail(ErrorCode::LibraryDamaged, "the kept place among the pages cannot be read");
    m_pages = object[u"pages"].toInteger();
    if (!object[u"course"].isObject()) {
        m_pages = 0;
        return {};
    }
    m_rule = PageRule::fromJson(object[u"rule"].toObject());
    m_course = makePageCourse(m_rule, m_request);
    m_rows = object[u"rows"].toInteger();
    m_lastContent = object[u"content"].toString().toULongLong(nullptr, 16);
    m_found = object[u"found"].toString().toStdString();
    m_isTotalDoubtful = object[u"isTotalDoubtful"].toBool();
    const QJsonArray names = object[u"columnNames"].toArray();
    for (const auto &name : names)
        m_columnNames.push_back(name.toString().toStdString());
    const QJsonArray losses = object[u"losses"].toArray();
    for (const auto &loss : losses)
        m_losses.push_back(loss.toString().toStdString());
    if (object[u"total"].isDouble())
        m_total = {object[u"total"].toInteger(), object[u"totalFrom"].toString().toStdString()};
    return m_course->restore(object[u"course"].toObject());
}

} // namespace freshet::transfer
