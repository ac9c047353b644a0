// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_course.h"
#include "transfer/page_place.h"
#include "transfer/verdict.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> positionIn(const transport::ByteRequest &request,
                                       const std::string &place)
{
    const auto text = valueIn(request, place);
    std::int64_t value = 0;
    if (!text)
        return std::nullopt;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (problem != std::errc() || end != text->data() + text->size() || value < 0)
        return std::nullopt;
    return value;
}

/// Offsets advance by the rows received. While pages come as long as expected, several are asked
/// for at once; one that does not lets those behind it be asked for anew.
///
/// Pages by number keep the size they began with. Page 4 of 100 rows would be page 2 of 200, but a
/// server that caps the size without a word answers that with rows which are here already, short as
/// a last page would be, and nothing in the answer tells which of the two it is.
class CountedCourse final : public PageCourse
{
public:
    CountedCourse(const PageRule &rule, const transport::ByteRequest &request)
        : m_rule(rule),
          m_request(request),
          m_sizer(rule, request),
          m_isOffset(rule.style == PageStyle::Offset)
    {
        const auto sent = positionIn(request, rule.positionTo);
        m_isNamed = rule.first.has_value() || sent.has_value();
        m_start = rule.first.value_or(sent.value_or(m_isOffset ? 0 : 1));
        m_position = m_start;
    }

    PageStep judge(const PageFacts &facts) override
    {
        const UnderWay page = takeFront();
        const std::int64_t rows = facts.answer.rows;
        m_isShort = rows < page.expected;
        m_sizer.learn(page.asked, rows, facts.bytes, facts.took);
        if (m_isOffset)
            goOnFrom(page.position + rows);
        m_judged = m_isOffset ? page.position + rows : page.position + 1;
        m_parallel = rows == m_sizer.expected() ? std::min(m_parallel * 2, m_rule.inFlight) : 1;
        noteBounds(facts);
        return stepAfter(facts, page);
    }

    PageStep judgeRefusal(const Error &error, std::int64_t number) override
    {
        const UnderWay page = takeFront();
        const std::string what = "page " + groupedDigits(number);
        if (page.asked > 0 && m_sizer.refuse()) {
            m_underWay.clear();
            m_drops = true;
            m_position = page.position;
            return {};
        }
        if (m_isShort && number > 1)
            return {PageStep::Kind::End,
                    "page " + groupedDigits(number - 1) + " is shorter than the others, and " +
                        what + " does not exist (status " + std::to_string(error.nativeCode) + ")"};
        // Without knowing how many rows a page has, nobody knows whether the first one was full.
        if (number == 2 && page.asked == 0)
            return {PageStep::Kind::Stop,
                    what + " does not exist (status " + std::to_string(error.nativeCode) + ")"};
        return {PageStep::Kind::Lost, {}};
    }

    Result<std::vector<PageRequest>> next(std::int64_t wantedRows) override
    {
        std::vector<PageRequest> requests;
        const std::int64_t expected = m_sizer.expected();
        std::int64_t wanted = wantedRows;
        for (const auto &page : m_underWay)
            wanted -= page.expected;
        while (std::ssize(m_underWay) < m_parallel && m_position < m_bound && wanted > 0) {
            auto request = requestFor(m_position);
            if (!request)
                return fail(request.error());
            requests.push_back(std::move(*request));
            m_underWay.push_back({m_position, m_sizer.asked(), expected});
            m_position += m_isOffset ? expected : 1;
            wanted -= expected;
            if (expected == 0)
                break;
        }
        return requests;
    }

    bool dropsUnderWay() override { return std::exchange(m_drops, false); }

    bool startsAtFirstPage() const override { return m_isOffset ? m_start == 0 : m_start <= 1; }

    std::string place() const override { return placeText(m_judged.value_or(m_start)); }

    QJsonObject state() const override
    {
        return {{u"position"_s, static_cast<qint64>(m_judged.value_or(m_start))},
                {u"start"_s, static_cast<qint64>(m_start)},
                {u"isShort"_s, m_isShort},
                {u"asked"_s, static_cast<qint64>(m_sizer.asked())},
                {u"cap"_s, static_cast<qint64>(m_sizer.cap())}};
    }

