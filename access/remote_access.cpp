// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/remote_access.h"

#include "access/ssh_setup.h"

#include <algorithm>
#include <utility>

namespace freshet::access {

namespace {

void prefer(std::string &value, const std::string &better)
{
    if (!better.empty())
        value = better;
}

Status completeS3(transport::S3Access &access, const Environment &environment,
                  const std::string &profile)
{
    auto found = s3AccessOf(profile, environment);
    if (!found)
        return fail(std::move(found).error());
    const transport::S3Access said = std::exchange(access, std::move(*found));
    prefer(access.endpoint, said.endpoint);
    if (said.region != transport::S3Access().region)
        access.region = said.region;
    access.isPathStyle = said.isPathStyle;
    if (!said.accessKeyId.empty()) { // keys belong together
        access.accessKeyId = said.accessKeyId;
        access.secretAccessKey = said.secretAccessKey;
        access.sessionToken = said.sessionToken;
    }
    return {};
}

void completeSsh(transport::SshAccess &access, const Environment &environment)
{
    const transport::SshAccess said = std::exchange(access, sshAccessOf(environment));
    prefer(access.user, said.user);
    prefer(access.password, said.password);
    prefer(access.privateKeyFile, said.privateKeyFile);
    prefer(access.passphrase, said.passphrase);
    prefer(access.knownHostsFile, said.knownHostsFile);
    // A file dialog or a shell would have written it out.
    for (std::string *file : {&access.privateKeyFile, &access.knownHostsFile}) {
        if (file->starts_with("~/"))
            file->replace(0, 1, environment("HOME"));
    }
}

} // namespace

Status completeAccess(transport::ByteRequest &bytes, const std::vector<std::string> &places,
                      const Environment &environment, const std::string &profile)
{
    const auto isAny = [&places](std::string_view scheme) {
        return std::ranges::any_of(
            places, [scheme](const std::string &place) { return place.starts_with(scheme); });
    };
    if (isAny("s3://"))
        FRESHET_TRY(completeS3(bytes.s3, environment, profile));
    if (isAny("sftp://"))
        completeSsh(bytes.ssh, environment);
    return {};
}

} // namespace freshet::access
