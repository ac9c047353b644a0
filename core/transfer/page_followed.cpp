// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/json_text.h"
#include "transfer/page_course.h"
#include "transfer/page_names.h"
#include "transfer/page_place.h"
#include "transfer/verdict.h"
#include "transport/ascii.h"
#include "transport/link_header.h"
#include "transport/url.h"

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

using Kind = PageStep::Kind;

/// Pages without a row in a row, after which nobody waits for more.
constexpr int kMostEmptyPages = 1000;
/// Between two answers without rows, which is how a busy server says "not yet".
constexpr std::chrono::milliseconds kPollDelay{50};

/// The user information of `url` with its `@`, or nothing.
std::string_view credentialsIn(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return {};
    url.remove_prefix(scheme + 3);
    const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    const std::size_t at = authority.rfind('@');
    return at == std::string_view::npos ? std::string_view() : authority.substr(0, at + 1);
}

/// `url`, as `withoutSecrets` keeps it, with the secrets that the request has under the same names.
Result<std::string> withSecretsOf(const transport::ByteRequest &request, std::string url)
{
    transport::ByteRequest result{.url = std::move(url)};
    for (const auto &[name, value] : queryParameters(result.url)) {
        if (value != transport::kMaskedSecret)
            continue;
        const auto secret = valueIn(request, name);
        if (!secret)
            return fail(ErrorCode::LibraryDamaged,
                        "the address of the next page held a secret, which is not kept");
        FRESHET_TRY(setValueIn(result, name, *secret, false));
    }
    return std::move(result.url);
}

/// Each page says where the next one is: by a token for a parameter, or by an address.
class FollowedCourse final : public PageCourse
{
public:
    FollowedCourse(const PageRule &rule, const transport::ByteRequest &request)
        : m_rule(rule), m_request(request), m_sizer(rule, request)
    {
        const auto sent =
            rule.positionTo.empty() ? std::nullopt : valueIn(request, rule.positionTo);
        m_isFirst = !sent || sent->empty() || *sent == "*";
        m_sentToken = sent.value_or("");
    }

    PageStep judge(const PageFacts &facts) override
    {
        m_isWaiting = false;
        m_sizer.learn(m_sizer.asked(), facts.answer.rows, facts.bytes, facts.took);
        m_emptyPages = facts.answer.rows == 0 ? m_emptyPages + 1 : 0;
        const std::string what = "page " + groupedDigits(facts.number);
        if (m_emptyPages > kMostEmptyPages)
            return {Kind::Lost, groupedDigits(kMostEmptyPages) +
                                    " pages in a row had no rows, and still the server says that "
                                    "there is more"};
        if (const auto &more = facts.signs.hasMore; more && !more->value)
            return {Kind::End, what + " is the last: " + more->from + " says so"};
        switch (m_rule.style) {
        case PageStyle::Link:
        case PageStyle::Next:
            return followAddress(facts, what);
        case PageStyle::Keyset:
            return followKey(facts, what);
        default:
            return followToken(facts, what);
        }
    }

    PageStep judgeRefusal(const Error &error, std::int64_t number) override
    {
        (void)error;
        (void)number;
        return m_sizer.refuse() ? PageStep{} : PageStep{Kind::Lost, {}};
    }

    Result<std::vector<PageRequest>> next(std::int64_t wantedRows) override
    {
        if (wantedRows <= 0)
            return std::vector<PageRequest>();
        auto request = m_next.empty()  ? sized(m_request)
                       : isByAddress() ? addressRequest()
                                       : tokenRequest();
        if (!request)
            return fail(std::move(request).error());
        PageRequest page{.request = std::move(*request), .place = place()};
        page.delay = m_isWaiting ? kPollDelay : std::chrono::milliseconds(0);
        std::vector<PageRequest> requests;
        requests.push_back(std::move(page));
        return requests;
    }

    bool startsAtFirstPage() const override { return m_isFirst; }

