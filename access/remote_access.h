// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/aws_profile.h"

#include <vector>

namespace freshet::access {

/// Fill in how storage is reached, from what this user has set up, where one of the `places` that
/// are asked for is an s3:// or sftp:// URL; what the request says already stays, but for the
/// agent, which is the one of this session. Other requests are left alone.
///
/// `profile`: of ~/.aws; empty: as `s3AccessOf` has it. Reads files: not on a GUI thread.
/// Errors: those of `s3AccessOf`.
[[nodiscard]] Status completeAccess(transport::ByteRequest &bytes,
                                    const std::vector<std::string> &places,
                                    const Environment &environment,
                                    const std::string &profile = {});

} // namespace freshet::access
