// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/wrong_servers.h"

#include "support/grpc_frames.h"
#include "support/web_socket_bytes.h"

namespace freshet::test {

namespace {

using namespace std::string_literals;
using decode::Format;

transfer::DownloadRequest requestFor(Format format)
{
    transfer::DownloadRequest request;
    request.decode.format = format;
    request.decode.limits.rowBytes = request.bytes.limits.rowBytes = 1_MiB;
    request.retry.maxRetries = 0;
    return request;
}

/// Three times `unit`, which has `%` in place of the id.
std::string rowsOf(const std::string &unit, const std::string &between = {})
{
    std::string text;
    for (const char id : {'1', '2', '3'}) {
        std::string row = unit;
        row.replace(row.find('%'), 1, 1, id);
        text += (text.empty() ? "" : between) + row;
    }
    return text;
}

/// Three times `unit`, which has `%` in place of the id as a byte.
std::string bytesOf(const std::string &unit)
{
    std::string bytes = rowsOf(unit);
    for (char &c : bytes) {
        if (c >= '1' && c <= '3')
            c = static_cast<char>(c - '0');
    }
    return bytes;
}

WrongServer grpcWeb(const std::string &descriptorSet, bool isConnect)
{
    const auto frame = [](const std::string &payload) {
        return grpcFrame(QByteArrayView(payload.data(), std::ssize(payload))).toStdString();
    };
    WrongServer server{
        .name = isConnect ? "Connect" : "gRPC-web",
        .request = requestFor(Format::GrpcWeb),
        .contentType = isConnect ? "application/connect+proto" : "application/grpc-web+proto",
        .rows = bytesOf(frame("\x08%"s)),
        .half = "\0\0\0\0\x09\x08"s,
        .huge = "\0\xff\xff\xff\xff"s,
        .endless = {},
        .otherSchema = frame("\x0a\x05hello"s) +
                       (isConnect ? "\x02\0\0\0\x02{}"s : grpcTrailers().toStdString())};
    server.request.decode.messages = {
        .descriptorSet = descriptorSet, .typeName = "test.Row", .rowsField = {}};
    server.request.bytes.method = "POST";
    server.request.bytes.headers = {{"Content-Type", server.contentType}};
    server.request.bytes.body = "\0\0\0\0\0"s;
    return server;
}

WrongServer webSocket()
{
    return {.name = "WebSocket",
            .request = requestFor(Format::WebSocket),
            .scheme = "ws",
            .contentType = {},
            .rows = serverFrame(R"({"id":1})") + serverFrame(R"({"id":2})") +
                    serverFrame(R"({"id":3})"),
            .half = serverFrame(R"({"id":4})").substr(0, 6),
            .huge = "\x81\x7f\0\0\0\x01\0\0\0\0"s,
            .endless = serverFrame(R"({"id":")", 1, false),
            .flood = serverFrame(std::string(60000, 'x'), 0, false),
            .otherSchema = serverFrame("\x01\x02\x03", 2)};
}

/// The first page is right: the wrongness comes with the second.
WrongServer pages()
{
    WrongServer server{.name = "pages",
                       .request = requestFor(Format::Json),
                       .contentType = "application/json",
                       .rows = R"({"data":[{"id":1},{"id":2},{"id":3}],"next":"/2"})",
                       .half = R"({"data":[{"id":4)",
                       .huge = {},
                       .endless = R"({"data":[{"id":")",
                       .otherSchema = R"({"error":"no such table"})"};
    server.request.pages = transfer::PageRule{.style = transfer::PageStyle::Next};
    return server;
}

} // namespace

Script WrongServer::opening() const
{
    if (contentType.empty())
        return Script().upgrade();
    return Script().send("HTTP/1.1 200 OK\r\nContent-Type: " + contentType +
                         "\r\nConnection: close\r\n\r\n");
}

std::vector<WrongServer> wrongServers(const std::string &descriptorSet)
{
    return {
        {.name = "NDJSON",
         .request = requestFor(Format::Auto),
         .contentType = "application/x-ndjson",
         .rows = rowsOf("{\"id\":%}\n"),
         .half = R"({"id":4)",
         .huge = {},
         .endless = R"({"id":")",
         .otherSchema = "{\"error\":\"no such table\"}\n"},
        {.name = "JSON",
         .request = requestFor(Format::Auto),
         .contentType = "application/json",
         .rows = "[" + rowsOf(R"({"id":%})", ","),
         .half = R"(,{"id":4)",
         .huge = {},
         .endless = R"(,{"id":")",
         .otherSchema = R"({"error":"no such table"})"},
        {.name = "CSV",
         .request = requestFor(Format::Csv),
         .contentType = "text/csv",
         .rows = "id,name\n" + rowsOf("%,x\n"),
         .half = R"(4,"x)",
         .huge = {},
         .endless = R"(4,")",
         .otherSchema = {}}, // any text is CSV
        {.name = "SSE",
         .request = requestFor(Format::Sse),
         .contentType = "text/event-stream",
         .rows = rowsOf("data: {\"id\":%}\n\n"),
         .half = R"(data: {"id":4)",
         .huge = {},
         .endless = R"(data: {"id":")",
         .otherSchema = "event: error\ndata: no such table\n\n"},
        {.name = "MessagePack",
         .request = requestFor(Format::MsgPack),
         .contentType = "application/x-msgpack",
         .rows = bytesOf("\x81\xa2id%"s),
         .half = "\x81\xa2i"s,
         .huge = "\x81\xa2id\xdb\xff\xff\xff\xff"s,
         .endless = "\x81\xa2id\xdd\x7f\xff\xff\xff"s,
         .otherSchema = "\xc1\xc1\xc1"s},
        {.name = "CBOR",
         .request = requestFor(Format::Cbor),
         .contentType = "application/cbor-seq",
         .rows = bytesOf("\xa1\x62id%"s),
         .half = "\xa1\x62i"s,
         .huge = "\xa1\x62id\x7b\0\0\0\x01\0\0\0\0"s,
         .endless = "\xa1\x62id\x9f"s,
         .flood = std::string(65536, '\x01'),
         .otherSchema = "\xff\xff\xff"s},
        grpcWeb(descriptorSet, false),
        grpcWeb(descriptorSet, true),
        webSocket(),
        pages(),
    };
}

} // namespace freshet::test
