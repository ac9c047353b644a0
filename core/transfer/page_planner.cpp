// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/page_planner.h"

#include "transfer/page_names.h"
#include "transfer/verdict.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace freshet::transfer {

namespace {

constexpr std::size_t kMostRemembered = 200'000;
constexpr std::size_t kMostLosses = 10;
/// Rows that a keyset whose border is inclusive may send again.
constexpr std::int64_t kKeysetBorder = 1000;
/// Pages of one and the same row, after which nobody believes that they differ.
constexpr int kMostSameRows = 100;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b)
{
    return (a ^ (b + 0x9E3779B97F4A7C15ULL + (a << 6) + (a >> 2))) * 0xBF58476D1CE4E5B9ULL;
}

std::uint64_t fingerprintOf(const transport::ByteRequest &request)
{
    const std::hash<std::string> hash;
    std::uint64_t value = mixed(hash(request.url), hash(request.method));
    value = mixed(value, hash(request.body));
    for (const auto &header : request.headers)
        value = mixed(value, hash(header.value));
    return value;
}

std::string pagesText(std::int64_t pages)
{
    return groupedDigits(pages) + (pages == 1 ? " page" : " pages");
}

/// Statuses by which servers say that a page is beyond the end, or larger than they like.
bool mayMeanNoSuchPage(const Error &error)
{
    static constexpr int kStatuses[] = {400, 404, 410, 413, 416, 422};
    return error.code == ErrorCode::HttpStatus &&
           std::ranges::find(kStatuses, error.nativeCode) != std::end(kStatuses);
}

bool isEmptyAnswer(const LegReport &report)
{
    return report.error && report.error->code == ErrorCode::RowsNotFound && report.head &&
           report.head->status == 204;
}

} // namespace

PagePlanner::PagePlanner(PageRule rule, transport::ByteRequest request,
                         std::optional<RowCount> limit)
    : m_rule(std::move(rule)), m_request(std::move(request)), m_limit(limit)
{
    if (m_rule.style == PageStyle::Auto)
        return;
    m_rule = completed(m_rule, m_request, nullptr);
    m_course = makePageCourse(m_rule, m_request);
}

Result<Leg> PagePlanner::first()
{
    if (!m_course)
        return legFor({.request = m_request});
    auto pages = m_course->next(std::numeric_limits<std::int64_t>::max());
    if (!pages)
        return fail(std::move(pages).error());
    return legFor(std::move(pages->front()));
}

Leg PagePlanner::legFor(PageRequest page)
{
    m_underWay.push_back(fingerprintOf(page.request));
    Leg leg{.request = std::move(page.request),
            .label = "page " + groupedDigits(m_pages + std::ssize(m_underWay)),
            .means = LegMeans::WholeFirst,
            .delay = page.delay};
    leg.isPage = !m_takesOneRow;
    leg.columnNames = m_columnNames;
    leg.mayRepeatBorder = m_rule.style == PageStyle::Keyset && m_pages > 0;
    return leg;
}

std::int64_t PagePlanner::borderRows() const
{
    return m_rule.style == PageStyle::Keyset ? kKeysetBorder : 0;
}

bool PagePlanner::advance(const columnar::RecordBatch &batch,
                          const decode::DecodeFindings &findings)
{
    (void)findings;
    m_digest.add(batch);
    if (m_rule.style == PageStyle::Keyset)
        m_lastKey = lastValueOf(batch, m_rule.positionFrom);
    return false;
}

