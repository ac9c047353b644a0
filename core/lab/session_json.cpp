// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/session_json.h"

#include "lab/json_fields.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace freshet::lab {

namespace {

QJsonObject phasesToJson(const transport::TransportTiming &phases)
{
    QJsonObject object;
    put(object, "nameLookup"_L1, phases.nameLookup);
    put(object, "connected"_L1, phases.connected);
    put(object, "tlsDone"_L1, phases.tlsDone);
    put(object, "requestSent"_L1, phases.requestSent);
    put(object, "answerBegan"_L1, phases.answerBegan);
    put(object, "firstByte"_L1, phases.firstByte);
    put(object, "lastByte"_L1, phases.lastByte);
    return object;
}

transport::TransportTiming phasesFrom(const QJsonObject &object)
{
    return {.nameLookup = timeIn(object, "nameLookup"_L1),
            .connected = timeIn(object, "connected"_L1),
            .tlsDone = timeIn(object, "tlsDone"_L1),
            .requestSent = timeIn(object, "requestSent"_L1),
            .answerBegan = timeIn(object, "answerBegan"_L1),
            .firstByte = timeIn(object, "firstByte"_L1),
            .lastByte = timeIn(object, "lastByte"_L1)};
}

QJsonObject marksToJson(const RowMarks &marks)
{
    QJsonObject object;
    put(object, "first"_L1, marks.first);
    put(object, "row1000"_L1, marks.row1k);
    put(object, "row10000"_L1, marks.row10k);
    put(object, "quarter"_L1, marks.quarter);
    put(object, "half"_L1, marks.half);
    put(object, "threeQuarters"_L1, marks.threeQuarters);
    put(object, "last"_L1, marks.last);
    return object;
}

RowMarks marksFrom(const QJsonObject &object)
{
    return {.first = timeIn(object, "first"_L1),
            .row1k = timeIn(object, "row1000"_L1),
            .row10k = timeIn(object, "row10000"_L1),
            .quarter = timeIn(object, "quarter"_L1),
            .half = timeIn(object, "half"_L1),
            .threeQuarters = timeIn(object, "threeQuarters"_L1),
            .last = timeIn(object, "last"_L1)};
}

/// As `[[µs, total], …]`.
QJsonArray pointsToJson(const std::vector<transfer::ArrivalPoint> &points)
{
    QJsonArray array;
    for (const auto &point : points)
        array.append(QJsonArray{qint64(point.at.count()), qint64(point.total)});
    return array;
}

std::vector<transfer::ArrivalPoint> pointsFrom(const QJsonValue &value)
{
    std::vector<transfer::ArrivalPoint> points;
    for (const auto &entry : value.toArray()) {
        const QJsonArray pair = entry.toArray();
        points.push_back(
            {std::chrono::microseconds(pair.at(0).toInteger()), pair.at(1).toInteger()});
    }
    return points;
}

QJsonObject arrivalsToJson(const transfer::ArrivalFigures &arrivals)
{
    QJsonArray bursts;
    for (const auto &burst : arrivals.bursts)
        bursts.append(QJsonArray{qint64(burst.began.count()), qint64(burst.ended.count()),
                                 qint64(burst.bytes)});
    QJsonArray chunks;
    for (const auto chunk : arrivals.chunks)
        chunks.append(qint64(chunk));
    return {{"bytes"_L1, pointsToJson(arrivals.bytes)},
            {"rows"_L1, pointsToJson(arrivals.rows)},
            {"bursts"_L1, bursts},
            {"burstCount"_L1, qint64(arrivals.burstCount)},
            {"chunks"_L1, chunks},
            {"chunkCount"_L1, qint64(arrivals.chunkCount)},
            {"flushedBursts"_L1, qint64(arrivals.flushedBursts)}};
}

transfer::ArrivalFigures arrivalsFrom(const QJsonObject &object)
{
    transfer::ArrivalFigures arrivals;
    arrivals.bytes = pointsFrom(object["bytes"_L1]);
    arrivals.rows = pointsFrom(object["rows"_L1]);
    for (const auto &entry : object["bursts"_L1].toArray()) {
        const QJsonArray three = entry.toArray();
        arrivals.bursts.push_back({std::chrono::microseconds(three.at(0).toInteger()),
                                   std::chrono::microseconds(three.at(1).toInteger()),
                                   three.at(2).toInteger()});
    }
    arrivals.burstCount = object["burstCount"_L1].toInteger();
    for (const auto &entry : object["chunks"_L1].toArray())
        arrivals.chunks.push_back(entry.toInteger());
    arrivals.chunkCount = object["chunkCount"_L1].toInteger();
    arrivals.flushedBursts = object["flushedBursts"_L1].toInteger();
    return arrivals;
}

} // namespace

