// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/ssh_setup.h"

#include <filesystem>

namespace freshet::access {

transport::SshAccess sshAccessOf(const Environment &environment)
{
    const std::filesystem::path folder = environment("HOME") + "/.ssh";
    transport::SshAccess access{.user = environment("USER"),
                                .hasAgent = !environment("SSH_AUTH_SOCK").empty(),
                                .knownHostsFile = (folder / "known_hosts").string()};
    if (access.user.empty())
        access.user = environment("LOGNAME");
    std::error_code ignored;
    for (const char *name : {"id_ed25519", "id_ecdsa", "id_rsa"}) {
        if (std::filesystem::exists(folder / name, ignored)) {
            access.privateKeyFile = (folder / name).string();
            break;
        }
    }
    return access;
}

} // namespace freshet::access
