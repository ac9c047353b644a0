// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/transport_options.h"

#include "cli/get_options.h"
#include "transport/web_socket_transport.h"

#include <algorithm>

namespace freshet::cli {

namespace {

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

/// What --data or --data-raw gives.
Result<std::optional<std::string>> dataFrom(const Arguments &arguments)
{
    const auto data = arguments.value("data");
    if (const auto raw = arguments.value("data-raw")) {
        if (data)
            return usage("--data and --data-raw exclude each other");
        return raw;
    }
    if (!data || !data->starts_with('@'))
        return data;
    auto text = textFrom(*data);
    if (!text)
        return fail(std::move(text).error());
    return std::move(*text);
}

Status readHeaders(const Arguments &arguments, std::vector<transport::Header> &headers)
{
    auto given = headersFrom(arguments);
    if (!given)
        return fail(std::move(given).error());
    std::erase_if(headers, [&given](const transport::Header &header) {
        return findHeader(*given, header.name).has_value();
    });
    headers.insert(headers.end(), given->begin(), given->end());
    return {};
}

/// The type of a body for which none was given.
const char *typeOf(const std::string &body)
{
    const auto first = body.find_first_not_of(" \t\r\n");
    const bool isJson = first != std::string::npos && (body[first] == '{' || body[first] == '[');
    return isJson ? "application/json" : "application/x-www-form-urlencoded";
}

Status readBody(const Arguments &arguments, transport::ByteRequest &bytes)
{
    auto data = dataFrom(arguments);
    if (!data)
        return fail(std::move(data).error());
    if (*data)
        bytes.body = std::move(**data);
    const bool isMessage = arguments.has("call") || transport::isWebSocketUrl(bytes.url);
    if (const auto method = arguments.value("method"))
        bytes.method = *method;
    else if (*data && !isMessage && bytes.method == "GET")
        bytes.method = "POST";
    const auto type = findHeader(bytes.headers, "Content-Type");
    if (type && type->empty()) // none is wanted
        std::erase_if(bytes.headers, [](const transport::Header &header) {
            return transport::findHeader({header}, "Content-Type").has_value();
        });
    else if (!type && *data && !isMessage)
        bytes.headers.push_back({"Content-Type", typeOf(bytes.body)});
    return {};
}

} // namespace

Status readTransport(const Arguments &arguments, transport::ByteRequest &bytes)
{
    if (!arguments.operands().empty())
        bytes.url = arguments.operands().front();
    FRESHET_TRY(readHeaders(arguments, bytes.headers));
    FRESHET_TRY(readBody(arguments, bytes));
    if (const auto codings = arguments.value("accept-encoding"))
        bytes.acceptEncoding = *codings;
    if (const auto file = arguments.value("cacert"))
        bytes.caFile = *file;
    if (const auto proxy = arguments.value("proxy"))
        bytes.proxy = *proxy;
    const auto version = arguments.value("http");
    if (version == "1.1")
        bytes.version = transport::HttpVersion::Http1;
    else if (version == "2")
        bytes.version = transport::HttpVersion::Http2;
    else if (version)
        return usage("--http is 1.1 or 2");
    return {};
}

} // namespace freshet::cli
