// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/remote_options.h"

#include "access/remote_access.h"
#include "transfer/request_places.h"

#include <filesystem>

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

void readS3(const Arguments &arguments, transport::S3Access &access)
{
    access.isPathStyle = access.isPathStyle || arguments.has("path-style");
    access.endpoint = arguments.value("endpoint").value_or(access.endpoint);
    access.region = arguments.value("region").value_or(access.region);
    if (arguments.has("anonymous")) {
        access.accessKeyId.clear();
        access.secretAccessKey.clear();
        access.sessionToken.clear();
    }
}

Status readSsh(const Arguments &arguments, transport::SshAccess &access)
{
    // Without it the server would only say that it does not know who asks.
    std::error_code problem;
    if (const auto key = arguments.value("ssh-key");
        key && !std::filesystem::exists(*key, problem) && !problem)
        return fail(ErrorCode::FileNotFound, *key + ": No such file or directory");
    access.privateKeyFile = arguments.value("ssh-key").value_or(access.privateKeyFile);
    access.knownHostsFile = arguments.value("known-hosts").value_or(access.knownHostsFile);
    // For scripts: a passphrase or password does not belong on a command line.
    access.passphrase = access::environmentVariable("FRESHET_SSH_PASSPHRASE");
    access.password = access::environmentVariable("FRESHET_SSH_PASSWORD");
    return {};
}

} // namespace

Status readOwnRemoteAccess(const Arguments &arguments, const std::vector<std::string> &places,
                           transport::ByteRequest &bytes)
{
    // What is known of the dataset comes before what is set up here, and options before both.
    FRESHET_TRY(access::completeAccess(bytes, places, access::environmentVariable,
                                       arguments.value("profile").value_or("")));
    if (transfer::isAnyOf(places, "s3://"))
        readS3(arguments, bytes.s3);
    if (transfer::isAnyOf(places, "sftp://"))
        FRESHET_TRY(readSsh(arguments, bytes.ssh));
    return {};
}

Status checkRemoteOptions(const Arguments &arguments, const std::vector<std::string> &places)
{
    if (!transfer::isAnyOf(places, "s3://"))
        FRESHET_TRY(refuseOthers(
            arguments, {"profile", "endpoint", "region", "path-style", "anonymous"}, "s3://"));
    if (!transfer::isAnyOf(places, "sftp://"))
        FRESHET_TRY(refuseOthers(arguments, {"ssh-key", "known-hosts"}, "sftp://"));
    return {};
}

Status readRemoteAccess(const Arguments &arguments, const std::vector<std::string> &places,
                        transport::ByteRequest &bytes)
{
    FRESHET_TRY(checkRemoteOptions(arguments, places));
    return readOwnRemoteAccess(arguments, places, bytes);
}

} // namespace freshet::cli
