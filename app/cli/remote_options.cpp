// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/remote_options.h"

#include "access/ssh_setup.h"

#include <utility>

namespace freshet::cli {

namespace {

Status refuseOthers(const Arguments &arguments, std::initializer_list<const char *> options,
                    const char *scheme)
{
    for (const char *option : options) {
        if (arguments.has(option))
            return fail(ErrorCode::InvalidArgument,
                        "--" + std::string(option) + " needs an " + scheme + " URL");
    }
    return {};
}

Status readS3(const Arguments &arguments, transport::S3Access &access)
{
    auto found =
        access::s3AccessOf(arguments.value("profile").value_or(""), access::environmentVariable);
    if (!found)
        return fail(std::move(found).error());
    // What is known of the dataset comes before what is set up here.
    const transport::S3Access kept = std::exchange(access, std::move(*found));
    if (!kept.endpoint.empty())
        access.endpoint = kept.endpoint;
    if (kept.region != transport::S3Access().region)
        access.region = kept.region;
    access.isPathStyle = kept.isPathStyle || arguments.has("path-style");
    access.endpoint = arguments.value("endpoint").value_or(access.endpoint);
    access.region = arguments.value("region").value_or(access.region);
    if (arguments.has("anonymous")) {
        access.accessKeyId.clear();
        access.secretAccessKey.clear();
        access.sessionToken.clear();
    }
    return {};
}

void readSsh(const Arguments &arguments, transport::SshAccess &access)
{
    const transport::SshAccess kept =
        std::exchange(access, access::sshAccessOf(access::environmentVariable));
    const auto prefer = [](std::string &value, const std::string &better) {
        if (!better.empty())
            value = better;
    };
    prefer(access.user, kept.user);
    prefer(access.privateKeyFile, kept.privateKeyFile);
    prefer(access.knownHostsFile, kept.knownHostsFile);
    prefer(access.privateKeyFile, arguments.value("ssh-key").value_or(""));
    prefer(access.knownHostsFile, arguments.value("known-hosts").value_or(""));
    // For scripts: a passphrase or password does not belong on a command line.
    access.passphrase = access::environmentVariable("FRESHET_SSH_PASSPHRASE");
    access.password = access::environmentVariable("FRESHET_SSH_PASSWORD");
}

} // namespace

Status readRemoteAccess(const Arguments &arguments, transport::ByteRequest &bytes)
{
    if (bytes.url.starts_with("s3://"))
        FRESHET_TRY(readS3(arguments, bytes.s3));
    else
        FRESHET_TRY(refuseOthers(
            arguments, {"profile", "endpoint", "region", "path-style", "anonymous"}, "s3://"));
    if (bytes.url.starts_with("sftp://"))
        readSsh(arguments, bytes.ssh);
    else
        FRESHET_TRY(refuseOthers(arguments, {"ssh-key", "known-hosts"}, "sftp://"));
    return {};
}

} // namespace freshet::cli
