// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/event_planner.h"

#include "transfer/download_request.h"
#include "transfer/verdict.h"
#include "transport/retry_after.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

constexpr int kNoContent = 204;
/// A server may ask for no longer a wait than this.
constexpr std::chrono::hours kLongestDelay{6};

/// The header called `name`, replaced or added.
void setHeader(std::vector<transport::Header> &headers, const std::string &name, std::string value)
{
    std::erase_if(headers, [&](const transport::Header &header) {
        return transport::findHeader({header}, name).has_value();
    });
    headers.push_back({name, std::move(value)});
}

void addHeader(std::vector<transport::Header> &headers, const std::string &name, std::string value)
{
    if (!transport::findHeader(headers, name))
        headers.push_back({name, std::move(value)});
}

/// Ids are bytes that the server alone understands.
QString encoded(const std::string &id)
{
    return QString::fromLatin1(QByteArray::fromStdString(id).toBase64());
}

std::string decodedId(const QJsonValue &value)
{
    return QByteArray::fromBase64(value.toString().toLatin1()).toStdString();
}

std::string shown(const std::string &id)
{
    return '"' + Error::excerptOf(id) + '"';
}

/// The id of the first event of a batch, or empty. See `decode::EventColumns` for the names.
std::string firstIdOf(const columnar::RecordBatch &batch)
{
    for (const char *name : {"sse.id", "id"}) {
        const auto index = batch.schema->indexOf(name);
        if (!index)
            continue;
        const columnar::Column &column = batch.columns[static_cast<std::size_t>(*index)];
        const bool isText = column.type.kind == columnar::TypeKind::String;
        return isText && batch.rowCount > 0 && !column.isNull(0) ? std::string(column.textAt(0))
                                                                 : std::string();
    }
    return {};
}

} // namespace

EventPlanner::EventPlanner(const DownloadRequest &request, std::uint32_t seed)
    : m_request(request.bytes),
      m_policy(request.retry),
      m_seed(seed),
      m_schedule(m_policy, m_request.method, seed)
{
    addHeader(m_request.headers, "Accept", std::string(acceptFor(decode::Format::Sse)));
    addHeader(m_request.headers, "Cache-Control", "no-cache");
}

Result<Leg> EventPlanner::first()
{
    if (m_rows > RowCount() && m_id.empty())
        return fail(ErrorCode::Unsupported,
                    "the events of this stream carry no ids: there is nothing to go on from");
    return leg();
}

Leg EventPlanner::leg() const
{
    Leg leg{.request = m_request,
            .label = "events",
            .means = LegMeans::Once,
            .retry = m_schedule.retries(),
            .mayRepeatBorder = m_border > 0,
            .lastEventId = m_id};
    if (!m_id.empty()) {
        setHeader(leg.request.headers, "Last-Event-ID", m_id);
        leg.label = "events after " + shown(m_id);
    }
    return leg;
}

Status EventPlanner::admit(const columnar::RecordBatch &batch)
{
    if (std::exchange(m_hasRows, true))
        return {};
    const std::string id = firstIdOf(batch);
    if (m_firstId.empty() && m_rows == RowCount())
        m_firstId = id;
    const bool startsOver = !m_legId.empty() && !id.empty() && id == m_firstId && id != m_legId;
    if (!startsOver)
        return {};
    return fail(ErrorCode::SourceChanged, "asked to go on behind event " + shown(m_legId) +
                                              ", the server started over at its first event");
}

bool EventPlanner::advance(const columnar::RecordBatch &batch,
                           const decode::DecodeFindings &findings)
{
    m_rows += RowCount(batch.rowCount);
    learn(findings);
    return true;
}

void EventPlanner::learn(const decode::DecodeFindings &findings)
{
    m_id = findings.lastEventId.value_or(std::string());
    m_border = findings.rowsSinceEventId + (m_id == m_legId ? m_legBorder : 0);
    if (findings.reconnectAfter)
        m_serverDelay =
            std::min<std::chrono::milliseconds>(*findings.reconnectAfter, kLongestDelay);
}

NextLegs EventPlanner::judge(const LegReport &report)
{
    // What came again has been counted as it passed.
    m_rows -= report.rows - report.newRows;
    if (report.findings.format == decode::Format::Sse)
        learn(report.findings);
    if (report.newRows > RowCount()) {
        m_schedule = transport::RetrySchedule(m_policy, m_request.method, m_seed);
        m_idle = 0;
    }
    if (report.findings.endStated) {
        m_outcome.proof.push_back("the stream ended with " + *report.findings.endStated);
        weighTotal(report);
        return over();
    }
    if (report.head && report.head->status == kNoContent) {
        m_outcome.remarks.emplace_back("the server has no more events (204 No Content)");
        return over();
    }
    weighTotal(report);
    const bool isCleanEnd = !report.error;
    if (isCleanEnd && report.newRows == RowCount())
        ++m_idle;
    const bool wasCleanBefore = std::exchange(m_endedCleanly, isCleanEnd);
    if (isCleanEnd)
        return afterCleanEnd();
    if (report.error->code == ErrorCode::SourceChanged && wasCleanBefore) {
        m_outcome.remarks.push_back(report.error->detail + ": nothing is behind that event");
        return over();
    }
    return afterError(report);
}

