// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::lab {

// Members of JSON objects in the types of this folder.

[[nodiscard]] inline QString asText(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

[[nodiscard]] inline std::string textIn(const QJsonObject &object, QLatin1StringView name)
{
    return object[name].toString().toStdString();
}

[[nodiscard]] inline QJsonArray toJson(const std::vector<std::string> &texts)
{
    QJsonArray array;
    for (const std::string &text : texts)
        array.append(asText(text));
    return array;
}

[[nodiscard]] inline std::vector<std::string> textsIn(const QJsonObject &object,
                                                      QLatin1StringView name)
{
    std::vector<std::string> texts;
    const QJsonArray array = object[name].toArray();
    for (const auto &text : array)
        texts.push_back(text.toString().toStdString());
    return texts;
}

/// Leaves the member out if there is no time.
inline void put(QJsonObject &object, QLatin1StringView name,
                std::optional<std::chrono::microseconds> time)
{
    if (time)
        object[name] = static_cast<qint64>(time->count());
}

[[nodiscard]] inline std::optional<std::chrono::microseconds> timeIn(const QJsonObject &object,
                                                                     QLatin1StringView name)
{
    const auto value = object[name];
    if (!value.isDouble())
        return std::nullopt;
    return std::chrono::microseconds(value.toInteger());
}

/// Milliseconds since 1970.
[[nodiscard]] inline qint64 momentToJson(std::chrono::system_clock::time_point moment)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count();
}

[[nodiscard]] inline std::chrono::system_clock::time_point momentFrom(const QJsonValue &value)
{
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(value.toInteger()));
}

} // namespace freshet::lab
