// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/paged_since.h"

#include "transfer/page_place.h"
#include "transfer/since_repeats.h"
#include "transfer/verdict.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

using Origin = SinceRule::Origin;

} // namespace

PagedSincePlanner::PagedSincePlanner(transport::ByteRequest request, SinceRule rule, PageRule pages,
                                     std::optional<RowCount> limit)
    : m_request(std::move(request)),
      m_rule(std::move(rule)),
      m_pageRule(std::move(pages)),
      m_limit(limit)
{
    if (!m_rule.initial.empty())
        m_start = m_rule.initial;
}

std::optional<std::string> PagedSincePlanner::watermark() const
{
    if (m_rule.origin != Origin::Column)
        return m_token ? m_token : m_start;
    return m_track.isEmpty() ? m_start : m_track.watermark();
}

Result<std::unique_ptr<PagePlanner>> PagedSincePlanner::pagesSince() const
{
    transport::ByteRequest request = m_request;
    const bool isNumber = (m_track.isEmpty() ? m_earlier : m_track).isNumber();
    if (m_start)
        FRESHET_TRY(setValueIn(request, m_rule.sendAs, *m_start, isNumber));
    return std::make_unique<PagePlanner>(m_pageRule, std::move(request), m_limit);
}

Result<Leg> PagedSincePlanner::first()
{
    if (m_isComplete) {
        auto token = watermark();
        m_border = tokenRows();
        m_asked =
            m_rule.origin == Origin::Column ? m_track.watermarkOrdinal() : TokenTrack::Ordinal();
        m_asksForNewOnly =
            m_rule.key.empty() && token && m_asked.kind == TokenTrack::Ordinal::Kind::None;
        m_sendsAllAgain = false;
        if (token) {
            auto earlier = tokenBefore(*token, m_rule.overlap);
            if (!earlier)
                return fail(std::move(earlier).error());
            token = std::move(*earlier);
        }
        m_start = std::move(token);
        m_earlier = std::exchange(m_track, {});
        m_found.reset();
        m_rows = 0;
        m_isComplete = false;
        m_pages.reset();
    }
    m_isRunning = true;
    if (!m_pages) {
        auto pages = pagesSince();
        if (!pages)
            return fail(std::move(pages).error());
        m_pages = std::move(*pages);
    }
    auto leg = m_pages->first();
    if (!leg)
        return leg;
    return marked(std::move(*leg));
}

/// How many rows of the watermark come again when it is asked with.
std::int64_t PagedSincePlanner::tokenRows() const
{
    return m_rule.isInclusive ? m_track.watermarkRows() : 0;
}

/// Rows up to the token were not asked for.
Status PagedSincePlanner::admit(const columnar::RecordBatch &batch)
{
    const std::int64_t unasked = unaskedRows(m_rule, batch, m_asked, m_sendsAllAgain);
    m_unasked += unasked;
    if (unasked == 0 || m_sendsAllAgain)
        return {};
    m_sendsAllAgain = true;
    if (!m_hasJudged)
        return {};
    m_pages.reset(); // the next run begins with the first page
    return fail(tokenIgnored(m_rule));
}

/// The rows of the token may take several pages to come again.
Leg PagedSincePlanner::marked(Leg leg) const
{
    leg.mayRepeatBorder = leg.mayRepeatBorder || m_rows < m_border;
    return leg;
}

std::int64_t PagedSincePlanner::borderRows() const
{
    if (m_sendsAllAgain) // on the way all that are held are known
        return m_isRunning ? 0 : std::numeric_limits<std::int64_t>::max();
    const std::int64_t ofPages = m_pages ? m_pages->borderRows() : 0;
    if (m_isComplete)
        return std::max(ofPages, tokenRows());
    return std::max(ofPages, m_rows < m_border ? m_border + m_rows : 0);
}

bool PagedSincePlanner::advance(const columnar::RecordBatch &batch,
                                const decode::DecodeFindings &findings)
{
    m_rows += batch.rowCount;
    if (m_rule.origin == Origin::Column)
        noteColumn(m_track, m_rule, batch);
    return m_pages && m_pages->advance(batch, findings);
}

void PagedSincePlanner::noteToken(const LegReport &report)
{
    if (m_rule.origin == Origin::Column || m_found || report.error || !report.head)
        return;
    const std::string place =
        m_rule.origin == Origin::Header ? "header:" + m_rule.from : m_rule.from;
    m_found = textAt(place, *report.head, report.findings);
}

