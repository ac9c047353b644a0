// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/row_decoder.h"

#include "decode/binary_decoder.h"
#include "decode/csv_decoder.h"
#include "decode/grpc_decoder.h"
#include "decode/json_decoder.h"
#include "decode/ndjson_decoder.h"
#include "decode/pg_copy_decoder.h"
#include "decode/sse_decoder.h"
#include "decode/web_socket_decoder.h"

#include <algorithm>
#include <array>

namespace freshet::decode {

namespace {

struct NamedFormat
{
    Format format;
    std::string_view name;
};

constexpr std::array kFormats = {
    NamedFormat{Format::Auto, "auto"},         NamedFormat{Format::Json, "json"},
    NamedFormat{Format::Ndjson, "ndjson"},     NamedFormat{Format::Csv, "csv"},
    NamedFormat{Format::Tsv, "tsv"},           NamedFormat{Format::Sse, "sse"},
    NamedFormat{Format::MsgPack, "msgpack"},   NamedFormat{Format::Cbor, "cbor"},
    NamedFormat{Format::GrpcWeb, "grpc-web"},  NamedFormat{Format::WebSocket, "ws"},
    NamedFormat{Format::Postgres, "postgres"}, NamedFormat{Format::Parquet, "parquet"},
    NamedFormat{Format::Arrow, "arrow"},       NamedFormat{Format::Zip, "zip"},
};

} // namespace

std::string_view formatName(Format format)
{
    return std::ranges::find(kFormats, format, &NamedFormat::format)->name;
}

std::optional<Format> formatByName(std::string_view name)
{
    if (name == "jsonl")
        return Format::Ndjson;
    if (name == "feather" || name == "ipc")
        return Format::Arrow;
    const auto *const found = std::ranges::find(kFormats, name, &NamedFormat::name);
    return found == kFormats.end() ? std::nullopt : std::optional(found->format);
}

Result<std::unique_ptr<RowDecoder>> makeDecoder(const DecodeOptions &options, DecodeOutputs outputs)
{
    switch (options.format) {
    case Format::Json:
        return makeJsonDecoder(options, outputs);
    case Format::Ndjson:
        return makeNdjsonDecoder(options, outputs);
    case Format::Csv:
    case Format::Tsv:
        return makeCsvDecoder(options, outputs);
    case Format::GrpcWeb:
        return makeGrpcDecoder(options, outputs);
    case Format::Sse:
        return makeSseDecoder(options, outputs);
    case Format::WebSocket:
        return makeWebSocketDecoder(options, outputs);
    case Format::Postgres:
        return makePgCopyDecoder(options, outputs);
    case Format::MsgPack:
    case Format::Cbor:
        return makeBinaryDecoder(options, outputs);
    case Format::Parquet:
    case Format::Arrow:
    case Format::Zip:
    case Format::Auto:
        break;
    }
    return fail(ErrorCode::InvalidArgument, "a decoder needs a format: choose one first");
}

} // namespace freshet::decode