NextLegs EventPlanner::afterCleanEnd()
{
    if (m_id.empty()) {
        m_outcome.remarks.emplace_back(
            "the server closed the stream without a complete event, and its events carry no ids");
        return over();
    }
    if (!mayRepeat() || m_policy.maxRetries == 0) {
        m_outcome.remarks.push_back("the server closed the stream after event " + shown(m_id) +
                                    "; it was not asked for more");
        return over();
    }
    if (m_idle >= kMostIdle) {
        m_outcome.remarks.push_back("the server closed the stream; asked again, it had nothing "
                                    "behind event " +
                                    shown(m_id));
        return over();
    }
    return reconnect(m_serverDelay.value_or(m_policy.firstDelay), std::nullopt);
}

NextLegs EventPlanner::afterError(const LegReport &report)
{
    Error error = *report.error;
    const bool isCut = error.code == ErrorCode::Truncated ||
                       error.code == ErrorCode::ConnectionLost || transport::isTransient(error);
    if (!isCut)
        return over(std::move(error));
    if (m_id.empty() && m_rows > RowCount()) {
        m_outcome.loss.emplace_back("the events carry no ids: there is none to go on from");
        return over(std::move(error));
    }
    // An end inside an event is a connection that was lost, whatever the transport made of it.
    Error asLost = error;
    if (asLost.code == ErrorCode::Truncated)
        asLost.code = ErrorCode::ConnectionLost;
    const auto delay = m_schedule.delayAfter(asLost, transport::retryAfterOf(report.head.get()));
    if (!delay)
        return over(std::move(error));
    return reconnect(std::max(*delay, m_serverDelay.value_or(*delay)), std::move(error));
}

NextLegs EventPlanner::reconnect(std::chrono::milliseconds delay, std::optional<Error> why)
{
    if (m_border > kMostBorderRows)
        return over(Error{.code = ErrorCode::LimitReached,
                          .detail = groupedDigits(m_border) + " rows share the event id " +
                                    shown(m_id) + ": too many to tell which come again"});
    ++m_reconnections;
    m_legId = m_id;
    m_legBorder = m_border;
    m_hasRows = false;
    Leg next = leg();
    next.delay = delay;
    next.waitsFor = std::move(why);
    return {.isOver = false, .legs = {std::move(next)}};
}

NextLegs EventPlanner::over(std::optional<Error> error)
{
    m_outcome.error = std::move(error);
    if (m_reconnections > 0)
        m_outcome.remarks.push_back("reconnected " + groupedDigits(m_reconnections) +
                                    (m_reconnections == 1 ? " time" : " times"));
    return {.isOver = true, .legs = {}};
}

/// A total may speak of the whole stream or, from a server that counts what it sends, of the last
/// connection.
void EventPlanner::weighTotal(const LegReport &report)
{
    const auto &total = report.findings.declaredTotal;
    if (!total)
        return;
    m_outcome.declaredTotal.reset();
    const bool isOfLastConnection = m_rows != report.rows && *total == report.rows;
    if (isOfLastConnection && report.findings.endStated) {
        m_outcome.proof.push_back("the last connection's " + report.findings.declaredTotalFrom +
                                  ' ' + groupedDigits(total->value()) + " = its rows");
        return;
    }
    m_outcome.declaredTotal = total;
    m_outcome.declaredTotalFrom = report.findings.declaredTotalFrom;
}

bool EventPlanner::mayRepeat() const
{
    return m_policy.isSafe || transport::isIdempotent(m_request.method);
}

std::string EventPlanner::state() const
{
    const QJsonObject state{{u"lastEventId"_s, encoded(m_id)},
                            {u"firstEventId"_s, encoded(m_firstId)},
                            {u"borderRows"_s, static_cast<qint64>(m_border)},
                            {u"rows"_s, static_cast<qint64>(m_rows.value())}};
    return QJsonDocument(state).toJson(QJsonDocument::Compact).toStdString();
}

Status EventPlanner::restore(std::string_view state)
{
    const QJsonDocument document = QJsonDocument::fromJson(
        QByteArray::fromRawData(state.data(), static_cast<qsizetype>(state.size())));
    const QJsonObject object = document.object();
    const QJsonValue rows = object[u"rows"_s];
    const QJsonValue border = object[u"borderRows"_s];
    if (!object[u"lastEventId"_s].isString() || !rows.isDouble() || !border.isDouble() ||
        rows.toInteger(-1) < 0 || border.toInteger(-1) < 0)
        return fail(ErrorCode::LibraryDamaged, "the kept place in the stream cannot be read");
    m_id = m_legId = decodedId(object[u"lastEventId"_s]);
    m_firstId = decodedId(object[u"firstEventId"_s]);
    m_border = m_legBorder = border.toInteger();
    m_rows = RowCount(rows.toInteger());
    m_endedCleanly = false;
    return {};
}

std::string EventPlanner::plan() const
{
    if (m_id.empty())
        return m_rows == RowCount() ? "asks for the stream from its start"
                                    : "cannot go on: the events of the stream carry no ids";
    return "asks for the events after " + shown(m_id);
}

} // namespace freshet::transfer
