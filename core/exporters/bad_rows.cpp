// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exporters/bad_rows.h"

#include "base/file.h"
#include "columnar/value_text.h"

#include <QByteArray>
#include <QString>
#include <QStringDecoder>

#include <algorithm>

namespace freshet::exporters {

namespace {

/// So many are held in memory at a time; each has at most 64 KiB of text.
constexpr std::int64_t kPage = 256;
/// Text is handed to the file in pieces of this size at least.
constexpr std::size_t kPiece = 64 * 1024;

std::string base64(const std::string &bytes)
{
    return QByteArray::fromStdString(bytes).toBase64().toStdString();
}

void appendAsJson(std::string &text, const store::StoredReject &row)
{
    text += "{\"line\":" + std::to_string(row.line) +
            ",\"byte_offset\":" + std::to_string(row.byteOffset) + ",\"code\":";
    columnar::appendJsonString(text, row.code);
    text += ",\"reason\":";
    columnar::appendJsonString(text, row.reason);
    if (isUtf8(row.rawText)) {
        text += ",\"raw\":";
        columnar::appendJsonString(text, row.rawText);
    } else {
        text += ",\"raw\":null,\"raw_base64\":\"" + base64(row.rawText) + '"';
    }
    text += "}\n";
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

void appendAsCsv(std::string &text, const store::StoredReject &row)
{
    text += std::to_string(row.line) + ',' + std::to_string(row.byteOffset) + ',' + row.code + ',';
    appendQuoted(text, row.reason);
    text += ',';
    if (isUtf8(row.rawText)) {
        appendQuoted(text, row.rawText);
        text += ",\n";
    } else {
        text += ',' + base64(row.rawText) + '\n';
    }
}

} // namespace

bool isUtf8(const std::string &text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(QByteArrayView(text.data(), std::ssize(text)));
    return !decoder.hasError();
}

Result<BadRowFormat> badRowFormatFor(const std::filesystem::path &file)
{
    const auto suffix = file.extension();
    if (suffix == ".ndjson" || suffix == ".jsonl")
        return BadRowFormat::Ndjson;
    if (suffix == ".csv")
        return BadRowFormat::Csv;
    return fail(ErrorCode::InvalidArgument,
                "bad rows are saved as .ndjson, .jsonl or .csv, not as " +
                    file.filename().string());
}

std::string badRowHeader(BadRowFormat format)
{
    return format == BadRowFormat::Csv ? "line,byte_offset,code,reason,raw,raw_base64\n" : "";
}

void appendBadRow(std::string &text, const store::StoredReject &row, BadRowFormat format)
{
    if (format == BadRowFormat::Csv)
        appendAsCsv(text, row);
    else
        appendAsJson(text, row);
}

Result<std::int64_t>
forEachBadRow(const store::Library &library, const std::string &id, BadRowRange range,
              const std::function<Status(const store::StoredReject &row)> &take)
{
    std::int64_t at = range.first;
    while (at < range.end) {
        const auto page = library.rejects(id, std::min(kPage, range.end - at), at);
        if (!page)
            return fail(page.error());
        for (const auto &row : *page)
            FRESHET_TRY(take(row));
        at += std::ssize(*page);
        if (page->empty())
            break;
    }
    return at - range.first;
}

Result<std::int64_t> exportBadRows(const store::Library &library, const std::string &id,
                                   const std::filesystem::path &file, BadRowRange range)
{
    const auto format = badRowFormatFor(file);
    if (!format)
        return fail(format.error());
    auto target = AtomicFile::create(file);
    if (!target)
        return fail(std::move(target).error());
    std::string text = badRowHeader(*format);
    auto count = forEachBadRow(library, id, range, [&](const store::StoredReject &row) -> Status {
        appendBadRow(text, row, *format);
        if (text.size() < kPiece)
            return {};
        FRESHET_TRY(target->write(text));
        text.clear();
        return {};
    });
    if (!count)
        return count;
    FRESHET_TRY(target->write(text));
    FRESHET_TRY(target->commit());
    return count;
}

} // namespace freshet::exporters
