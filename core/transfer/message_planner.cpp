// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/message_planner.h"

#include "transfer/download_request.h"
#include "transfer/verdict.h"
#include "transport/retry_after.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

QJsonArray arrayOf(const std::vector<std::string> &texts)
{
    QJsonArray array;
    for (const std::string &text : texts)
        array.append(QString::fromStdString(text));
    return array;
}

std::vector<std::string> textsIn(const QJsonArray &array)
{
    std::vector<std::string> texts;
    for (const QJsonValue &value : array)
        texts.push_back(value.toString().toStdString());
    return texts;
}

std::string shown(const std::vector<std::string> &values)
{
    std::string list;
    for (const std::string &value : values)
        list += (list.empty() ? "" : ", ") + Error::excerptOf(value);
    return list;
}

} // namespace

Result<std::unique_ptr<LegPlanner>> MessagePlanner::create(const DownloadRequest &request,
                                                           std::uint32_t seed)
{
    std::optional<MessageTemplate> resumeMessage;
    if (!request.webSocket.resumeMessage.empty()) {
        auto parsed = MessageTemplate::parse(request.webSocket.resumeMessage);
        if (!parsed)
            return fail(std::move(parsed).error());
        resumeMessage = std::move(*parsed);
    }
    return std::unique_ptr<LegPlanner>(new MessagePlanner(request, std::move(resumeMessage), seed));
}

MessagePlanner::MessagePlanner(const DownloadRequest &request,
                               std::optional<MessageTemplate> resumeMessage, std::uint32_t seed)
    : m_request(request.bytes),
      m_policy(request.retry),
      m_resumeMessage(std::move(resumeMessage)),
      m_seed(seed),
      m_schedule(m_policy, "GET", seed)
{}

Result<Leg> MessagePlanner::first()
{
    if (!canGoOn() && m_rows.value() > kMostBorderRows)
        return fail(ErrorCode::Unsupported,
                    "there is no resume message to go on with, and too many rows are here to be "
                    "told from those that come again");
    Leg next = leg();
    next.mayRepeatBorder = borderRows() > 0;
    m_isWholeAgain = false;
    return next;
}

Leg MessagePlanner::leg()
{
    Leg leg{.request = m_request, .label = "messages", .means = LegMeans::Once};
    m_isResumed = canGoOn();
    m_hasRows = false;
    if (m_isResumed) {
        leg.request.body = m_resumeMessage->fill(m_last);
        leg.label = "messages after " + shown(m_last);
    }
    return leg;
}

Status MessagePlanner::admit(const columnar::RecordBatch &batch)
{
    if (!m_resumeMessage || batch.rowCount == 0 || std::exchange(m_hasRows, true))
        return {};
    const auto first = m_resumeMessage->valuesOf(batch, 0);
    if (!first)
        return {};
    if (m_rows == RowCount())
        m_first = *first;
    if (!m_isResumed || *first != m_first || m_first == m_last)
        return {};
    return fail(ErrorCode::SourceChanged, "asked for what comes after " + shown(m_last) +
                                              ", the server started over with its first row");
}

bool MessagePlanner::advance(const columnar::RecordBatch &batch, const decode::DecodeFindings &)
{
    m_rows += RowCount(batch.rowCount);
    if (!m_resumeMessage || batch.rowCount == 0)
        return true;
    std::int64_t row = batch.rowCount - 1;
    auto last = m_resumeMessage->valuesOf(batch, row);
    while (!last && --row >= 0)
        last = m_resumeMessage->valuesOf(batch, row);
    if (!last) {
        m_border += batch.rowCount;
        return true;
    }
    std::int64_t from = row;
    while (from > 0 && m_resumeMessage->valuesOf(batch, from - 1) == last)
        --from;
    const bool goesOn = from == 0 && m_hasLast && m_last == *last;
    m_border = batch.rowCount - from + (goesOn ? m_border : 0);
    m_last = std::move(*last);
    m_hasLast = true;
    return true;
}

/// Without a resume message nothing goes on during a run: no row need be remembered for it.
std::int64_t MessagePlanner::borderRows() const
{
    if (canGoOn())
        return m_border;
    return m_isWholeAgain ? m_rows.value() : 0;
}

NextLegs MessagePlanner::judge(const LegReport &report)
{
    // What came again has been counted as it passed.
    m_rows -= report.rows - report.newRows;
    if (report.newRows > RowCount())
        m_schedule = transport::RetrySchedule(m_policy, "GET", m_seed);
    if (report.findings.endStated)
        m_outcome.proof.push_back("the stream ended with " + *report.findings.endStated);
    // Behind a resume message the server may count what it sent on this connection, or all.
    if (report.findings.inBandProblem)
        (m_isResumed ? m_outcome.remarks : m_outcome.loss)
            .push_back(*report.findings.inBandProblem);
    weighTotal(report);
    if (report.findings.endStated)
        return over();
    if (report.error)
        return afterError(report);
    m_outcome.remarks.emplace_back(
        "the server closed the WebSocket in the proper way, without a message that it is complete");
    return over();
}

