// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/sample.h"

namespace freshet::test {

namespace {

constexpr std::int64_t kFirstId = 9007199254740993; // 2^53 + 1
/// From here on rows have one member more.
constexpr int kLateColumn = 12;

std::string objectText(int row)
{
    const std::string number = std::to_string(row);
    std::string text = "{\"id\":" + std::to_string(kFirstId + row) + ",\"name\":\"Zoë \\\"" +
                       number + "\\\" [},\\n\",\"balance\":" + number + ".50,\"tags\":[\"a,b\",{}]";
    if (row >= kLateColumn)
        text += ",\"late\":{\"at\":\"2026-11-21T10:00:00Z\"}";
    return text + '}';
}

void makeNdjson(Sample &sample)
{
    for (int row = 0; row < Sample::kRows; ++row) {
        sample.body += objectText(row) + '\n';
        sample.rowEnds.push_back(sample.body.size());
    }
}

void makeJson(Sample &sample)
{
    sample.body = R"({"meta":{"of":"users"},"data":[)";
    for (int row = 0; row < Sample::kRows; ++row) {
        sample.body += objectText(row) + (row + 1 < Sample::kRows ? ",\n " : "");
        sample.rowEnds.push_back(sample.body.size());
    }
    sample.body += "],\"took\":3}\n";
}

void makeCsv(Sample &sample)
{
    sample.body = "id;name;balance;note\r\n";
    for (int row = 0; row < Sample::kRows; ++row) {
        const std::string number = std::to_string(row);
        // The name begins at once, so that nine bytes into the row lie inside its quotes.
        sample.body += number + ";\"Zoë; \"\"" + number + "\"\"\nand more\";" +
                       std::to_string(kFirstId + row) + ";note " + number + "\r\n";
        sample.rowEnds.push_back(sample.body.size());
    }
}

} // namespace

Sample Sample::make(Form form)
{
    switch (form) {
    case Form::Ndjson: {
        Sample sample{.form = form, .name = "NDJSON", .contentType = "application/x-ndjson"};
        makeNdjson(sample);
        return sample;
    }
    case Form::Json: {
        Sample sample{.form = form, .name = "JSON", .contentType = "application/json"};
        makeJson(sample);
        return sample;
    }
    case Form::Csv:
    case Form::SniffedCsv:
        break;
    }
    Sample sample{
        .form = form, .name = form == Form::Csv ? "CSV" : "sniffed CSV", .contentType = "text/csv"};
    makeCsv(sample);
    return sample;
}

decode::DecodeOptions Sample::decodeOptions() const
{
    if (form != Form::Csv)
        return {};
    return {.format = decode::Format::Csv, .delimiter = ';', .quote = '"', .hasHeader = true};
}

Resource Sample::resource() const
{
    return {.body = body, .contentType = contentType};
}

} // namespace freshet::test
