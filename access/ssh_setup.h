// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/aws_profile.h"

namespace freshet::access {

/// How SSH servers are reached by what this user has set up: the user's name, ~/.ssh/known_hosts,
/// the agent of SSH_AUTH_SOCK, and the first of ~/.ssh/id_ed25519, id_ecdsa and id_rsa that is
/// there.
[[nodiscard]] transport::SshAccess sshAccessOf(const Environment &environment);

} // namespace freshet::access