QJsonObject healthToJson(const StreamHealth &health)
{
    QJsonArray findings;
    for (const HealthFinding &finding : health.findings)
        findings.append(QJsonObject{{"kind"_L1, asText(streamKindName(finding.kind))},
                                    {"sentence"_L1, asText(finding.sentence)},
                                    {"evidence"_L1, toJson(finding.evidence)},
                                    {"cures"_L1, toJson(finding.cures)}});
    return {{"kind"_L1, asText(streamKindName(health.kind))}, {"findings"_L1, findings}};
}

StreamHealth healthFromJson(const QJsonObject &object)
{
    const auto kindIn = [](const QJsonObject &from) {
        return streamKindByName(textIn(from, "kind"_L1)).value_or(StreamKind::Unknown);
    };
    StreamHealth health{.kind = kindIn(object)};
    for (const auto &entry : object["findings"_L1].toArray()) {
        const QJsonObject finding = entry.toObject();
        health.findings.push_back({.kind = kindIn(finding),
                                   .sentence = textIn(finding, "sentence"_L1),
                                   .evidence = textsIn(finding, "evidence"_L1),
                                   .cures = textsIn(finding, "cures"_L1)});
    }
    return health;
}

QJsonObject runToJson(const RunRecord &run)
{
    return {
        {"variant"_L1, run.variant},
        {"repeat"_L1, run.repeat},
        {"isWarmUp"_L1, run.isWarmUp},
        {"position"_L1, run.position},
        {"beganMs"_L1, momentToJson(run.began)},
        {"phasesUs"_L1, phasesToJson(run.phases)},
        {"marksUs"_L1, marksToJson(run.marks)},
        {"totalUs"_L1, qint64(run.total.count())},
        {"verdict"_L1, asText(transfer::verdictName(run.verdict))},
        {"evidence"_L1, toJson(run.evidence)},
        {"error"_L1, asText(run.error)},
        {"isCancelled"_L1, run.isCancelled},
        {"httpStatus"_L1, run.httpStatus},
        {"httpVersion"_L1, asText(run.httpVersion)},
        {"format"_L1, asText(run.format)},
        {"contentCodings"_L1, toJson(run.contentCodings)},
        {"requests"_L1, run.requests},
        {"retries"_L1, run.retries},
        {"rows"_L1, qint64(run.rows.value())},
        {"rejected"_L1, qint64(run.rejected.value())},
        {"wireBytes"_L1, qint64(run.wireBytes.value())},
        {"decodedBytes"_L1, qint64(run.decodedBytes.value())},
        {"longestGapUs"_L1, qint64(run.longestGap.count())},
        {"rowsBeforeLongestGap"_L1, qint64(run.rowsBeforeLongestGap.value())},
        {"peakMemory"_L1, qint64(run.peakMemory.value())},
        {"memoryBefore"_L1, qint64(run.memoryBefore.value())},
        {"cpuUs"_L1, QJsonObject{{"network"_L1, qint64(run.cpu.network.count())},
                                 {"decode"_L1, qint64(run.cpu.decode.count())},
                                 {"store"_L1, qint64(run.cpu.store.count())}}},
        {"waitedForServerUs"_L1, qint64(run.waitedForServer.count())},
        {"waitedForUsUs"_L1, qint64(run.waitedForUs.count())},
        {"arrivals"_L1, arrivalsToJson(run.arrivals)},
        {"health"_L1, healthToJson(run.health)},
    };
}

RunRecord runFromJson(const QJsonObject &object)
{
    RunRecord run;
    run.variant = object["variant"_L1].toInt();
    run.repeat = object["repeat"_L1].toInt();
    run.isWarmUp = object["isWarmUp"_L1].toBool();
    run.position = object["position"_L1].toInt();
    run.began = momentFrom(object["beganMs"_L1]);
    run.phases = phasesFrom(object["phasesUs"_L1].toObject());
    run.marks = marksFrom(object["marksUs"_L1].toObject());
    run.total = timeIn(object, "totalUs"_L1).value_or(run.total);
    run.verdict = transfer::verdictByName(textIn(object, "verdict"_L1)).value_or(run.verdict);
    run.evidence = textsIn(object, "evidence"_L1);
    run.error = textIn(object, "error"_L1);
    run.isCancelled = object["isCancelled"_L1].toBool();
    run.httpStatus = object["httpStatus"_L1].toInt();
    run.httpVersion = textIn(object, "httpVersion"_L1);
    run.format = textIn(object, "format"_L1);
    run.contentCodings = textsIn(object, "contentCodings"_L1);
    run.requests = object["requests"_L1].toInt();
    run.retries = object["retries"_L1].toInt();
    run.rows = RowCount(object["rows"_L1].toInteger());
    run.rejected = RowCount(object["rejected"_L1].toInteger());
    run.wireBytes = ByteCount(object["wireBytes"_L1].toInteger());
    run.decodedBytes = ByteCount(object["decodedBytes"_L1].toInteger());
    run.longestGap = timeIn(object, "longestGapUs"_L1).value_or(run.longestGap);
    run.rowsBeforeLongestGap = RowCount(object["rowsBeforeLongestGap"_L1].toInteger());
    run.peakMemory = ByteCount(object["peakMemory"_L1].toInteger());
    run.memoryBefore = ByteCount(object["memoryBefore"_L1].toInteger());
    const QJsonObject cpu = object["cpuUs"_L1].toObject();
    run.cpu = {.network = timeIn(cpu, "network"_L1).value_or(run.cpu.network),
               .decode = timeIn(cpu, "decode"_L1).value_or(run.cpu.decode),
               .store = timeIn(cpu, "store"_L1).value_or(run.cpu.store)};
    run.waitedForServer = timeIn(object, "waitedForServerUs"_L1).value_or(run.waitedForServer);
    run.waitedForUs = timeIn(object, "waitedForUsUs"_L1).value_or(run.waitedForUs);
    run.arrivals = arrivalsFrom(object["arrivals"_L1].toObject());
    run.health = healthFromJson(object["health"_L1].toObject());
    return run;
}

