// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/run_text.h"

#include "cli/human_text.h"
#include "cli/json_text.h"
#include "store/schema_difference.h"
#include "transfer/verdict.h"

#include <QDateTime>

namespace freshet::cli {

namespace {

std::string timeText(std::chrono::system_clock::time_point time)
{
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
    return QDateTime::fromMSecsSinceEpoch(millis.count())
        .toUTC()
        .toString(Qt::ISODateWithMs)
        .toStdString();
}

} // namespace

std::string runJson(const store::RunRecord &run)
{
    JsonText json;
    json.beginObject();
    json.member("number", run.number).member("kind", run.kind);
    json.member("started", timeText(run.started));
    if (run.finished)
        json.member("finished", timeText(*run.finished));
    else
        json.null("finished");
    json.member("source", run.source)
        .member("rows_before", run.rowsBefore.value())
        .member("added", run.figures.added.value())
        .member("updated", run.figures.updated.value())
        .member("duplicates", run.figures.duplicates.value())
        .member("bytes_wire", run.wireBytes.value())
        .member("verdict", run.verdict);
    json.beginArray("evidence");
    for (const auto &sentence : run.evidence)
        json.item(sentence);
    json.endArray();
    if (run.error.empty())
        json.null("error");
    else
        json.member("error", run.error);
    json.beginArray("schema_difference");
    for (const auto &sentence : store::SchemaDifference::fromJson(run.schemaDifference).sentences())
        json.item(sentence);
    json.endArray();
    json.endObject();
    return json.text();
}

std::string runText(const store::RunRecord &run)
{
    std::string text;
    if (run.number > 1)
        text = "  " + rowsText(run.figures.added) + " added to " +
               transfer::groupedDigits(run.rowsBefore.value()) + '\n';
    for (const auto &sentence : store::SchemaDifference::fromJson(run.schemaDifference).sentences())
        text += "  column " + sentence + '\n';
    return text;
}

} // namespace freshet::cli