NextLegs PagePlanner::judge(const LegReport &report)
{
    ++m_pages;
    const std::uint64_t request = m_underWay.empty() ? 0 : m_underWay.front();
    if (!m_underWay.empty())
        m_underWay.pop_front();
    const std::uint64_t rowsHash = m_digest.take();
    if ((report.error && !isEmptyAnswer(report)) || !report.head)
        return judgeFailure(report);

    const PageAnswer answer{*report.head, report.findings,
                            report.rows.value() + report.rejected.value()};
    m_rows += answer.rows;
    if (!report.findings.columnNames.empty())
        m_columnNames = report.findings.columnNames;
    const PageSigns signs = readSigns(answer, m_rule.moreFrom);
    noteTotal(signs);
    if (noteProblem(report.findings))
        return over(*std::exchange(m_error, std::nullopt));
    if (auto loop = loopIn(mixed(request, rowsHash), rowsHash, report))
        return over({PageStep::Kind::Lost, std::move(*loop)});
    if (auto why = chooseCourse(answer, signs)) {
        if (mayBeOneRow(answer))
            return askForOneRow();
        return over(std::move(*why));
    }

    PageStep step = m_course->judge({.answer = answer,
                                     .signs = signs,
                                     .number = m_pages,
                                     .newRows = report.newRows.value(),
                                     .allRows = m_rows,
                                     .bytes = report.decodedBytes,
                                     .took = report.took,
                                     .lastKey = m_lastKey});
    return step.kind == PageStep::Kind::More ? goOn() : over(std::move(step));
}

NextLegs PagePlanner::judgeFailure(const LegReport &report)
{
    Error error = report.error.value_or(
        Error{.code = ErrorCode::ProtocolViolation, .detail = "there was no answer"});
    if (m_course && mayMeanNoSuchPage(error)) {
        PageStep step = m_course->judgeRefusal(error, m_pages);
        --m_pages; // there is none of this number
        if (step.kind == PageStep::Kind::More)
            return goOn();
        if (step.kind != PageStep::Kind::Lost)
            return over(std::move(step));
        ++m_pages;
    }
    error.detail = "page " + groupedDigits(m_pages) + ": " + error.detail;
    --m_pages;
    return over(std::move(error));
}

/// Find the style and the places that are still open, from the first answer. Output: why there is
/// nothing to go on with.
std::optional<PageStep> PagePlanner::chooseCourse(const PageAnswer &answer, const PageSigns &signs)
{
    const bool isOpen = !m_course || (m_rule.positionFrom.empty() && needsPositionFrom(m_rule));
    if (!isOpen)
        return std::nullopt;
    const auto found = findPages(m_request, answer);
    const bool isWanted =
        found && (m_rule.style == PageStyle::Auto || m_rule.style == found->rule.style);
    if (isWanted)
        m_found = found->sentence;
    m_rule = completed(m_rule, m_request, &answer);
    if (m_rule.style == PageStyle::Auto ||
        (m_rule.positionFrom.empty() && needsPositionFrom(m_rule))) {
        if (signs.hasMore && !signs.hasMore->value)
            return PageStep{PageStep::Kind::End, signs.hasMore->from + " says that page 1 is all"};
        return PageStep{PageStep::Kind::Stop, "nothing in the answer points to a next page"};
    }
    m_course = makePageCourse(m_rule, m_request);
    return std::nullopt;
}

/// A document without a list that nothing follows may be a row itself.
bool PagePlanner::mayBeOneRow(const PageAnswer &answer) const
{
    return m_pages == 1 && !m_takesOneRow && m_rule.style == PageStyle::Auto &&
           answer.findings.format == decode::Format::Json && answer.findings.rowsAt.empty() &&
           m_request.method == "GET";
}

NextLegs PagePlanner::askForOneRow()
{
    m_takesOneRow = true;
    m_pages = 0;
    NextLegs next;
    next.legs.push_back(legFor({.request = m_request}));
    return next;
}

