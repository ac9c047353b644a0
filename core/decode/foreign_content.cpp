// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/foreign_content.h"

#include "decode/failure_report.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

using namespace std::string_view_literals;

struct Signature
{
    std::string_view start;
    std::string_view what;
};

constexpr std::array kSignatures = {
    Signature{"PAR1"sv, "a Parquet file"sv},
    Signature{"ARROW1\0"sv, "an Arrow file"sv},
    Signature{"Obj\x01"sv, "an Avro file"sv},
    Signature{"ORC"sv, "an ORC file"sv},
    Signature{"SQLite format 3\0"sv, "an SQLite database"sv},
    Signature{"\x89PNG\r\n"sv, "a PNG image"sv},
    Signature{"\xFF\xD8\xFF"sv, "a JPEG image"sv},
    Signature{"GIF87a"sv, "a GIF image"sv},
    Signature{"GIF89a"sv, "a GIF image"sv},
    Signature{"RIFF"sv, "a picture or sound"sv},
    Signature{"%PDF-"sv, "a PDF document"sv},
    Signature{"PK\x03\x04"sv, "a ZIP archive or spreadsheet"sv},
    Signature{"PK\x05\x06"sv, "an empty ZIP archive"sv},
    Signature{"7z\xBC\xAF\x27\x1C"sv, "a 7z archive"sv},
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an old Excel or Word document"sv},
    Signature{"\x1F\x8B\x08"sv, "gzip data inside the decoded body"sv},
    Signature{"\x28\xB5\x2F\xFD"sv, "zstd data inside the decoded body"sv},
    Signature{"\xFD"
              "7zXZ\0"sv,
              "xz data"sv},
    Signature{"BZh"sv, "bzip2 data"sv},
    Signature{"\x7F"
              "ELF"sv,
              "a program"sv},
};

bool startsWithoutCase(std::string_view text, std::string_view lowerStart)
{
    return text.size() >= lowerStart.size() &&
           std::ranges::equal(text.substr(0, lowerStart.size()), lowerStart, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
           });
}

std::string_view markup(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] != '<')
        return {};
    text.remove_prefix(first);
    for (const std::string_view start : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv}) {
        if (startsWithoutCase(text, start))
            return "an HTML page"sv;
    }
    if (startsWithoutCase(text, "<?xml"sv) || startsWithoutCase(text, "<!doctype"sv) ||
        startsWithoutCase(text, "<!--"sv))
        return text.find("<html") != std::string_view::npos ? "an HTML page"sv
                                                            : "an XML document"sv;
    const bool closesTag = text.find('>') != std::string_view::npos;
    const bool opensTag = text.size() > 1 && ((text[1] | 0x20) >= 'a' && (text[1] | 0x20) <= 'z');
    return opensTag && closesTag ? "an XML document"sv : std::string_view();
}

/// A header may begin with the letters of a signature (`ORCID,name`); what follows a signature is
/// not text for long.
bool isBinary(std::string_view firstBytes)
{
    constexpr std::size_t kEnough = 512;
    return std::ranges::any_of(firstBytes.substr(0, kEnough),
                               [](char c) { return static_cast<unsigned char>(c) < 0x09; });
}

bool isOnlyLetters(std::string_view start)
{
    return std::ranges::all_of(start, [](char c) { return c >= '0' && c <= 'z'; });
}

} // namespace

std::string_view failureReport(std::string_view badRow)
{
    if (holdsException(badRow))
        return "an exception";
    if (badRow.starts_with('{') && failureObjectIn(badRow))
        return "a report of a failure";
    return markup(badRow);
}

bool isReport(std::string_view record, bool isUnlikeRows)
{
    if (startsWithException(record))
        return true;
    if (record.starts_with('{')) {
        const auto report = failureObjectIn(record);
        return report && report->isCertain;
    }
    return isUnlikeRows && (readsLikeFailure(record) || !markup(record).empty());
}

bool isTextFormat(Format format)
{
    return format == Format::Json || format == Format::Ndjson || format == Format::Csv ||
           format == Format::Tsv || format == Format::Sse;
}

std::string_view foreignContent(std::string_view firstBytes)
{
    for (const Signature &signature : kSignatures) {
        if (firstBytes.starts_with(signature.start) &&
            (!isOnlyLetters(signature.start) || isBinary(firstBytes)))
            return signature.what;
    }
    if (firstBytes.starts_with("\xEF\xBB\xBF"))
        firstBytes.remove_prefix(3);
    return markup(firstBytes);
}

std::string_view foreignContentType(std::string_view contentType)
{
    static constexpr std::array kTypes = {
        Signature{"image/"sv, "an image"sv},
        Signature{"video/"sv, "a video"sv},
        Signature{"audio/"sv, "a sound"sv},
        Signature{"font/"sv, "a font"sv},
        Signature{"text/html"sv, "an HTML page"sv},
        Signature{"application/xhtml"sv, "an HTML page"sv},
        Signature{"application/xml"sv, "an XML document"sv},
        Signature{"text/xml"sv, "an XML document"sv},
        Signature{"application/pdf"sv, "a PDF document"sv},
        Signature{"application/zip"sv, "a ZIP archive"sv},
        Signature{"application/vnd.openxmlformats"sv, "an Office document"sv},
    };
    for (const Signature &type : kTypes) {
        if (startsWithoutCase(contentType, type.start))
            return type.what;
    }
    return {};
}

} // namespace freshet::decode
