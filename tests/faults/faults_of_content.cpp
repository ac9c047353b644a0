// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/fault_table.h"

#include <algorithm>

namespace freshet::test {

namespace {

using Faults = std::vector<Fault>;

void addSkipped(Faults &faults, int number, std::string words, std::string reason)
{
    faults.push_back({number, std::move(words), [=](const Sample &, const std::string &) {
                          Plan plan;
                          plan.skipped = reason;
                          return plan;
                      }});
}

/// HTTP is flawless; what it carries is `body(sample)`. A failing server has no validators, else
/// it could not hold something else the next time.
void add(Faults &faults, int number, std::string words, std::vector<Form> forms,
         const std::function<std::string(const Sample &)> &body, const Expected &expected,
         const std::string &contentType = {})
{
    faults.push_back({number, std::move(words), [=](const Sample &sample, const std::string &) {
                          Plan plan{.skipped = {}, .resource = sample.resource()};
                          if (std::ranges::find(forms, sample.form) == forms.end()) {
                              plan.skipped = "this form has no such thing";
                              return plan;
                          }
                          plan.resource.etag.clear();
                          plan.resource.hasRanges = false;
                          Resource failing = plan.resource;
                          if (!contentType.empty())
                              failing.contentType = contentType;
                          failing.body = body(sample);
                          plan.answers = {raw(failing.whole())};
                          plan.runs = {expected};
                          plan.ranges = Ranges::Forbidden;
                          return plan;
                      }});
}

/// The server put into its rows what is none of the table's, and nobody can tell.
Fault foreign(const Fault &fault)
{
    return {fault.number, fault.words,
            [make = fault.plan](const Sample &sample, const std::string &elsewhere) {
                Plan plan = make(sample, elsewhere);
                plan.hasForeignRow = plan.isBeyondRepair = true;
                return plan;
            }};
}

std::string upTo(const Sample &sample, std::size_t at, std::string_view more = {})
{
    return sample.body.substr(0, at) + std::string(more);
}

/// The rows before the border, and the array closed behind the last of them.
std::string closedAtBorder(const Sample &sample, std::string_view envelope)
{
    const std::size_t comma = sample.body.rfind(',', sample.border());
    return sample.body.substr(0, comma) + "]," + std::string(envelope) + "}";
}

void addInBand(Faults &faults)
{
    const Expected inBand = broken({ErrorCode::InBandError});
    const Expected told = broken({});
    add(
        faults, 39, "an error object as the last line", {Form::Ndjson},
        [](const Sample &sample) {
            return upTo(sample, sample.border(), "{\"error\":{\"code\":500,\"message\":\"x\"}}\n");
        },
        inBand);
    add(
        faults, 39, "an exception of ClickHouse as the last line", {Form::Ndjson},
        [](const Sample &sample) {
            return upTo(sample, sample.border(),
                        "{\"exception\": \"Code: 395. DB::Exception: Value passed to "
                        "'throwIf' function is non-zero\"}\n");
        },
        inBand);
    add(
        faults, 39, "an error object between the rows of the document", {Form::Json},
        [](const Sample &sample) {
            return upTo(sample, sample.border(), "{\"error\":{\"code\":500}}\n");
        },
        broken({ErrorCode::Truncated, ErrorCode::InBandError}));
    faults.back() = foreign(faults.back());
    for (const char *report : {R"({"status":"error","message":"worker died"})",
                               R"({"code":500,"message":"worker died"})", R"({"success":false})",
                               "Error: worker died", "502 Bad Gateway"})
        add(
            faults, 39, std::string("the last line is ") + report, {Form::Ndjson},
            [report](const Sample &sample) {
                return upTo(sample, sample.border(), std::string(report) + '\n');
            },
            inBand);
    for (const char *report :
         {"Code: 395. DB::Exception: Value passed to 'throwIf' function is non-zero",
          "ERROR:  canceling statement due to statement timeout",
          R"({"error":{"code":500,"message":"worker died"}})", "<html><body>504</body></html>"})
        add(
            faults, 39, std::string("the last line is ") + report, {Form::Csv, Form::SniffedCsv},
            [report](const Sample &sample) {
                return upTo(sample, sample.border(), std::string(report) + '\n');
            },
            inBand);
    for (const char *envelope :
         {R"("truncated":true)", R"("timed_out":true)", R"("error":"out of memory")",
          R"("_shards":{"total":5,"successful":4,"failed":1})",
          R"("exception":"Code: 159. DB::Exception: Timeout exceeded")"})
        add(
            faults, 39, std::string("the document says ") + envelope, {Form::Json},
            [envelope](const Sample &sample) { return closedAtBorder(sample, envelope); }, told);
    add(
        faults, 39, "a document that is nothing but an error", {Form::Json},
        [](const Sample &) {
            return R"({"error":{"message":"line 1:1: no such table","errorCode":1}})";
        },
        inBand);
    add(
        faults, 39, "a list of errors in place of rows", {Form::Json},
        [](const Sample &) {
            return R"([{"message":"session expired","errorCode":"INVALID_SESSION_ID"}])";
        },
        inBand);
    add(
        faults, 39, "HTML behind the rows", {Form::Ndjson, Form::Json},
        [](const Sample &sample) {
            return upTo(sample, sample.border(),
                        "<html><body><h1>502 Bad Gateway</h1></body></html>\n");
        },
        inBand);
    add(
        faults, 39, "an exception block of ClickHouse behind the rows",
        {Form::Csv, Form::SniffedCsv, Form::Ndjson},
        [](const Sample &sample) {
            return upTo(sample, sample.border(),
                        "__exception__\r\nqwertyuiopasdfgh\r\nCode: 241. DB::Exception: Memory "
                        "limit exceeded\r\n58 qwertyuiopasdfgh\r\n__exception__\r\n");
        },
        inBand);
    add(
        faults, 39, "rows that call themselves a picture",
        {Form::Ndjson, Form::Json, Form::Csv, Form::SniffedCsv},
        [](const Sample &) { return std::string("\x89PNG\r\n\x1a\n and so on"); },
        broken({ErrorCode::WrongContentType}), "image/png");
}

void addTruncated(Faults &faults)
{
    const std::vector<Form> all = {Form::Ndjson, Form::Json, Form::Csv, Form::SniffedCsv};
    const Expected truncated = broken({ErrorCode::Truncated});
    add(
        faults, 40, "half a row at the end of a whole body", all,
        [](const Sample &sample) { return upTo(sample, sample.midRow()); }, truncated);
    add(
        faults, 40, "the document is not closed", {Form::Json},
        [](const Sample &sample) { return upTo(sample, sample.rowEnds.back()); }, truncated);
    add(
        faults, 40, "the array is closed, its document is not", {Form::Json},
        [](const Sample &sample) { return upTo(sample, sample.rowEnds.back() + 1); }, truncated);
    add(
        faults, 40, "the last record has too few fields", {Form::Csv, Form::SniffedCsv},
        [](const Sample &sample) {
            // Behind the second field, which ends in the record's second quote.
            return upTo(sample, sample.body.find("\";", sample.border()) + 1);
        },
        broken({}));
}

} // namespace

std::vector<Fault> faultsOfContent()
{
    Faults faults;
    addSkipped(faults, 37, "a presigned URL expires at 60 %",
               "no answer to one request: tests/transfer/tst_export_job has it");
    addSkipped(faults, 38, "paging traps", "pages are not one body: tests/transfer has them");
    addInBand(faults);
    addTruncated(faults);
    return faults;
}

} // namespace freshet::test
