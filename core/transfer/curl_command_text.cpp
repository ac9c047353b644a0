// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/command_text.h"
#include "transfer/curl_command.h"
#include "transfer/request_secrets.h"

namespace freshet::transfer {

namespace {

tl::unexpected<Error> unsupported(std::string_view what)
{
    return fail(ErrorCode::Unsupported, std::string(what));
}

Status checkCurlCanDoIt(const DownloadRequest &request)
{
    const std::string &url = request.bytes.url;
    if (request.grpc || !request.decode.messages.descriptorSet.empty())
        return unsupported("curl makes no gRPC calls; copy it as freshet-cli instead");
    if (url.starts_with("ws://") || url.starts_with("wss://"))
        return unsupported("curl speaks no WebSocket; copy it as freshet-cli instead");
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        return unsupported("this is no request over HTTP; copy it as freshet-cli instead");
    if (request.bytes.body.find('\0') != std::string::npos)
        return unsupported("the body holds binary data, which a command line cannot");
    return {};
}

void addBody(CommandText &command, const transport::ByteRequest &bytes)
{
    if (bytes.body.empty())
        return;
    command.addOption("--data-raw", bytes.body);
    // Without it, curl would call any body a form.
    if (!findHeader(bytes.headers, "Content-Type"))
        command.addOption("-H", "Content-Type:");
}

void addCoding(CommandText &command, const std::string &acceptEncoding)
{
    if (acceptEncoding == transport::ByteRequest().acceptEncoding)
        command.addFlag("--compressed");
    else if (acceptEncoding != "identity" && !acceptEncoding.empty())
        command.addOption("-H", "Accept-Encoding: " + acceptEncoding);
}

} // namespace

Result<std::string> curlCommandFor(const DownloadRequest &request)
{
    FRESHET_TRY(checkCurlCanDoIt(request));
    const transport::ByteRequest bytes = withAccept(request.bytes, request.decode.format);
    CommandText command("curl");
    command.add("-L");
    // Brackets and braces mean several URLs to curl.
    if (bytes.url.find_first_of("[]{}") != std::string::npos)
        command.add("-g");
    command.addUrl(bytes.url);
    const std::string_view usual = bytes.body.empty() ? "GET" : "POST";
    if (bytes.method != usual)
        command.addOption("-X", bytes.method);
    for (const auto &header : bytes.headers) {
        // "Name:" would have curl leave it out.
        if (header.value.empty() && !transport::isSecretHeader(header.name))
            command.addOption("-H", header.name + ';');
        else
            command.addHeader("-H", header);
    }
    for (const auto &name : missingSecrets(request).headers)
        command.addSecretHeader("-H", name);
    addBody(command, bytes);
    addCoding(command, bytes.acceptEncoding);
    if (bytes.version != transport::HttpVersion::Auto)
        command.addFlag(bytes.version == transport::HttpVersion::Http1 ? "--http1.1" : "--http2");
    if (!bytes.proxy.empty())
        command.addUrlOption("--proxy", bytes.proxy);
    if (!bytes.caFile.empty())
        command.addOption("--cacert", bytes.caFile);
    return command.text();
}

} // namespace freshet::transfer