QJsonObject planToJson(const LabPlan &plan)
{
    QJsonArray variants;
    for (const Variant &variant : plan.variants) {
        const auto request =
            QJsonDocument::fromJson(QByteArray::fromStdString(variant.request.toJson()));
        variants.append(QJsonObject{{"name"_L1, asText(variant.name)},
                                    {"detail"_L1, asText(variant.detail)},
                                    {"request"_L1, request.object()},
                                    {"recording"_L1, asText(variant.recording.string())},
                                    {"speed"_L1, variant.speed}});
    }
    return {{"name"_L1, asText(plan.name)},
            {"variants"_L1, variants},
            {"runs"_L1, plan.runs},
            {"warmUp"_L1, plan.warmUp},
            {"connections"_L1, plan.connections == Connections::Warm ? "warm"_L1 : "cold"_L1},
            {"rows"_L1, plan.rows == RowsGo::Nowhere ? "discarded"_L1 : "stored"_L1}};
}

Result<LabPlan> planFromJson(const QJsonObject &object)
{
    LabPlan plan;
    plan.name = textIn(object, "name"_L1);
    plan.runs = object["runs"_L1].toInt(plan.runs);
    plan.warmUp = object["warmUp"_L1].toBool();
    if (object["connections"_L1] == "warm"_L1)
        plan.connections = Connections::Warm;
    if (object["rows"_L1] == "discarded"_L1)
        plan.rows = RowsGo::Nowhere;
    for (const auto &entry : object["variants"_L1].toArray()) {
        const QJsonObject kept = entry.toObject();
        const QByteArray text =
            QJsonDocument(kept["request"_L1].toObject()).toJson(QJsonDocument::Compact);
        auto request = transfer::DownloadRequest::fromJson(text.toStdString());
        if (!request)
            return fail(std::move(request).error());
        Variant &variant = plan.variants.emplace_back();
        variant.name = textIn(kept, "name"_L1);
        variant.detail = textIn(kept, "detail"_L1);
        variant.request = std::move(*request);
        variant.recording = textIn(kept, "recording"_L1);
        variant.speed = kept["speed"_L1].toDouble(variant.speed);
    }
    return plan;
}

std::string LabSession::toJson() const
{
    QJsonArray kept;
    for (const RunRecord &run : runs)
        kept.append(runToJson(run));
    const QJsonObject object{{"freshetLab"_L1, kVersion},
                             {"id"_L1, asText(id)},
                             {"program"_L1, asText(program)},
                             {"beganMs"_L1, momentToJson(began)},
                             {"isCancelled"_L1, isCancelled},
                             {"plan"_L1, planToJson(plan)},
                             {"runs"_L1, kept}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Result<LabSession> LabSession::fromJson(std::string_view text)
{
    QJsonParseError problem;
    const QJsonObject object =
        QJsonDocument::fromJson(
            QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())), &problem)
            .object();
    if (problem.error != QJsonParseError::NoError)
        return fail(Error{.code = ErrorCode::SyntaxError,
                          .detail = problem.errorString().toStdString(),
                          .byteOffset = ByteOffset(problem.offset)});
    if (object["freshetLab"_L1].toInt() != kVersion)
        return fail(ErrorCode::InvalidArgument, "not a lab session of this version of Freshet");
    auto plan = planFromJson(object["plan"_L1].toObject());
    if (!plan)
        return fail(std::move(plan).error());
    LabSession session;
    session.id = textIn(object, "id"_L1);
    session.program = textIn(object, "program"_L1);
    session.began = momentFrom(object["beganMs"_L1]);
    session.isCancelled = object["isCancelled"_L1].toBool();
    session.plan = std::move(*plan);
    for (const auto &entry : object["runs"_L1].toArray()) {
        RunRecord run = runFromJson(entry.toObject());
        if (run.variant < 0 || run.variant >= std::ssize(session.plan.variants))
            return fail(ErrorCode::InvalidArgument,
                        "a run of variant " + std::to_string(run.variant) + ", which is not there");
        session.runs.push_back(std::move(run));
    }
    return session;
}

} // namespace freshet::lab