    Status restore(const QJsonObject &state) override
    {
        if (!state[u"position"].isDouble() || !state[u"start"].isDouble())
            return fail(ErrorCode::LibraryDamaged, "the kept place among the pages is no number");
        m_position = state[u"position"].toInteger();
        m_start = state[u"start"].toInteger();
        m_isShort = state[u"isShort"].toBool();
        m_sizer.restore(state[u"asked"].toInteger(), state[u"cap"].toInteger());
        m_judged = m_position;
        m_isNamed = true;
        return {};
    }

private:
    struct UnderWay
    {
        std::int64_t position;
        std::int64_t asked;
        std::int64_t expected; ///< rows; 0: not known
    };

    UnderWay takeFront()
    {
        if (m_underWay.empty()) { // the first page was asked for before its style was known
            m_position = m_start + 1;
            return {m_start, m_sizer.asked(), m_sizer.expected()};
        }
        const UnderWay page = m_underWay.front();
        m_underWay.pop_front();
        return page;
    }

    /// The next row is at `offset`: what was asked for elsewhere is not wanted.
    void goOnFrom(std::int64_t offset)
    {
        if (!m_underWay.empty() && m_underWay.front().position == offset)
            return;
        m_drops = !m_underWay.empty();
        m_underWay.clear();
        m_position = offset;
    }

    void noteBounds(const PageFacts &facts)
    {
        m_bound = kNoBound;
        if (m_isOffset && facts.signs.total)
            m_bound = facts.signs.total->value;
        if (!m_isOffset && facts.signs.lastNumber)
            m_bound = facts.signs.lastNumber->value + (m_start == 0 ? 0 : 1);
    }

    PageStep stepAfter(const PageFacts &facts, const UnderWay &page) const
    {
        using Kind = PageStep::Kind;
        const std::string what = "page " + groupedDigits(facts.number);
        const auto &[hasMore, total, lastNumber] = facts.signs;
        if (hasMore && !hasMore->value)
            return {Kind::End, what + " is the last: " + hasMore->from + " says so"};
        if (!m_isOffset && lastNumber && page.position + 1 >= m_bound)
            return {Kind::End, what + " is the last of " + lastNumber->from + ' ' +
                                   groupedDigits(lastNumber->value)};
        const bool isAll =
            total && (m_isOffset ? *m_judged >= total->value
                                 : startsAtFirstPage() && facts.allRows >= total->value);
        if (isAll)
            return {Kind::End, what + " is the last: the rows of " + total->from + ' ' +
                                   groupedDigits(total->value) + " are there"};
        const auto &findings = facts.answer.findings;
        if (facts.answer.rows == 0 && findings.format == decode::Format::Json &&
            findings.rowsAt.empty())
            return {Kind::Stop, what + " has no list of rows"};
        if (facts.answer.rows == 0)
            return {Kind::End, what + " is empty"};
        return {};
    }

    Result<PageRequest> requestFor(std::int64_t position) const
    {
        PageRequest page{.request = m_request, .place = placeText(position)};
        if (m_isNamed || position != m_start)
            FRESHET_TRY(
                setValueIn(page.request, m_rule.positionTo, std::to_string(position), true));
        FRESHET_TRY(m_sizer.apply(page.request));
        return page;
    }

    std::string placeText(std::int64_t position) const
    {
        return m_rule.positionTo + ' ' + groupedDigits(position);
    }

    const PageRule m_rule;
    const transport::ByteRequest m_request;
    PageSizer m_sizer;
    const bool m_isOffset;
    bool m_isNamed = false; ///< the request says its position
    std::int64_t m_start = 0;
    std::int64_t m_position = 0;          ///< of the next request
    std::int64_t m_bound = kNoBound;      ///< positions from here on do not exist
    std::optional<std::int64_t> m_judged; ///< the position behind the last page that came
    std::deque<UnderWay> m_underWay;
    int m_parallel = 1;
    bool m_isShort = false; ///< the last page
    bool m_drops = false;
};

} // namespace

std::unique_ptr<PageCourse> makeCountedCourse(const PageRule &rule,
                                              const transport::ByteRequest &request)
{
    return std::make_unique<CountedCourse>(rule, request);
}

} // namespace freshet::transfer
