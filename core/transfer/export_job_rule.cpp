// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/export_job_rule.h"

#include "transfer/json_place.h"

#include <QJsonObject>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

struct TextField
{
    QLatin1StringView name;
    std::string ExportJobRule::*text;
};

constexpr std::array<TextField, 7> kTexts = {{
    {"statusUrlFrom"_L1, &ExportJobRule::statusUrlFrom},
    {"stateFrom"_L1, &ExportJobRule::stateFrom},
    {"doneStates"_L1, &ExportJobRule::doneStates},
    {"failedStates"_L1, &ExportJobRule::failedStates},
    {"progressFrom"_L1, &ExportJobRule::progressFrom},
    {"resultsFrom"_L1, &ExportJobRule::resultsFrom},
    {"rowsFrom"_L1, &ExportJobRule::rowsFrom},
}};

Status checkPlace(const char *field, const std::string &place)
{
    if (place.empty())
        return {};
    if (auto known = JsonPlace::parse(place); !known)
        return fail(ErrorCode::InvalidArgument, std::string(field) + ": " + known.error().detail);
    return {};
}

} // namespace

Status ExportJobRule::validate() const
{
    for (const auto &[field, place] :
         {std::pair{"the job's state", &stateFrom}, std::pair{"the job's progress", &progressFrom},
          std::pair{"the job's rows", &rowsFrom}})
        FRESHET_TRY(checkPlace(field, *place));
    for (const auto &[field, address] : {std::pair{"the job's status address", &statusUrlFrom},
                                         std::pair{"the job's results", &resultsFrom}})
        if (isJsonPlace(*address))
            FRESHET_TRY(checkPlace(field, *address));
    if (pollEvery < std::chrono::milliseconds(0))
        return fail(ErrorCode::InvalidArgument, "the time between two questions is not negative");
    if (patience <= std::chrono::seconds(0))
        return fail(ErrorCode::InvalidArgument, "the patience with a job is longer than nothing");
    if (connections < 1 || connections > kMaxConnections)
        return fail(ErrorCode::InvalidArgument,
                    "connections: from 1 to " + std::to_string(kMaxConnections));
    return {};
}

QJsonObject ExportJobRule::toJson() const
{
    QJsonObject object{{u"pollEveryMs"_s, static_cast<qint64>(pollEvery.count())},
                       {u"patienceS"_s, static_cast<qint64>(patience.count())},
                       {u"connections"_s, connections}};
    for (const auto &[name, field] : kTexts) {
        if (const std::string &text = this->*field; !text.empty())
            object[name] = QString::fromStdString(text);
    }
    return object;
}

ExportJobRule ExportJobRule::fromJson(const QJsonObject &object)
{
    ExportJobRule rule;
    for (const auto &[name, field] : kTexts)
        rule.*field = object[name].toString().toStdString();
    rule.pollEvery = std::chrono::milliseconds(object[u"pollEveryMs"].toInteger());
    rule.patience = std::chrono::seconds(object[u"patienceS"].toInteger(rule.patience.count()));
    rule.connections = object[u"connections"].toInt(rule.connections);
    return rule;
}

} // namespace freshet::transfer
