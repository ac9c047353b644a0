// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/plan_secrets.h"

#include "transport/url.h"

#include <algorithm>

namespace freshet::lab {

namespace {

/// Of a URL that is none of HTTP, the whole of it.
std::string originOf(const std::string &url)
{
    const auto parsed = transport::Url::parse(url);
    return parsed ? parsed->origin() : url;
}

void giveLogins(transfer::DownloadRequest &request, const std::vector<transfer::UrlLogin> &given)
{
    for (transfer::UrlLogin &login : request.logins) {
        const auto found = std::ranges::find(given, login.origin, &transfer::UrlLogin::origin);
        if (!login.isGiven() && found != given.end())
            login = *found;
    }
}

} // namespace

const Variant *variantLackingSecrets(const LabPlan &plan)
{
    const auto found = std::ranges::find_if(plan.variants, [](const Variant &variant) {
        return variant.recording.empty() && !transfer::missingSecrets(variant.request).isEmpty();
    });
    return found == plan.variants.end() ? nullptr : &*found;
}

void giveSecrets(LabPlan &plan, const transfer::DownloadRequest &asked,
                 const transfer::RequestSecrets &secrets)
{
    const std::string origin = originOf(asked.bytes.url);
    const std::string askedUrl = asked.bytes.url; // `asked` may be a variant's own request
    for (Variant &variant : plan.variants) {
        giveLogins(variant.request, secrets.logins);
        auto &bytes = variant.request.bytes;
        if (originOf(bytes.url) != origin)
            continue;
        for (const std::string &name : transfer::missingSecrets(variant.request).headers) {
            if (const auto value = findHeader(secrets.headers, name))
                bytes.headers.push_back({name, std::string(*value)});
        }
        const bool lacksTyped = !transfer::missingTypedSecrets(variant.request).empty();
        if (lacksTyped && secrets.s3)
            bytes.s3 = *secrets.s3;
        if (lacksTyped && secrets.ssh)
            bytes.ssh = *secrets.ssh;
        if (lacksTyped && !secrets.databasePassword.empty())
            bytes.postgres.password = secrets.databasePassword;
        if (!secrets.url.empty() && bytes.url == askedUrl)
            bytes.url = secrets.url;
    }
}

} // namespace freshet::lab