NextLegs MessagePlanner::afterError(const LegReport &report)
{
    const Error &error = *report.error;
    if (!transport::isTransient(error))
        return over(error);
    if (m_rows > RowCount() && !canGoOn()) {
        m_outcome.loss.emplace_back(
            m_resumeMessage ? "no row has the columns of the resume message: there is nothing to "
                              "go on from"
                            : "there is no resume message: there is nothing to go on from");
        return over(error);
    }
    if (m_border > kMostBorderRows) {
        m_outcome.loss.push_back(groupedDigits(m_border) +
                                 " rows may come again, too many to be told from new ones");
        return over(error);
    }
    const auto delay = m_schedule.delayAfter(error, transport::retryAfterOf(report.head.get()));
    if (!delay)
        return over(error);
    ++m_reconnections;
    Leg next = leg();
    next.delay = *delay;
    next.waitsFor = error;
    next.retry = m_schedule.retries();
    next.mayRepeatBorder = m_border > 0;
    return {.isOver = false, .legs = {std::move(next)}};
}

NextLegs MessagePlanner::over(std::optional<Error> error)
{
    m_outcome.error = std::move(error);
    if (m_reconnections > 0)
        m_outcome.remarks.push_back("reconnected " + groupedDigits(m_reconnections) +
                                    (m_reconnections == 1 ? " time" : " times"));
    return {.isOver = true, .legs = {}};
}

/// A total may speak of the whole stream or, from a server that counts what it sends, of the last
/// connection.
void MessagePlanner::weighTotal(const LegReport &report)
{
    const auto &total = report.findings.declaredTotal;
    if (!total)
        return;
    m_outcome.declaredTotal.reset();
    if (m_isResumed && report.findings.endStated && *total != m_rows &&
        *total == report.rows + report.rejected) {
        m_outcome.proof.push_back("the last connection's " + report.findings.declaredTotalFrom +
                                  ' ' + groupedDigits(total->value()) + " = its rows");
        return;
    }
    m_outcome.declaredTotal = total;
    m_outcome.declaredTotalFrom = report.findings.declaredTotalFrom;
}

std::string MessagePlanner::state() const
{
    QJsonObject state{{u"rows"_s, static_cast<qint64>(m_rows.value())},
                      {u"borderRows"_s, static_cast<qint64>(m_border)}};
    if (m_hasLast) {
        state[u"last"_s] = arrayOf(m_last);
        state[u"first"_s] = arrayOf(m_first);
    }
    return QJsonDocument(state).toJson(QJsonDocument::Compact).toStdString();
}

Status MessagePlanner::restore(std::string_view state)
{
    const QJsonDocument document = QJsonDocument::fromJson(
        QByteArray::fromRawData(state.data(), static_cast<qsizetype>(state.size())));
    const QJsonObject object = document.object();
    const QJsonValue rows = object[u"rows"_s];
    const QJsonValue border = object[u"borderRows"_s];
    const QJsonArray last = object[u"last"_s].toArray();
    const bool fits =
        !object.contains(u"last"_s) ||
        (m_resumeMessage && std::cmp_equal(last.size(), m_resumeMessage->columns().size()));
    if (rows.toInteger(-1) < 0 || border.toInteger(-1) < 0 || !fits)
        return fail(ErrorCode::LibraryDamaged, "the kept place in the stream cannot be read");
    m_rows = RowCount(rows.toInteger());
    m_border = border.toInteger();
    m_hasLast = object.contains(u"last"_s);
    m_last = textsIn(last);
    m_first = textsIn(object[u"first"_s].toArray());
    m_isWholeAgain = !canGoOn();
    return {};
}

std::string MessagePlanner::plan() const
{
    if (canGoOn())
        return "sends the resume message for what comes after " + shown(m_last);
    if (m_rows == RowCount())
        return "asks for the stream from its start";
    if (m_rows.value() > kMostBorderRows)
        return "is not possible: there is no resume message, and the " +
               groupedDigits(m_rows.value()) +
               " rows that are here are too many to be told from those that come again";
    return "begins again, as there is no resume message: the server sends everything once more, "
           "and the " +
           groupedDigits(m_rows.value()) + " rows that are here are passed over";
}

} // namespace freshet::transfer
