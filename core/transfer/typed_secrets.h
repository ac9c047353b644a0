// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace freshet::transfer {

struct DownloadRequest;

/// A proof of who asks that somebody typed for one request, so that neither the environment nor a
/// file of this user nor an agent has it.
enum class TypedSecret { S3Keys, S3SessionToken, SshPassword, SshPassphrase, DatabasePassword };

/// Those that `request` holds now, in its fields or its URL. To be called before what this user has
/// set up on the machine is filled in: that is found again by itself.
[[nodiscard]] std::vector<TypedSecret> typedSecretsOf(const DownloadRequest &request);
/// Those that were typed for `request` (`DownloadRequest::typedSecrets`) and that it lacks now.
[[nodiscard]] std::vector<TypedSecret> missingTypedSecrets(const DownloadRequest &request);

/// For a kept request: `s3-keys`.
[[nodiscard]] std::string_view typedSecretName(TypedSecret secret);
[[nodiscard]] std::optional<TypedSecret> typedSecretByName(std::string_view name);

} // namespace freshet::transfer
