// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/reject_text.h"

#include "cli/json_text.h"
#include "decode/text_encoding.h"
#include "transfer/verdict.h"

#include <QByteArray>

namespace freshet::cli {

namespace {

std::string base64(const std::string &bytes)
{
    return QByteArray::fromStdString(bytes).toBase64().toStdString();
}

void appendJson(std::string &text, const store::StoredReject &reject)
{
    JsonText json;
    json.beginObject();
    json.member("line", reject.line)
        .member("byte_offset", reject.byteOffset)
        .member("code", reject.code)
        .member("reason", reject.reason);
    if (decode::isUtf8(reject.rawText))
        json.member("raw", reject.rawText);
    else
        json.null("raw").member("raw_base64", base64(reject.rawText));
    json.endObject();
    text += json.text() + '\n';
}

void appendQuoted(std::string &text, const std::string &field)
{
    text += '"';
    for (const char c : field) {
        if (c == '"')
            text += c;
        text += c;
    }
    text += '"';
}

void appendCsv(std::string &text, const store::StoredReject &reject)
{
    text += std::to_string(reject.line) + ',' + std::to_string(reject.byteOffset) + ',' +
            reject.code + ',';
    appendQuoted(text, reject.reason);
    text += ',';
    if (decode::isUtf8(reject.rawText)) {
        appendQuoted(text, reject.rawText);
        text += ",\n";
    } else {
        text += ',' + base64(reject.rawText) + '\n';
    }
}

/// What a terminal may be shown: text without control characters, neither of ASCII nor those
/// from U+0080 to U+009F, which some terminals obey as well.
std::string printable(const std::string &raw)
{
    if (!decode::isUtf8(raw))
        return "(base64) " + base64(raw);
    std::string text = raw;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0xff);
        if (byte < 0x20 || byte == 0x7f)
            text[i] = ' ';
        else if (byte == 0xc2 && next < 0xa0)
            text[i] = text[i + 1] = ' ';
    }
    return text;
}

void appendHuman(std::string &text, const store::StoredReject &reject)
{
    text += "line " + transfer::groupedDigits(reject.line) + ", byte " +
            transfer::groupedDigits(reject.byteOffset) + ": " + reject.code + ": " +
            printable(reject.reason) + "\n  " + printable(reject.rawText) + '\n';
}

} // namespace

Result<RejectFormat> rejectFormatFor(const std::filesystem::path &file)
{
    const auto suffix = file.extension();
    if (suffix == ".ndjson" || suffix == ".jsonl")
        return RejectFormat::Ndjson;
    if (suffix == ".csv")
        return RejectFormat::Csv;
    return fail(ErrorCode::InvalidArgument,
                "bad rows are saved as .ndjson, .jsonl or .csv, not as " +
                    file.filename().string());
}

std::string rejectHeader(RejectFormat format)
{
    return format == RejectFormat::Csv ? "line,byte_offset,code,reason,raw,raw_base64\n" : "";
}

void appendReject(std::string &text, const store::StoredReject &reject, RejectFormat format)
{
    switch (format) {
    case RejectFormat::Human:
        appendHuman(text, reject);
        break;
    case RejectFormat::Ndjson:
        appendJson(text, reject);
        break;
    case RejectFormat::Csv:
        appendCsv(text, reject);
        break;
    }
}

} // namespace freshet::cli