NextLegs PagedSincePlanner::judge(const LegReport &report)
{
    noteToken(report);
    m_hasJudged = true;
    m_asksForNewOnly = false;
    m_repeated += (report.rows - report.newRows).value();
    if (!m_pages) {
        m_error = report.error;
        return {.isOver = true};
    }
    NextLegs next = m_pages->judge(report);
    if (next.isOver) {
        const PlanOutcome outcome = m_pages->outcome();
        if (!outcome.error && outcome.loss.empty())
            complete();
    }
    for (Leg &leg : next.legs)
        leg = marked(std::move(leg));
    return next;
}

void PagedSincePlanner::complete()
{
    if (m_found)
        m_token = m_found;
    if (m_track.isEmpty())
        m_track = m_earlier; // nothing new has come
    m_isComplete = true;
}

PlanOutcome PagedSincePlanner::outcome() const
{
    PlanOutcome outcome = m_pages ? m_pages->outcome() : PlanOutcome{.error = m_error};
    if (m_sendsAllAgain)
        tellRepeats(outcome,
                    "the source seems to ignore " + m_rule.sendAs + ": " +
                        groupedDigits(m_repeated) +
                        " rows that are here already came again and were dropped",
                    m_unasked - m_repeated);
    if (!m_start)
        return outcome;
    // It counts the rows of this answer, or all that the source has: then it proves nothing.
    if (outcome.declaredTotal && outcome.declaredTotal->value() == m_rows)
        outcome.proof.push_back(outcome.declaredTotalFrom + ' ' + std::to_string(m_rows) +
                                " = rows of these pages");
    outcome.declaredTotal.reset();
    outcome.remarks.push_back("asked for rows since " + *m_start);
    return outcome;
}

std::string PagedSincePlanner::state() const
{
    const bool isUnderWay = m_pages && !m_isComplete;
    const QJsonObject object{
        {u"kind"_s, u"pages-since"_s},
        {u"start"_s, tokenToJson(m_start)},
        {u"token"_s, tokenToJson(m_token)},
        {u"found"_s, tokenToJson(m_found)},
        {u"column"_s, m_track.toJson()},
        {u"earlier"_s, m_earlier.toJson()},
        {u"rows"_s, static_cast<qint64>(m_rows)},
        {u"border"_s, static_cast<qint64>(m_border)},
        {u"isComplete"_s, m_isComplete},
        {u"sendsAllAgain"_s, m_sendsAllAgain},
        {u"pages"_s, isUnderWay ? QString::fromStdString(m_pages->state()) : QString()}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Status PagedSincePlanner::restore(std::string_view state)
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray(state.data(), static_cast<qsizetype>(state.size())))
            .object();
    if (object[u"kind"] != u"pages-since"_s || !object[u"column"].isObject())
        return fail(ErrorCode::LibraryDamaged, "the kept since token cannot be read");
    m_start = tokenFromJson(object[u"start"]);
    m_token = tokenFromJson(object[u"token"]);
    m_found = tokenFromJson(object[u"found"]);
    m_track = TokenTrack::fromJson(object[u"column"].toObject());
    m_earlier = TokenTrack::fromJson(object[u"earlier"].toObject());
    m_rows = object[u"rows"].toInteger();
    m_border = object[u"border"].toInteger();
    m_isComplete = object[u"isComplete"].toBool();
    m_sendsAllAgain = object[u"sendsAllAgain"].toBool();
    const std::string pages = object[u"pages"].toString().toStdString();
    if (pages.empty())
        return {};
    auto planner = pagesSince();
    if (!planner)
        return fail(std::move(planner).error());
    m_pages = std::move(*planner);
    return m_pages->restore(pages);
}

std::string PagedSincePlanner::plan() const
{
    if (!m_isComplete)
        return (m_pages ? m_pages->plan() : std::string("asks for page 1")) +
               (m_start ? " of the rows since " + *m_start : std::string());
    const auto token = watermark();
    const auto earlier = token ? tokenBefore(*token, m_rule.overlap) : Result<std::string>();
    return askedText(m_rule, token && earlier ? std::optional(*earlier) : token) + ", page by page";
}

void PagedSincePlanner::startBehind(const TokenTrack &column)
{
    m_track = column;
    m_isComplete = true;
}

} // namespace freshet::transfer
