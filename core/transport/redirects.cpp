// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/redirects.h"

#include "transport/ascii.h"

#include <algorithm>

namespace freshet::transport {

namespace {

void dropBody(Hop &hop)
{
    hop.body.clear();
    std::erase_if(hop.headers, [](const Header &header) {
        // RFC 9110 §15.4: fields that describe the body go with it.
        const std::string name = lowered(header.name);
        return name.starts_with("content-") || name == "digest" || name == "last-modified";
    });
}

void applyMethodRules(Hop &hop, int status)
{
    const bool seeOther = status == 303 && hop.method != "HEAD" && hop.method != "GET";
    const bool postMoved = (status == 301 || status == 302) && hop.method == "POST";
    if (!seeOther && !postMoved)
        return;
    hop.method = "GET";
    dropBody(hop);
}

void dropSecrets(Hop &hop)
{
    hop.credentials.reset();
    hop.awsScope.clear();
    std::erase_if(hop.headers, [](const Header &header) { return isSecretHeader(header.name); });
}

} // namespace

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

RedirectFollower::RedirectFollower(const Hop &first, const Limits &limits)
    : m_limit(limits.redirects)
{
    m_visited.insert(first.method + ' ' + first.url.text());
}

Result<Hop> RedirectFollower::next(const Hop &hop, const MessageHead &answer)
{
    const auto location = findHeader(answer.headers, "Location");
    if (!location || location->empty())
        return fail(Error{.code = ErrorCode::ProtocolViolation,
                          .detail = "the server answered " + std::to_string(answer.status) +
                                    " without saying where to (no Location)",
                          .nativeCode = answer.status});
    if (m_count >= m_limit)
        return fail(ErrorCode::TooManyRedirects, "gave up after " + std::to_string(m_limit) +
                                                     " redirects, the last one to " +
                                                     withoutSecrets(*location));
    auto target = hop.url.resolve(*location);
    if (!target)
        return fail(std::move(target).error());

    Hop following = hop;
    following.url = std::move(*target);
    applyMethodRules(following, answer.status);
    if (following.url.origin() != hop.url.origin())
        dropSecrets(following);
    if (!m_visited.insert(following.method + ' ' + following.url.text()).second)
        return fail(ErrorCode::TooManyRedirects, "the redirects go round in a circle, back to " +
                                                     withoutSecrets(following.url.text()));
    ++m_count;
    return following;
}

} // namespace freshet::transport