std::optional<std::string> PagePlanner::loopIn(std::uint64_t visit, std::uint64_t content,
                                               const LegReport &report)
{
    const std::int64_t rows = report.rows.value();
    m_sameInARow = rows > 0 && content == m_lastContent ? m_sameInARow + 1 : 0;
    m_lastContent = content;
    // What is known already is dropped on the way: the course sees that nothing is new.
    if (rows == 0 || report.newRows.value() == 0)
        return std::nullopt;
    const std::string what = "page " + groupedDigits(m_pages);
    const std::string rowsText = groupedDigits(rows) + (rows == 1 ? " row" : " rows");
    // One row alone may well be like the one before.
    if (m_sameInARow >= (rows == 1 ? kMostSameRows : 1))
        return what + " brought the same " + rowsText + " as page " + groupedDigits(m_pages - 1) +
               ": the server does not go on, and the last " + rowsText +
               " of the table are a repetition";
    if (m_seen.size() >= kMostRemembered)
        m_seen.clear();
    if (!m_seen.insert(visit).second)
        return what + " is a request that was made before, and brought the same " + rowsText +
               ": the pages go round in a circle, and the last " + rowsText +
               " of the table are a repetition";
    return std::nullopt;
}

void PagePlanner::noteTotal(const PageSigns &signs)
{
    if (m_pages == 1)
        m_total = signs.total;
    if (!signs.total || !m_total) // one that only later pages seem to say is none
        return;
    // A `count` that changes from page to page counts the page.
    if (m_total->value != signs.total->value &&
        signOf(lastName(signs.total->from)) == PageSign::Count)
        m_isTotalDoubtful = true;
    m_total = signs.total;
}

/// What the answer says is wrong with itself. Output: whether that ends it.
bool PagePlanner::noteProblem(const decode::DecodeFindings &findings)
{
    const auto &problem = findings.inBandProblem;
    if (!problem)
        return false;
    std::string sentence = "page " + groupedDigits(m_pages) + ": " + *problem;
    if (problem->starts_with("$.err") || problem->starts_with("$.exc")) {
        m_error = Error{.code = ErrorCode::InBandError, .detail = std::move(sentence)};
        return true;
    }
    if (m_losses.size() < kMostLosses)
        m_losses.push_back(std::move(sentence));
    return false;
}

NextLegs PagePlanner::goOn()
{
    NextLegs next;
    if (m_pages == 1)
        next.notice = m_found;
    next.dropsUnderWay = m_course->dropsUnderWay();
    if (next.dropsUnderWay)
        m_underWay.clear();
    const std::int64_t wanted = m_limit ? std::max<std::int64_t>(m_limit->value() - m_rows, 1)
                                        : std::numeric_limits<std::int64_t>::max();
    auto pages = m_course->next(wanted);
    if (!pages)
        return over(std::move(pages).error());
    for (auto &page : *pages)
        next.legs.push_back(legFor(std::move(page)));
    if (m_underWay.empty())
        return over({PageStep::Kind::Stop, "no further page can be asked for"});
    return next;
}

NextLegs PagePlanner::over(PageStep step)
{
    m_end = std::move(step);
    return {.isOver = true};
}

NextLegs PagePlanner::over(Error error)
{
    m_error = std::move(error);
    return {.isOver = true};
}

PlanOutcome PagePlanner::outcome() const
{
    PlanOutcome outcome;
    outcome.loss = m_losses;
    outcome.error = m_error;
    if (m_end) {
        auto &side = m_end->kind == PageStep::Kind::End    ? outcome.proof
                     : m_end->kind == PageStep::Kind::Lost ? outcome.loss
                                                           : outcome.remarks;
        side.push_back(m_end->why);
    }
    outcome.remarks.push_back(pagesText(m_pages) +
                              (m_course ? " by " + std::string(pageStyleText(m_rule.style)) : ""));
    if (!m_found.empty())
        outcome.remarks.push_back(m_found);
    const bool isWhole = !m_course || m_course->startsAtFirstPage();
    if (m_total && isWhole && !m_isTotalDoubtful) {
        outcome.declaredTotal = RowCount(m_total->value);
        outcome.declaredTotalFrom = m_total->from;
    }
    return outcome;
}

std::string PagePlanner::plan() const
{
    const std::string next = "asks for page " + groupedDigits(m_pages + 1);
    return m_course ? next + " (" + m_course->place() + ')' : next;
}

} // namespace freshet::transfer
