// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/foreign_content.h"
#include "decode/input_window.h"
#include "decode/json_lexer.h"
#include "decode/row_decoder.h"
#include "decode/table_signature.h"
#include "transport/postgres_columns.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return lower;
}

Format byContentType(std::string_view contentType)
{
    std::string type = lowered(contentType.substr(0, contentType.find(';')));
    while (!type.empty() && type.back() == ' ')
        type.pop_back();
    const auto isOneOf = [&](std::initializer_list<std::string_view> names) {
        return std::ranges::find(names, type) != names.end();
    };
    if (type.find("ndjson") != std::string::npos || type.find("jsonl") != std::string::npos ||
        type.find("json-lines") != std::string::npos ||
        type.find("json-seq") != std::string::npos ||
        isOneOf({"application/stream+json", "application/ldjson", "application/x-ldjson"}))
        return Format::Ndjson;
    if (isOneOf({"application/json", "text/json", "application/x-json", "text/x-json"}) ||
        type.ends_with("+json"))
        return Format::Json;
    if (isOneOf({"text/csv", "application/csv", "text/x-csv", "application/x-csv",
                 "text/comma-separated-values"}))
        return Format::Csv;
    if (isOneOf({"text/tab-separated-values", "text/tsv"}))
        return Format::Tsv;
    if (type == "text/event-stream")
        return Format::Sse;
    if (isOneOf({"application/msgpack", "application/x-msgpack", "application/vnd.msgpack"}) ||
        type.ends_with("+msgpack"))
        return Format::MsgPack;
    if (isOneOf({"application/cbor", "application/cbor-seq"}) || type.ends_with("+cbor"))
        return Format::Cbor;
    if (isOneOf({"application/vnd.apache.parquet", "application/x-parquet", "application/parquet"}))
        return Format::Parquet;
    if (type.starts_with("application/vnd.apache.arrow."))
        return Format::Arrow;
    return Format::Auto;
}

Format bySuffix(std::string_view name)
{
    std::string path = lowered(name.substr(0, name.find_first_of("?#")));
    for (const std::string_view packing : {".gz", ".zst", ".br", ".lz4", ".zlib", ".deflate"}) {
        if (path.ends_with(packing)) {
            path.resize(path.size() - packing.size());
            break;
        }
    }
    struct Suffix
    {
        std::string_view text;
        Format format;
    };
    static constexpr std::array kSuffixes = {
        Suffix{".ndjson", Format::Ndjson},    Suffix{".jsonl", Format::Ndjson},
        Suffix{".jsonlines", Format::Ndjson}, Suffix{".ldjson", Format::Ndjson},
        Suffix{".geojsonl", Format::Ndjson},  Suffix{".geojsons", Format::Ndjson},
        Suffix{".json", Format::Json},        Suffix{".geojson", Format::Json},
        Suffix{".csv", Format::Csv},          Suffix{".tsv", Format::Tsv},
        Suffix{".tab", Format::Tsv},          Suffix{".sse", Format::Sse},
        Suffix{".msgpack", Format::MsgPack},  Suffix{".mpk", Format::MsgPack},
        Suffix{".cbor", Format::Cbor},        Suffix{".parquet", Format::Parquet},
        Suffix{".pq", Format::Parquet},       Suffix{".arrow", Format::Arrow},
        Suffix{".arrows", Format::Arrow},     Suffix{".feather", Format::Arrow},
        Suffix{".ipc", Format::Arrow},
    };
    for (const Suffix &suffix : kSuffixes) {
        if (path.ends_with(suffix.text))
            return suffix.format;
    }
    return Format::Auto;
}

/// What the first bytes say about JSON.
enum class Shape {
    NotJson,
    OneObject, ///< as far as seen
    OneArray,  ///< as far as seen
    Values,    ///< a whole object, or array of other things, then the next one
    Scalar,    ///< a string, number or word: JSON, but CSV may start so too
};

Shape shapeOf(std::string_view bytes)
{
    std::string padded(bytes);
    padded.append(InputWindow::kPadding, '\0');
    const char *const end = padded.data() + bytes.size();
    JsonLexer lexer(Limits().nestingDepth);
    lexer.start(end, false);
    static constexpr char kRecordSeparator = '\x1E';
    const char *first = lexer.skipBlanks(padded.data());
    if (*first == kRecordSeparator)
        return Shape::Values;
    const char *const next = lexer.value(first, 0);
    if (next == nullptr && !lexer.isIncomplete()) {
        // A broken first line is no reason to distrust the lines below it.
        return *first == '{' && (first[1] == '"' || first[1] == '}') ? Shape::OneObject
                                                                     : Shape::NotJson;
    }
    if (*first != '{' && *first != '[')
        return Shape::Scalar;
    const Shape one = *first == '{' ? Shape::OneObject : Shape::OneArray;
    if (next == nullptr)
        return one;
    // Arrays of objects are documents, also two of them; other arrays are rows themselves.
    const bool another = *lexer.skipBlanks(next) == *first;
    if (another && (*first == '{' || *lexer.skipBlanks(first + 1) != '{'))
        return Shape::Values;
    return one;
}

