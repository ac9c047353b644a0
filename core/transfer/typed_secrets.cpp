// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/typed_secrets.h"

#include "transfer/download_request.h"
#include "transfer/request_places.h"

#include <algorithm>
#include <array>
#include <utility>

namespace freshet::transfer {

namespace {

constexpr auto kNames = std::to_array<std::pair<TypedSecret, std::string_view>>({
    {TypedSecret::S3Keys, "s3-keys"},
    {TypedSecret::S3SessionToken, "s3-session-token"},
    {TypedSecret::SshPassword, "ssh-password"},
    {TypedSecret::SshPassphrase, "ssh-passphrase"},
    {TypedSecret::DatabasePassword, "database-password"},
});

/// Whether a URL names its user with a password: `sftp://zoe:secret@host/`.
bool holdsPassword(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == url.npos)
        return false;
    url.remove_prefix(scheme + 3);
    const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    const std::size_t at = authority.rfind('@');
    return at != authority.npos && authority.substr(0, at).find(':') != authority.npos;
}

} // namespace

std::vector<TypedSecret> typedSecretsOf(const DownloadRequest &request)
{
    const transport::ByteRequest &bytes = request.bytes;
    const std::vector<std::string> places = placesOf(request);
    std::vector<TypedSecret> typed;
    const auto note = [&typed](TypedSecret secret, bool isThere) {
        if (isThere)
            typed.push_back(secret);
    };
    if (isAnyOf(places, "s3://")) {
        note(TypedSecret::S3Keys, !bytes.s3.secretAccessKey.empty());
        note(TypedSecret::S3SessionToken, !bytes.s3.sessionToken.empty());
    }
    if (isAnyOf(places, "sftp://")) {
        const bool isInAddress = std::ranges::any_of(places, [](const std::string &place) {
            return place.starts_with("sftp://") && holdsPassword(place);
        });
        note(TypedSecret::SshPassword, !bytes.ssh.password.empty() || isInAddress);
        note(TypedSecret::SshPassphrase, !bytes.ssh.passphrase.empty());
    }
    if (transport::isPostgresUrl(bytes.url))
        note(TypedSecret::DatabasePassword,
             !bytes.postgres.password.empty() || holdsPassword(bytes.url));
    return typed;
}

std::vector<TypedSecret> missingTypedSecrets(const DownloadRequest &request)
{
    const std::vector<TypedSecret> held = typedSecretsOf(request);
    std::vector<TypedSecret> missing;
    std::ranges::copy_if(
        request.typedSecrets, std::back_inserter(missing),
        [&held](TypedSecret secret) { return std::ranges::find(held, secret) == held.end(); });
    return missing;
}

std::string_view typedSecretName(TypedSecret secret)
{
    const auto found = std::ranges::find(kNames, secret, &decltype(kNames)::value_type::first);
    return found->second;
}

std::optional<TypedSecret> typedSecretByName(std::string_view name)
{
    const auto found = std::ranges::find(kNames, name, &decltype(kNames)::value_type::second);
    if (found == kNames.end())
        return std::nullopt;
    return found->first;
}

} // namespace freshet::transfer
