// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/aws_profile.h"

#include "transport/ascii.h"

#include <QFile>

#include <cstdlib>

namespace freshet::access {

namespace {

/// Empty if it cannot be read: whoever has no such file has no profiles.
std::string textOf(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

std::string firstOf(std::initializer_list<std::string> texts)
{
    for (const auto &text : texts) {
        if (!text.empty())
            return text;
    }
    return {};
}

} // namespace

std::string environmentVariable(const char *name)
{
    const char *const value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::optional<std::string> valueInSection(std::string_view text, std::string_view section,
                                          std::string_view key)
{
    bool isInside = false;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        // A line that is set in belongs to a setting with parts, such as `s3 =`.
        const bool isNested = line.starts_with(' ') || line.starts_with('\t');
        line = transport::trimmed(line);
        if (line.starts_with('[') && line.ends_with(']')) {
            isInside = transport::trimmed(line.substr(1, line.size() - 2)) == section;
            continue;
        }
        const std::size_t equals = line.find('=');
        if (!isInside || isNested || line.starts_with('#') || line.starts_with(';') ||
            equals == line.npos)
            continue;
        if (transport::trimmed(line.substr(0, equals)) == key)
            return std::string(transport::trimmed(line.substr(equals + 1)));
    }
    return std::nullopt;
}

Result<transport::S3Access> s3AccessOf(const std::string &profile, const Environment &environment)
{
    const std::string home = environment("HOME");
    const std::string credentials =
        textOf(firstOf({environment("AWS_SHARED_CREDENTIALS_FILE"), home + "/.aws/credentials"}));
    const std::string config =
        textOf(firstOf({environment("AWS_CONFIG_FILE"), home + "/.aws/config"}));
    const std::string named = firstOf({profile, environment("AWS_PROFILE")});
    const std::string name = firstOf({named, "default"});
    const auto kept = [&](const char *key) {
        const auto value = valueInSection(credentials, name, key);
        if (value)
            return *value;
        const std::string section = name == "default" ? name : "profile " + name;
        return valueInSection(config, section, key).value_or("");
    };

    transport::S3Access access;
    if (profile.empty()) {
        access.accessKeyId = environment("AWS_ACCESS_KEY_ID");
        access.secretAccessKey = environment("AWS_SECRET_ACCESS_KEY");
        access.sessionToken = environment("AWS_SESSION_TOKEN");
    }
    if (access.accessKeyId.empty()) {
        access.accessKeyId = kept("aws_access_key_id");
        access.secretAccessKey = kept("aws_secret_access_key");
        access.sessionToken = kept("aws_session_token");
    }
    const std::string region =
        firstOf({environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), kept("region")});
    access.endpoint = firstOf({environment("AWS_ENDPOINT_URL_S3"), environment("AWS_ENDPOINT_URL"),
                               kept("endpoint_url")});
    if (!named.empty() && access.accessKeyId.empty() && region.empty() && access.endpoint.empty())
        return fail(ErrorCode::InvalidArgument, "there is no profile \"" + named +
                                                    "\" in ~/.aws/credentials and ~/.aws/config");
    if (!region.empty())
        access.region = region;
    return access;
}

} // namespace freshet::access
