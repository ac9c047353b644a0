// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is read out of a JSON answer beside its rows: an export job's state and files, and how the
// server hands out pages. An input is a Location field and a body, separated by a byte 0.
#include "split_run.h"

#include "transfer/export_job_answer.h"
#include "transfer/export_job_rule.h"
#include "transfer/json_place.h"
#include "transfer/page_finder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdint>

namespace {

using namespace freshet;
using namespace freshet::transfer;

QJsonValue parsed(const std::string &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(body));
    if (document.isObject())
        return document.object();
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(QJsonValue::Undefined);
}

void readJob(const transport::ResponseHead &head, const std::string &body)
{
    for (const char *from : {"", "$.results[].url", "/jobs/{$.id}/{header:Location}"}) {
        ExportJobRule rule;
        rule.statusUrlFrom = from;
        rule.resultsFrom = from;
        const auto answer = readJobAnswer({head, parsed(body)}, rule);
        if (answer && answer->percent && !(*answer->percent >= 0 && *answer->percent <= 100))
            std::abort();
    }
}

void readPage(const transport::ResponseHead &head, const std::string &body)
{
    columnar::BatchBuilder builder{Limits()};
    fuzz::RecordingSink sink;
    decode::DecodeOptions options;
    options.format = decode::Format::Json;
    auto decoder = decode::makeDecoder(options, {builder, sink, sink});
    if (!decoder || !(*decoder)->feed(body) || !(*decoder)->finish())
        return;
    const decode::DecodeFindings findings = (*decoder)->findings();
    const PageAnswer answer{head, findings, 1};
    transport::ByteRequest request;
    request.url = "https://host.test/rows?page=1&limit=10";
    if (const auto found = findPages(request, answer)) {
        if (!found->rule.validate() || found->sentence.empty())
            std::abort();
    }
    (void)tellsOfMore(request, answer);
    (void)totalOfDocument(answer);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(data, data + size);
    const std::size_t border = std::min(text.find('\0'), text.size());
    const std::string body = text.substr(std::min(border + 1, text.size()));
    transport::ResponseHead head;
    head.status = size % 2 == 0 ? 200 : 202;
    head.finalUrl = "https://host.test/rows?page=1&limit=10";
    head.contentType = "application/json";
    head.headers = {{"Location", text.substr(0, border)}};
    readJob(head, body);
    readPage(head, body);
    return 0;
}