    std::string place() const override
    {
        if (m_next.empty())
            return "the first page";
        if (isByAddress())
            return transport::withoutSecrets(m_next);
        constexpr std::size_t kShown = 60;
        return (m_rule.positionTo.starts_with("body:") ? m_rule.positionTo.substr(5)
                                                       : m_rule.positionTo) +
               " " + std::string(Error::excerptOf(m_next.substr(0, kShown)));
    }

    QJsonObject state() const override
    {
        return {{u"next"_s, QString::fromStdString(isByAddress() ? transport::withoutSecrets(m_next)
                                                                 : m_next)},
                {u"isFirst"_s, m_isFirst},
                {u"hasLeft"_s, m_hasLeft},
                {u"asked"_s, static_cast<qint64>(m_sizer.asked())},
                {u"cap"_s, static_cast<qint64>(m_sizer.cap())}};
    }

    Status restore(const QJsonObject &state) override
    {
        if (!state[u"next"].isString())
            return fail(ErrorCode::LibraryDamaged, "the kept place among the pages is no text");
        auto next = state[u"next"].toString().toStdString();
        if (isByAddress()) {
            auto address = withSecretsOf(m_request, std::move(next));
            if (!address)
                return fail(std::move(address).error());
            next = std::move(*address);
        }
        m_next = m_sentToken = std::move(next);
        m_isResumed = true;
        m_isFirst = state[u"isFirst"].toBool();
        m_hasLeft = state[u"hasLeft"].toBool();
        m_sizer.restore(state[u"asked"].toInteger(), state[u"cap"].toInteger());
        return {};
    }

private:
    bool isByAddress() const
    {
        return m_rule.style == PageStyle::Link || m_rule.style == PageStyle::Next;
    }

    /// The text at the rule's place; `{"next": {"href": …}}` is looked into.
    std::optional<std::string> said(const PageFacts &facts) const
    {
        const auto &[head, findings, rows] = facts.answer;
        auto text = textAt(m_rule.positionFrom, head, findings);
        if (!text)
            text = textAt(m_rule.positionFrom + ".href", head, findings);
        if (text && m_rule.positionFrom.starts_with("header:") && *text == "null")
            text.reset(); // Salesforce
        return text;
    }

    PageStep followAddress(const PageFacts &facts, const std::string &what)
    {
        const auto &[head, findings, rows] = facts.answer;
        std::optional<std::string> address;
        if (m_rule.style == PageStyle::Link) {
            auto next = transport::nextLink(head.headers, head.finalUrl);
            if (!next)
                return {Kind::Lost,
                        what + " has a next link that cannot be followed: " + next.error().detail};
            if (!*next)
                return {Kind::End, what + " is the last: it has no Link with rel=next"};
            address = std::move(*next);
        } else {
            const auto text = said(facts);
            if (!text)
                return {Kind::End, what + " is the last: it has no " + m_rule.positionFrom};
            const auto base = transport::Url::parse(head.finalUrl);
            const auto target = base ? base->resolve(*text) : base;
            if (!target)
                return {Kind::Lost, m_rule.positionFrom + " of " + what +
                                        " cannot be followed: " + target.error().detail};
            // CKAN sends a next address for ever.
            const bool hasEmptyList = rows == 0 && !findings.rowsAt.empty();
            if (hasEmptyList && !mayBeEmptyInTheMiddle(m_rule.positionFrom))
                return {Kind::End, what + " is empty"};
            address = target->text();
        }
        m_isWaiting = rows == 0;
        m_next = std::move(*address);
        return {};
    }

    PageStep followToken(const PageFacts &facts, const std::string &what)
    {
        auto token = said(facts);
        const bool saysMore = facts.signs.hasMore && facts.signs.hasMore->value;
        const bool isScroll = m_rule.style == PageStyle::Scroll;
        if (facts.answer.rows == 0) {
            // Crossref repeats its token for ever; others may send an empty page in the middle.
            const bool goesOn = token && *token != m_sentToken && !isScroll &&
                                (saysMore || mayBeEmptyInTheMiddle(m_rule.positionFrom));
            if (!goesOn)
                return {saysMore ? Kind::Stop : Kind::End, what + " is empty"};
        }
        if (!token && isScroll && !m_next.empty())
            token = m_next; // it may be sent once for all
        if (!token && saysMore)
            return {Kind::Lost, facts.signs.hasMore->from + " of " + what +
                                    " says that there is more, but there is no " +
                                    m_rule.positionFrom};
        if (!token)
            return {Kind::End, what + " is the last: it has no " + m_rule.positionFrom};
        m_next = m_sentToken = std::move(*token);
        return {};
    }