/// Whether the lines seen are all fields or comments of a text/event-stream.
bool looksLikeEvents(std::string_view text)
{
    bool hasField = false;
    for (std::size_t end; (end = text.find_first_of("\r\n")) != std::string_view::npos;
         text.remove_prefix(end + 1)) {
        const std::string_view line = text.substr(0, end);
        if (line.empty() || line.front() == ':')
            continue;
        const auto isField = [line](std::string_view start) {
            return line.starts_with(start);
        };
        if (std::ranges::none_of(std::array{"data:", "event:", "id:", "retry:"}, isField))
            return false;
        hasField = true;
    }
    return hasField;
}

/// CBOR's mark for itself. Source: RFC 8949 §3.4.6.
constexpr std::string_view kSelfDescribedCbor = "\xD9\xD9\xF7";

bool isBinary(std::string_view bytes)
{
    return bytes.find('\0') != std::string_view::npos;
}

bool isBinary(Format format)
{
    return format == Format::MsgPack || format == Format::Cbor;
}

bool isWebSocket(std::string_view url)
{
    const std::string start = lowered(url.substr(0, 6));
    return start.starts_with("ws://") || start == "wss://";
}

bool isJson(Format format)
{
    return format == Format::Json || format == Format::Ndjson;
}

bool endsWith(std::string_view name, std::string_view lowerSuffix)
{
    return lowered(name.substr(0, name.find_first_of("?#"))).ends_with(lowerSuffix);
}

Error wrongContent(std::string_view what, std::string_view firstBytes)
{
    Error error{.code = ErrorCode::WrongContentType,
                .detail = "the body is " + std::string(what) + ", not rows"};
    const std::string_view start = firstBytes.substr(0, Error::kMaxExcerpt);
    if (utf8Extent(start).violation == start.size() && !isBinary(start))
        error.excerpt = Error::excerptOf(firstBytes);
    return error;
}

FormatChoice choiceOf(Format format, std::string reason)
{
    return {format, std::string(formatName(format)) + ": " + std::move(reason)};
}

} // namespace

Result<FormatChoice> chooseFormat(std::string_view contentType, std::string_view name,
                                  std::string_view firstBytes)
{
    if (isWebSocket(name))
        return choiceOf(Format::WebSocket, "by its protocol");
    if (const Format table = tableFormat(firstBytes); isTableFormat(table))
        return choiceOf(table, "the first bytes say so");
    if (const auto what = foreignContent(firstBytes); !what.empty())
        return fail(wrongContent(what, firstBytes));

    Format declared = byContentType(contentType);
    Format suffix = bySuffix(name);
    // Of a table's names only an empty body leaves something to believe.
    for (Format *const claim : {&declared, &suffix}) {
        if (isTableFormat(*claim) && !firstBytes.empty())
            *claim = Format::Auto;
    }
    const Format named = declared != Format::Auto ? declared : suffix;
    const std::string namedBy = declared != Format::Auto ? "by its content type" : "by its name";
    std::string_view text = firstBytes;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        if (named == Format::Auto)
            return choiceOf(Format::Json, "the body is empty and nothing names its format");
        return choiceOf(named, namedBy + "; the body is empty");
    }

    if (text.starts_with(transport::kCopySignature))
        return choiceOf(Format::Postgres, "the body says so itself");
    if (text.starts_with(kSelfDescribedCbor))
        return choiceOf(Format::Cbor, "the body says so itself");
    switch (shapeOf(text)) {
    case Shape::Values:
        return choiceOf(Format::Ndjson, "one value follows another");
    case Shape::OneArray:
        return choiceOf(Format::Json, "the body starts with an array");
    case Shape::OneObject:
        if (isJson(named))
            return choiceOf(named, namedBy);
        if (isJson(suffix))
            return choiceOf(suffix, "by its name");
        return choiceOf(Format::Json, "the body starts with an object");
    case Shape::Scalar:
        if (named != Format::Auto)
            return choiceOf(named, namedBy);
        break;
    case Shape::NotJson:
        if (named == Format::Csv || named == Format::Tsv)
            return choiceOf(named, namedBy);
        if (isBinary(named) || named == Format::Sse)
            return choiceOf(named, namedBy);
        if (suffix == Format::Csv || suffix == Format::Tsv)
            return choiceOf(suffix, "by its name; the content type says JSON, the bytes do not");
        if (named != Format::Auto && !isBinary(text))
            return choiceOf(named, namedBy + ", although it does not start like that");
        if (isBinary(suffix))
            return choiceOf(suffix, "by its name");
        if (named == Format::Auto && looksLikeEvents(text))
            return choiceOf(Format::Sse, "the body is lines of events");
        break;
    }
    if (const auto what = foreignContentType(contentType); !what.empty())
        return fail(wrongContent(what, firstBytes));
    if (isBinary(text))
        return fail(wrongContent("binary data", firstBytes));
    return choiceOf(Format::Csv, "text that is not JSON");
}

Format tableFormatByName(std::string_view name)
{
    if (endsWith(name, ".zip"))
        return Format::Zip;
    const Format suffix = bySuffix(name);
    return isTableFormat(suffix) ? suffix : Format::Auto;
}

} // namespace freshet::decode
