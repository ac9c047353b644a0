// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/report.h"

#include "base/file.h"
#include "lab/advice.h"
#include "lab/json_fields.h"
#include "lab/session_json.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>
#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace freshet::lab {

namespace {

QJsonObject figuresToJson(const VariantSummary &summary)
{
    QJsonObject figures;
    for (const auto &[metric, spread] : summary.figures)
        figures[asText(metricInfo(metric).key)] = QJsonObject{{"n"_L1, spread.n},
                                                              {"median"_L1, spread.median},
                                                              {"min"_L1, spread.least},
                                                              {"max"_L1, spread.most},
                                                              {"p95"_L1, spread.p95}};
    return figures;
}

QJsonArray summariesToJson(const LabSession &session)
{
    QJsonArray array;
    for (const VariantSummary &summary : session.summaries()) {
        const auto &variant = session.plan.variants[static_cast<std::size_t>(summary.variant)];
        array.append(QJsonObject{{"variant"_L1, asText(variant.name)},
                                 {"runs"_L1, summary.runs},
                                 {"failed"_L1, summary.failed},
                                 {"rows"_L1, qint64(summary.rows.value())},
                                 {"verdict"_L1, asText(transfer::verdictName(summary.verdict))},
                                 {"error"_L1, asText(summary.lastError)},
                                 {"figures"_L1, figuresToJson(summary)},
                                 {"health"_L1, healthToJson(summary.health)}});
    }
    return array;
}

QJsonArray adviceToJson(const LabSession &session)
{
    QJsonArray array;
    for (const AdviceSentence &sentence : adviceFor(session))
        array.append(QJsonObject{{"topic"_L1, asText(adviceTopicName(sentence.topic))},
                                 {"decided"_L1, sentence.weight == AdviceWeight::Decided},
                                 {"text"_L1, asText(sentence.text)},
                                 {"basis"_L1, asText(sentence.basis)}});
    return array;
}

QLatin1StringView outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::NoDifference:
        return "no-difference"_L1;
    case Outcome::FirstSmaller:
        return "more-now"_L1;
    case Outcome::SecondSmaller:
        return "less-now"_L1;
    case Outcome::TooFewRuns:
        break;
    }
    return "too-few-runs"_L1;
}

QJsonObject comparisonToJson(const SessionComparison &comparison, const LabSession &before)
{
    QJsonArray variants;
    for (const VariantChange &change : comparison.variants) {
        QJsonObject changes;
        for (const auto &[metric, result] : change.changes) {
            QJsonObject entry{{"outcome"_L1, outcomeName(result.outcome)},
                              {"difference"_L1, result.difference},
                              {"spread"_L1, result.spread},
                              {"n"_L1, result.n}};
            if (result.p)
                entry["p"_L1] = *result.p;
            changes[asText(metricInfo(metric).key)] = entry;
        }
        variants.append(QJsonObject{{"variant"_L1, asText(change.name)}, {"changes"_L1, changes}});
    }
    return {{"with"_L1, asText(before.id)},
            {"variants"_L1, variants},
            {"onlyNow"_L1, toJson(comparison.onlyNow)},
            {"onlyBefore"_L1, toJson(comparison.onlyBefore)}};
}

/// A field of RFC 4180.
std::string csvField(std::string_view text)
{
    if (text.find_first_of("\",\r\n") == std::string_view::npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text)
        field += c == '"' ? std::string("\"\"") : std::string(1, c);
    return field + '"';
}

std::string decimal(double value)
{
    std::array<char, 40> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.9g", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts)
        all += (all.empty() ? "" : " ") + text;
    return all;
}

} // namespace

std::string reportCsv(const LabSession &session)
{
    std::string text =
        "variant,run,warm_up,position,verdict,error,format,codings,http,requests,rows,"
        "stream";
    for (const MetricInfo &info : allMetrics())
        text.append(",").append(info.key);
    text += "\r\n";
    for (const RunRecord &run : session.runs) {
        const auto &variant = session.plan.variants[static_cast<std::size_t>(run.variant)];
        text += csvField(variant.name) + ',' + std::to_string(run.repeat + 1) + ',' +
                (run.isWarmUp ? "true," : "false,") + std::to_string(run.position) + ',' +
                std::string(transfer::verdictName(run.verdict)) + ',' + csvField(run.error) + ',' +
                run.format + ',' + csvField(joined(run.contentCodings)) + ',' + run.httpVersion +
                ',' + std::to_string(run.requests) + ',' + std::to_string(run.rows.value()) + ',' +
                std::string(streamKindName(run.health.kind));
        for (const MetricInfo &info : allMetrics()) {
            const auto value = valueOf(run, info.metric);
            text += ',' + (value ? decimal(*value) : std::string());
        }
        text += "\r\n";
    }
    return text;
}

std::string curvesCsv(const LabSession &session)
{
    std::string text = "variant,seconds,rows_median,rows_least,rows_most\r\n";
    for (const VariantSummary &summary : session.summaries()) {
        const auto &variant = session.plan.variants[static_cast<std::size_t>(summary.variant)];
        for (const CurvePoint &point : summary.curve) {
            text += csvField(variant.name);
            for (const double value : {point.seconds, point.median, point.least, point.most})
                text += ',' + decimal(value);
            text += "\r\n";
        }
    }
    return text;
}

std::string reportJson(const LabSession &session, const LabSession *before)
{
    QJsonObject object =
        QJsonDocument::fromJson(QByteArray::fromStdString(session.toJson())).object();
    object["summaries"_L1] = summariesToJson(session);
    object["advice"_L1] = adviceToJson(session);
    if (before != nullptr)
        object["comparison"_L1] = comparisonToJson(compareSessions(*before, session), *before);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + '\n';
}

Status checkReportName(const std::filesystem::path &file)
{
    const auto suffix = file.extension();
    if (suffix == ".html" || suffix == ".json" || suffix == ".csv")
        return {};
    return fail(ErrorCode::InvalidArgument,
                file.string() + ": reports are .html, .json or .csv files");
}

Status writeCurves(const std::filesystem::path &path, const LabSession &session)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(file->write(curvesCsv(session)));
    return file->commit();
}

Status writeReport(const std::filesystem::path &path, const LabSession &session,
                   const LabSession *before)
{
    FRESHET_TRY(checkReportName(path));
    auto file = AtomicFile::create(path);
    if (!file)
        return fail(std::move(file).error());
    const auto suffix = path.extension();
    if (suffix == ".html")
        FRESHET_TRY(file->write(reportHtml(session, before)));
    else if (suffix == ".json")
        FRESHET_TRY(file->write(reportJson(session, before)));
    else
        FRESHET_TRY(file->write(reportCsv(session)));
    return file->commit();
}

} // namespace freshet::lab
