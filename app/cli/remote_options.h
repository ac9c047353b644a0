// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/command.h"
#include "transport/transport.h"

#include <array>

namespace freshet::cli {

inline constexpr std::array kRemoteOptions = {
    Option{"profile", '\0', "NAME", "s3://: profile of ~/.aws (default: AWS_PROFILE, default)"},
    Option{"endpoint", '\0', "URL", "s3://: where the storage is, if not at Amazon"},
    Option{"region", '\0', "NAME", "s3://: region that requests are signed for"},
    Option{"path-style", '\0', "", "s3://: the bucket in the path, not in the host name"},
    Option{"anonymous", '\0', "", "s3://: without a key"},
    Option{"ssh-key", '\0', "FILE", "sftp://: private key (default: ~/.ssh/id_…)"},
    Option{"known-hosts", '\0', "FILE", "sftp://: keys of servers (default: ~/.ssh/known_hosts)"},
};

/// Say how the s3:// and sftp:// URLs among `places` are reached: by the options, else as this user
/// has set it up.
/// Errors: InvalidArgument in words for the user; also for options that no place has a use for.
[[nodiscard]] Status readRemoteAccess(const Arguments &arguments,
                                      const std::vector<std::string> &places,
                                      transport::ByteRequest &bytes);
/// The same where options may be meant for others.
[[nodiscard]] Status readOwnRemoteAccess(const Arguments &arguments,
                                         const std::vector<std::string> &places,
                                         transport::ByteRequest &bytes);
/// Errors: InvalidArgument for options that no place has a use for.
[[nodiscard]] Status checkRemoteOptions(const Arguments &arguments,
                                        const std::vector<std::string> &places);

} // namespace freshet::cli
