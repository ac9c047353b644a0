// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/since_planner.h"

#include "transfer/page_place.h"
#include "transfer/since_repeats.h"
#include "transfer/verdict_rules.h"
#include "transport/retry_after.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

using Origin = SinceRule::Origin;

} // namespace

SincePlanner::SincePlanner(transport::ByteRequest request, SinceRule rule,
                           const transport::RetryPolicy &retry, std::uint32_t seed)
    : m_request(std::move(request)),
      m_rule(std::move(rule)),
      m_schedule(retry, m_request.method, seed)
{
    if (!m_rule.initial.empty())
        m_start = m_rule.initial;
}

bool SincePlanner::hasRowTokens() const
{
    return m_rule.origin == Origin::Column || m_rule.origin == Origin::EventId;
}

/// Where to go on behind what has come so far.
SincePlanner::Position SincePlanner::position() const
{
    if (m_isComplete && m_rule.origin == Origin::Column && !m_track.isEmpty())
        return {m_track.watermark(), m_rule.isInclusive ? m_track.watermarkRows() : 0,
                m_track.watermarkOrdinal()};
    if (m_isComplete && m_token)
        return {m_token, m_rule.origin == Origin::EventId && m_rule.isInclusive ? 1 : 0};
    if (m_isComplete) // nothing says how far it came; with a key, rows meet at the end
        return {m_start, m_rule.key.empty() ? kEveryRow : 0};
    if (m_sendsAllAgain)
        return {m_start, kEveryRow, startOrdinal()};
    if (!hasRowTokens())
        return {m_start, m_rows};
    if (m_rule.origin == Origin::EventId)
        return m_token ? Position{m_token, m_rule.isInclusive ? 1 : 0} : Position{m_start, m_rows};
    if (m_track.isEmpty() || !m_track.isAscending())
        return {m_start, m_rows, startOrdinal()};
    if (m_rule.isInclusive)
        return {m_track.last(), m_track.lastRows(), m_track.lastOrdinal()};
    if (m_track.isId())
        return {m_track.last(), 0, m_track.lastOrdinal()};
    // More rows of the last value may have been on their way: ask for all of them.
    if (m_track.beforeLast())
        return {m_track.beforeLast(), m_track.lastRows(), m_track.beforeLastOrdinal()};
    return {m_start, m_track.lastRows(), startOrdinal()};
}

/// Of what the run asked with at first, if that was the watermark of the runs before it.
TokenTrack::Ordinal SincePlanner::startOrdinal() const
{
    const bool isWatermark = m_start && m_earlier.watermark() == m_start;
    return isWatermark ? m_earlier.watermarkOrdinal() : TokenTrack::Ordinal();
}

Result<Leg> SincePlanner::legAt(const Position &position) const
{
    Leg leg{.request = m_request,
            .label = position.token ? "since " + *position.token : std::string("all rows"),
            .means = hasRowTokens() ? LegMeans::Once : LegMeans::Resuming,
            .mayRepeatBorder = position.border > 0,
            .isPage = true};
    const bool isNumber = (m_track.isEmpty() ? m_earlier : m_track).isNumber();
    if (position.token)
        FRESHET_TRY(setValueIn(leg.request, m_rule.sendAs, *position.token, isNumber));
    return leg;
}

Result<Leg> SincePlanner::first()
{
    Position from = position();
    if (m_isComplete) {
        if (from.token) {
            auto earlier = tokenBefore(*from.token, m_rule.overlap);
            if (!earlier)
                return fail(std::move(earlier).error());
            from.token = std::move(*earlier);
        }
        m_start = from.token;
        m_earlier = std::exchange(m_track, {});
        m_rows = 0;
        m_isComplete = false;
        m_sendsAllAgain = false;
        m_asksForNewOnly = m_rule.key.empty() && from.token &&
                           from.ordinal.kind == TokenTrack::Ordinal::Kind::None;
    }
    m_isRunning = true;
    m_asked = from.ordinal;
    m_rowsBefore = m_rows;
    m_askedToken = from.token;
    return legAt(from);
}

