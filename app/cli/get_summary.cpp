// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/get_summary.h"

#include "cli/human_text.h"
#include "cli/json_text.h"
#include "cli/run_text.h"
#include "transfer/earlier_run.h"
#include "transfer/final_facts.h"
#include "transfer/resume_point.h"

#include <sys/resource.h>

namespace freshet::cli {

namespace {

using transfer::TransferState;
using transfer::VerdictKind;

transfer::Verdict verdictOf(const GetSummary &summary)
{
    return summary.progress.verdict.value_or(transfer::Verdict());
}

void addSchema(JsonText &json, const columnar::SchemaPtr &schema)
{
    json.beginArray("schema");
    if (schema) {
        for (const auto &field : schema->fields) {
            json.beginObject();
            json.member("name", field.name).member("type", field.type.name());
            json.endObject();
        }
    }
    json.endArray();
}

void addTiming(JsonText &json, const transfer::Progress &progress)
{
    const auto add = [&json](const char *name, std::optional<std::chrono::microseconds> time) {
        if (time)
            json.raw(name, transfer::millisecondsText(*time));
        else
            json.null(name);
    };
    json.beginObject("timing");
    add("connect_ms", progress.timeline.transport.connected);
    add("ttfb_ms", progress.timeline.transport.firstByte);
    add("first_row_ms", progress.timeline.firstRow);
    add("total_ms", progress.elapsed);
    json.endObject();
}

void addError(JsonText &json, const std::optional<Error> &error)
{
    if (!error) {
        json.null("error");
        return;
    }
    json.beginObject("error");
    json.member("code", errorCodeName(error->code)).member("detail", error->detail);
    if (error->line)
        json.member("line", *error->line);
    if (error->row)
        json.member("row", error->row->value());
    if (error->byteOffset)
        json.member("byte_offset", error->byteOffset->value());
    if (error->nativeCode != 0)
        json.member("native_code", std::int64_t(error->nativeCode));
    json.endObject();
}

/// Where a `resume` would begin, without the bytes that are kept for it.
void addResume(JsonText &json, const std::optional<store::DatasetRecord> &record)
{
    const auto point = record && transfer::isResumable(*record) && !record->resumePoint.empty()
                           ? transfer::ResumePoint::fromJson(record->resumePoint)
                           : fail(ErrorCode::InvalidArgument, "none");
    if (!point) {
        json.null("resume");
        return;
    }
    json.beginObject("resume");
    json.member("row", point->row.value())
        .member("offset", point->border.offset.value())
        .member("plan", point->plan());
    json.endObject();
}

/// Rows in the dataset, which are fewer than came if some took others' place.
RowCount rowsIn(const GetSummary &summary)
{
    return summary.record ? summary.record->rows : summary.progress.rows;
}

void addSaved(JsonText &json, const std::vector<exporters::ExportReport> &saved)
{
    json.beginArray("saved");
    for (const auto &report : saved) {
        json.beginObject();
        json.member("file", report.file.string())
            .member("rows", report.rows.value())
            .member("bytes", report.bytes.value())
            .member("sha256", report.sha256);
        json.endObject();
    }
    json.endArray();
}

} // namespace

ByteCount peakMemory()
{
    rusage usage = {};
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return {};
    return ByteCount(static_cast<std::int64_t>(usage.ru_maxrss) << 10);
}

std::string summaryJson(const GetSummary &summary)
{
    const auto &progress = summary.progress;
    const auto verdict = verdictOf(summary);
    JsonText json;
    json.beginObject();
    if (summary.record)
        json.member("dataset", summary.record->name).member("id", summary.record->id);
    else
        json.null("dataset").null("id");
    json.member("state", transferStateName(progress.state))
        .member("format", decode::formatName(progress.format))
        .member("rows", rowsIn(summary).value())
        .member("rejected", progress.rejected.value())
        .member("bytes_wire", progress.wireBytes.value())
        .member("bytes_decoded", progress.decodedBytes.value())
        .member("verdict", transfer::verdictName(verdict.kind));
    json.beginArray("evidence");
    for (const auto &sentence : verdict.evidence)
        json.item(sentence);
    json.endArray();
    addSchema(json, summary.schema);
    addResume(json, summary.record);
    if (summary.run)
        json.raw("run", runJson(*summary.run));
    else
        json.null("run");
    json.member("retries", std::int64_t(progress.retries));
    addTiming(json, progress);
    addSaved(json, summary.saved);
    addError(json, progress.error ? progress.error : summary.saveError);
    json.member("peak_rss_bytes", peakMemory().value());
    json.endObject();
    return json.text();
}

std::string summaryText(const GetSummary &summary)
{
    const auto &progress = summary.progress;
    const auto verdict = verdictOf(summary);
    if (!summary.record)
        return {};
    std::string text = summary.record->name + ": " + rowsText(rowsIn(summary)) + ", " +
                       sizeText(progress.wireBytes) + " in " + durationText(progress.elapsed) +
                       ", " + std::string(transfer::verdictName(verdict.kind)) + '\n';
    for (const auto &sentence : verdict.evidence)
        text += "  " + sentence + '\n';
    if (summary.run)
        text += runText(*summary.run);
    for (const auto &report : summary.saved)
        text += "saved " + report.file.string() + ": " + rowsText(report.rows) + ", " +
                sizeText(report.bytes) + '\n';
    return text;
}

ExitCode exitCodeFor(const GetSummary &summary)
{
    const auto &progress = summary.progress;
    if (progress.state == TransferState::Cancelled)
        return ExitCode::Cancelled;
    if (progress.error) {
        const auto code = exitCodeFor(progress.error->code);
        // A server that fell silent after some rows has not refused.
        const bool isLocal = code == ExitCode::LocalFailure || code == ExitCode::Usage;
        const bool isEmpty = progress.rows.value() == 0;
        return isLocal || isEmpty ? code : ExitCode::Incomplete;
    }
    if (summary.saveError)
        return exitCodeFor(summary.saveError->code);
    return verdictOf(summary).kind == VerdictKind::Incomplete ? ExitCode::Incomplete
                                                              : ExitCode::Done;
}

} // namespace freshet::cli
