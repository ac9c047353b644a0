// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/resume_point.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

bool ResumePoint::canUseRange() const
{
    const bool isStrongTag = !entityTag.empty() && !entityTag.starts_with("W/");
    return contentCodings.empty() && acceptsRanges && (isStrongTag || !lastModified.empty());
}

void ResumePoint::adopt(const transport::ResponseHead &head)
{
    const auto valueOf = [&head](std::string_view name) {
        return std::string(findHeader(head.headers, name).value_or(std::string_view()));
    };
    entityTag = valueOf("ETag");
    lastModified = valueOf("Last-Modified");
    acceptsRanges = valueOf("Accept-Ranges") == "bytes";
    contentCodings = head.contentCodings;
}

std::string ResumePoint::toJson() const
{
    QJsonArray codings;
    for (const auto &coding : contentCodings)
        codings.append(QString::fromStdString(coding));
    const QJsonObject object{
        {u"kind"_s, u"byte-offset"_s},
        {u"offset"_s, static_cast<qint64>(offset.value())},
        {u"row"_s, static_cast<qint64>(row.value())},
        {u"etag"_s, QString::fromStdString(entityTag)},
        {u"lastModified"_s, QString::fromStdString(lastModified)},
        {u"acceptsRanges"_s, acceptsRanges},
        {u"contentCodings"_s, codings},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Result<ResumePoint> ResumePoint::fromJson(std::string_view text)
{
    const auto document = QJsonDocument::fromJson(
        QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())));
    const QJsonObject object = document.object();
    if (object[u"kind"] != u"byte-offset"_s || !object[u"offset"].isDouble() ||
        !object[u"row"].isDouble())
        return fail(ErrorCode::LibraryDamaged, "the kept resume point cannot be read");
    ResumePoint point;
    point.offset = ByteOffset(object[u"offset"].toInteger());
    point.row = RowIndex(object[u"row"].toInteger());
    point.entityTag = object[u"etag"].toString().toStdString();
    point.lastModified = object[u"lastModified"].toString().toStdString();
    point.acceptsRanges = object[u"acceptsRanges"].toBool();
    for (const auto &coding : object[u"contentCodings"].toArray())
        point.contentCodings.push_back(coding.toString().toStdString());
    return point;
}

} // namespace freshet::transfer
