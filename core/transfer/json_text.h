// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonValue>
#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace freshet::transfer {

/// UTF-8 into what Qt's JSON takes, and back.
[[nodiscard]] inline QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

[[nodiscard]] inline std::string utf8(const QJsonValue &value)
{
    return value.toString().toStdString();
}

[[nodiscard]] inline QJsonArray textsToJson(const std::vector<std::string> &texts)
{
    QJsonArray array;
    for (const std::string &one : texts)
        array.append(text(one));
    return array;
}

[[nodiscard]] inline std::vector<std::string> textsFrom(const QJsonValue &value)
{
    std::vector<std::string> texts;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        texts.push_back(utf8(one));
    return texts;
}

} // namespace freshet::transfer