    PageStep followKey(const PageFacts &facts, const std::string &what)
    {
        if (facts.answer.rows == 0)
            return {Kind::End, what + " is empty"};
        // Right behind an interruption the whole page may be held already.
        const bool isHeld = std::exchange(m_isResumed, false) && facts.lastKey != m_next;
        if (facts.newRows == 0 && !isHeld)
            return {Kind::End, what + " brings nothing new"};
        if (!facts.lastKey)
            return {Kind::Lost,
                    "the last row of " + what + " has no value in " + m_rule.positionFrom};
        if (*facts.lastKey == m_next)
            return {Kind::Lost, what + " ends with the same " + m_rule.positionFrom +
                                    " as the page before: more rows have it than fit a page"};
        m_next = *facts.lastKey;
        return {};
    }

    Result<transport::ByteRequest> sized(transport::ByteRequest request) const
    {
        FRESHET_TRY(m_sizer.apply(request));
        return request;
    }

    /// A GET; secrets stay at home.
    Result<transport::ByteRequest> addressRequest()
    {
        const auto home = transport::Url::parse(m_request.url);
        const auto target = transport::Url::parse(m_next);
        if (!home || !target)
            return fail(home ? target.error() : home.error());
        transport::ByteRequest request = m_request;
        request.url = target->text();
        request.method = "GET";
        request.body.clear();
        m_hasLeft = m_hasLeft || home->origin() != target->origin();
        std::erase_if(request.headers, [this](const transport::Header &header) {
            return transport::equalsIgnoringCase(header.name, "Content-Type") ||
                   (m_hasLeft && transport::isSecretHeader(header.name));
        });
        if (!m_hasLeft)
            request.url.insert(request.url.find("://") + 3, credentialsIn(m_request.url));
        return request;
    }

    Result<transport::ByteRequest> tokenRequest() const
    {
        if (m_rule.style == PageStyle::Scroll)
            return scrollRequest();
        auto request = sized(m_request);
        if (request)
            FRESHET_TRY(setValueIn(*request, m_rule.positionTo, m_next, false));
        return request;
    }

    /// Source: Elasticsearch reference, "Scroll": POST /_search/scroll.
    Result<transport::ByteRequest> scrollRequest() const
    {
        const auto home = transport::Url::parse(m_request.url);
        const auto target = home ? home->resolve("/_search/scroll") : home;
        if (!target)
            return fail(target.error());
        transport::ByteRequest request = m_request;
        request.url = target->text();
        request.url.insert(request.url.find("://") + 3, credentialsIn(m_request.url));
        request.method = "POST";
        request.body =
            "{\"scroll\":" + decode::quotedJson(valueIn(m_request, "scroll").value_or("1m")) +
            ",\"scroll_id\":" + decode::quotedJson(m_next) + '}';
        if (!findHeader(request.headers, "Content-Type"))
            request.headers.push_back({"Content-Type", "application/json"});
        return request;
    }

    const PageRule m_rule;
    const transport::ByteRequest m_request;
    PageSizer m_sizer;
    std::string m_next;      ///< token or address; empty before the first page
    std::string m_sentToken; ///< with the page that is judged next
    bool m_isFirst = true;
    bool m_hasLeft = false; ///< for another origin: no secret is sent any more
    bool m_isWaiting = false;
    bool m_isResumed = false; ///< the next page is the first since then
    int m_emptyPages = 0;
};

} // namespace

std::unique_ptr<PageCourse> makeFollowedCourse(const PageRule &rule,
                                               const transport::ByteRequest &request)
{
    return std::make_unique<FollowedCourse>(rule, request);
}

} // namespace freshet::transfer