/// Rows up to the token were not asked for.
Status SincePlanner::admit(const columnar::RecordBatch &batch)
{
    const std::int64_t unasked = unaskedRows(m_rule, batch, m_asked, m_sendsAllAgain);
    m_unasked += unasked;
    if (unasked == 0 || m_sendsAllAgain)
        return {};
    m_sendsAllAgain = true;
    if (m_rowsBefore == 0)
        return {};
    return fail(tokenIgnored(m_rule));
}

bool SincePlanner::advance(const columnar::RecordBatch &batch,
                           const decode::DecodeFindings &findings)
{
    m_rows += batch.rowCount;
    if (m_rule.origin == Origin::EventId) {
        if (findings.lastEventId)
            m_token = findings.lastEventId;
        return true;
    }
    if (m_rule.origin == Origin::Column)
        noteColumn(m_track, m_rule, batch);
    return true;
}

std::int64_t SincePlanner::borderRows() const
{
    const std::int64_t border = position().border;
    // On the way only a reconnection needs them, which gives up above the limit.
    return m_isRunning && (border > kMaxBorderRows || !hasRowTokens()) ? 0 : border;
}

void SincePlanner::takeWholeToken(const LegReport &report)
{
    if (hasRowTokens() || !report.head)
        return;
    const std::string place =
        m_rule.origin == Origin::Header ? "header:" + m_rule.from : m_rule.from;
    if (auto token = textAt(place, *report.head, report.findings))
        m_token = std::move(token);
}

/// The answer is weighed as if it were the only one; the rows it declares count for it alone.
void SincePlanner::weighAnswer(const LegReport &report)
{
    VerdictFacts facts{.end = report.end,
                       .format = report.findings.format,
                       .findings = report.findings,
                       .rows = report.rows};
    if (report.head) {
        facts.head = *report.head;
        facts.declared = declaredTotals(report.head->headers);
    }
    if (report.end)
        facts.wireBytes = report.end->wireBytes;
    if (facts.findings.declaredTotal)
        facts.declared.push_back({*facts.findings.declaredTotal, facts.findings.declaredTotalFrom});
    facts.findings.declaredTotal.reset();
    if (!m_askedToken && m_reconnections == 0 && !facts.declared.empty()) {
        m_outcome.declaredTotal = facts.declared.front().rows;
        m_outcome.declaredTotalFrom = facts.declared.front().from;
        facts.declared.clear();
    }
    // It may count all rows that the source has, not only those asked for: then it proves nothing.
    std::erase_if(facts.declared,
                  [&](const DeclaredTotal &total) { return total.rows != report.rows; });
    Verdict verdict = transfer::judge(facts);
    if (verdict.kind == VerdictKind::Incomplete)
        m_outcome.loss = std::move(verdict.evidence);
    else if (verdict.kind == VerdictKind::Verified)
        m_outcome.proof = std::move(verdict.evidence);
    else
        m_outcome.remarks.assign(verdict.evidence.begin() + 1, verdict.evidence.end());
    if (m_sendsAllAgain)
        weighRepeats(report);
}

void SincePlanner::weighRepeats(const LegReport &report)
{
    const std::int64_t dropped = (report.rows - report.newRows).value();
    std::string sentence = "the source seems to ignore " + m_rule.sendAs + ": ";
    if (m_start)
        sentence += "it sent " + groupedDigits(std::max(m_unasked, dropped)) +
                    " rows that were not asked for; " + groupedDigits(dropped) +
                    " of them are here already and were dropped";
    else
        sentence += "all rows were asked for again, and " + groupedDigits(dropped) +
                    " that are here already were dropped";
    tellRepeats(m_outcome, std::move(sentence), m_unasked - dropped);
}

