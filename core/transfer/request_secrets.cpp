// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/request_secrets.h"

#include <QUrl>

#include <algorithm>
#include <iterator>

namespace freshet::transfer {

namespace {

/// The next masked value of a URL; `npos` if there is none behind `from`.
std::size_t nextMask(const std::string &url, std::size_t from)
{
    return url.find('=' + std::string(transport::kMaskedSecret), from);
}

} // namespace

MissingSecrets missingSecrets(const DownloadRequest &request)
{
    MissingSecrets missing;
    for (const auto &name : request.missingSecrets) {
        const bool isOfCall = request.grpc && findHeader(request.grpc->metadata, name);
        if (!isOfCall && !findHeader(request.bytes.headers, name))
            missing.headers.push_back(name);
    }
    for (const UrlLogin &login : request.logins) {
        if (!login.isGiven())
            missing.logins.push_back(login.origin);
    }
    missing.typed = missingTypedSecrets(request);
    const std::string &url = request.bytes.url;
    for (std::size_t at = nextMask(url, 0); at != std::string::npos; at = nextMask(url, at + 1)) {
        const std::size_t before = url.find_last_of("?&;#", at);
        const std::size_t begin = before == std::string::npos ? 0 : before + 1;
        missing.parameters.push_back(url.substr(begin, at - begin));
    }
    return missing;
}

RequestSecrets secretsOf(const DownloadRequest &request)
{
    RequestSecrets secrets;
    if (missingSecrets(request).parameters.empty() &&
        transport::withoutSecrets(request.bytes.url) != request.bytes.url)
        secrets.url = request.bytes.url;
    for (const auto &header : request.bytes.headers) {
        if (transport::isSecretHeader(header.name))
            secrets.headers.push_back(header);
    }
    std::ranges::copy_if(request.logins, std::back_inserter(secrets.logins), &UrlLogin::isGiven);
    if (request.bytes.s3 != transport::S3Access())
        secrets.s3 = request.bytes.s3;
    if (request.bytes.ssh != transport::SshAccess())
        secrets.ssh = request.bytes.ssh;
    secrets.databasePassword = request.bytes.postgres.password;
    return secrets;
}

std::string withParameters(const std::string &maskedUrl, const std::vector<std::string> &values)
{
    std::string url = maskedUrl;
    std::size_t from = 0;
    for (const auto &value : values) {
        const std::size_t at = nextMask(url, from);
        if (at == std::string::npos)
            break;
        // A value that was escaped already stays as it is.
        const std::string escaped =
            QUrl::toPercentEncoding(QString::fromStdString(value), "%+/:@!$'()*,=?").toStdString();
        url.replace(at + 1, transport::kMaskedSecret.size(), escaped);
        from = at + 1 + escaped.size();
    }
    return url;
}

} // namespace freshet::transfer
