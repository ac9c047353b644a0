// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/aws_profile.h"

namespace freshet::access {

/// Fill in how the storage of an s3:// or sftp:// URL is reached, from what this user has set up;
/// what the request says already stays, but for the agent, which is the one of this session.
/// Other requests are left alone.
///
/// `profile`: of ~/.aws; empty: as `s3AccessOf` has it. Reads files: not on a GUI thread.
/// Errors: those of `s3AccessOf`.
[[nodiscard]] Status completeAccess(transport::ByteRequest &bytes, const Environment &environment,
                                    const std::string &profile = {});

} // namespace freshet::access