NextLegs SincePlanner::judge(const LegReport &report)
{
    return report.error ? reconnect(report) : end(report);
}

NextLegs SincePlanner::end(const LegReport &report)
{
    takeWholeToken(report);
    if (m_track.isEmpty())
        m_track = m_earlier; // nothing new has come
    weighAnswer(report);
    m_isComplete = true;
    return {.isOver = true};
}

NextLegs SincePlanner::reconnect(const LegReport &report)
{
    if (report.newRows.value() > 0)
        m_schedule.noteProgress();
    m_outcome.error = report.error;
    const Position from = position();
    const auto delay =
        m_schedule.delayAfter(*report.error, transport::retryAfterOf(report.head.get()));
    if (!delay || !hasRowTokens() || m_sendsAllAgain)
        return {.isOver = true};
    if (from.border > kMaxBorderRows) {
        m_outcome.error->detail += "; " + groupedDigits(from.border) +
                                   " rows would come again, too many to tell apart on the way";
        return {.isOver = true};
    }
    auto leg = legAt(from);
    if (!leg) {
        m_outcome.error = std::move(leg).error();
        return {.isOver = true};
    }
    m_asked = from.ordinal;
    m_rowsBefore = m_rows;
    m_asksForNewOnly = false;
    leg->delay = *delay;
    leg->waitsFor = *report.error;
    leg->retry = m_schedule.retries();
    m_outcome.error.reset();
    ++m_reconnections;
    NextLegs next;
    next.legs.push_back(std::move(*leg));
    return next;
}

PlanOutcome SincePlanner::outcome() const
{
    PlanOutcome outcome = m_outcome;
    if (m_askedToken)
        outcome.remarks.push_back("asked for rows since " + *m_askedToken);
    if (m_reconnections > 0)
        outcome.remarks.push_back("reconnected " + std::to_string(m_reconnections) +
                                  (m_reconnections == 1 ? " time" : " times"));
    if (m_rule.origin == Origin::Column && !m_track.isAscending())
        outcome.remarks.push_back("rows do not ascend by " + m_rule.from +
                                  ": a cut answer has to be asked for from its start");
    return outcome;
}

std::string SincePlanner::state() const
{
    const QJsonObject object{{u"kind"_s, u"since"_s},
                             {u"start"_s, tokenToJson(m_start)},
                             {u"token"_s, tokenToJson(m_token)},
                             {u"column"_s, m_track.toJson()},
                             {u"earlier"_s, m_earlier.toJson()},
                             {u"rows"_s, static_cast<qint64>(m_rows)},
                             {u"isComplete"_s, m_isComplete},
                             {u"sendsAllAgain"_s, m_sendsAllAgain}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Status SincePlanner::restore(std::string_view state)
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray(state.data(), static_cast<qsizetype>(state.size())))
            .object();
    if (object[u"kind"] != u"since"_s || !object[u"column"].isObject())
        return fail(ErrorCode::LibraryDamaged, "the kept since token cannot be read");
    m_start = tokenFromJson(object[u"start"]);
    m_token = tokenFromJson(object[u"token"]);
    m_track = TokenTrack::fromJson(object[u"column"].toObject());
    m_earlier = TokenTrack::fromJson(object[u"earlier"].toObject());
    m_rows = object[u"rows"].toInteger();
    m_isComplete = object[u"isComplete"].toBool();
    m_sendsAllAgain = object[u"sendsAllAgain"].toBool();
    return {};
}

std::string SincePlanner::plan() const
{
    const Position from = position();
    if (!from.token || !m_isComplete)
        return askedText(m_rule, from.token);
    const auto earlier = tokenBefore(*from.token, m_rule.overlap);
    return askedText(m_rule, earlier ? std::optional(*earlier) : from.token);
}

void SincePlanner::startBehind(const TokenTrack &column)
{
    m_track = column;
    m_isComplete = true;
}

} // namespace freshet::transfer
