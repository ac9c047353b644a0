// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/transport.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace freshet::access {

/// Looks up a variable of the environment; empty if it is not set.
using Environment = std::function<std::string(const char *name)>;
/// The process's own.
[[nodiscard]] std::string environmentVariable(const char *name);

/// What AWS's files say in a section: `key = value` lines under `[name]`.
[[nodiscard]] std::optional<std::string>
valueInSection(std::string_view text, std::string_view section, std::string_view key);

/// How S3 is reached by what this user has set up: the variables AWS_ACCESS_KEY_ID,
/// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3 …, else the profile in
/// ~/.aws/credentials and ~/.aws/config. `profile` empty: AWS_PROFILE, else `default`; one that is
/// named comes before the variables with keys.
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
/// Errors: InvalidArgument if a profile that was named is in neither file.
[[nodiscard]] Result<transport::S3Access> s3AccessOf(const std::string &profile,
                                                     const Environment &environment);

} // namespace freshet::access
