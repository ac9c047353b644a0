// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/postgres_planner.h"

#include "columnar/value_text.h"
#include "transfer/download_request.h"
#include "transfer/verdict.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace freshet::transfer {

namespace {

using transport::PostgresVia;

std::string joined(const std::vector<std::string> &texts)
{
    std::string list;
    for (const std::string &text : texts)
        list += (list.empty() ? "" : ", ") + Error::excerptOf(text);
    return list;
}

/// The count behind the word of a command's tag: `COPY 1000`.
std::optional<std::int64_t> countIn(std::string_view tag)
{
    const std::size_t blank = tag.find_last_of(' ');
    if (blank == std::string_view::npos)
        return std::nullopt;
    const std::string_view text = tag.substr(blank + 1);
    std::int64_t count = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (problem != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return count;
}

/// By their bytes: texts of equal values may differ, but not the other way round.
bool isSameValue(const columnar::Column &column, std::int64_t a, std::int64_t b)
{
    if (column.type.isText())
        return column.textAt(a) == column.textAt(b);
    if (column.type.kind == columnar::TypeKind::Bool)
        return column.boolAt(a) == column.boolAt(b);
    const auto width = columnar::valueWidth(column.type.kind);
    const std::byte *const values = column.values.data();
    return std::memcmp(values + a * width, values + b * width, static_cast<std::size_t>(width)) ==
           0;
}

std::string rowsText(RowCount rows)
{
    return groupedDigits(rows.value()) + (rows.value() == 1 ? " row" : " rows");
}

} // namespace

std::optional<std::vector<std::string>>
textsOf(const columnar::RecordBatch &batch, const std::vector<std::string> &names, std::int64_t row)
{
    std::vector<std::string> texts;
    for (const std::string &name : names) {
        const auto index = batch.schema->indexOf(name);
        if (!index || batch.columns[static_cast<std::size_t>(*index)].isNull(row))
            return std::nullopt;
        columnar::appendText(texts.emplace_back(), batch.columns[static_cast<std::size_t>(*index)],
                             row);
    }
    return texts;
}

Result<std::unique_ptr<LegPlanner>> PostgresPlanner::create(const DownloadRequest &request,
                                                            std::uint32_t seed)
{
    const auto &fetch = request.bytes.postgres;
    if (fetch.via == PostgresVia::Keyset && fetch.range.columns.empty())
        return fail(ErrorCode::InvalidArgument,
                    "keyset pages need a unique key: the column, or columns, that tell rows apart");
    if (request.pages || request.since)
        return fail(ErrorCode::InvalidArgument,
                    "page and since rules are for HTTP: PostgreSQL pages and goes on by a key");
    return std::make_unique<PostgresPlanner>(request, seed);
}

PostgresPlanner::PostgresPlanner(const DownloadRequest &request, std::uint32_t seed)
    : m_request(request.bytes),
      m_key(request.bytes.postgres.range.columns),
      m_schedule(request.retry, "GET", seed)
{}

bool PostgresPlanner::isPaged() const
{
    return m_request.postgres.via == PostgresVia::Keyset;
}

/// `id 41`, `(a, b) (1, x)`.
std::string PostgresPlanner::place() const
{
    if (m_key.size() == 1)
        return joined(m_key) + ' ' + joined(m_last);
    return '(' + joined(m_key) + ") (" + joined(m_last) + ')';
}

Result<Leg> PostgresPlanner::first()
{
    m_isResumed = m_rows > RowCount();
    m_isWholeAgain = m_isResumed && !canGoOn();
    if (m_isWholeAgain && m_rows.value() > kMostBorderRows)
        return fail(ErrorCode::Unsupported,
                    "the query has no key to go on by, and " + rowsText(m_rows) +
                        " are too many to be told from those that come again; get it anew, best "
                        "with a key");
    m_isComplete = false;
    Leg next = leg();
    next.mayRepeatBorder = m_isWholeAgain;
    return next;
}

Leg PostgresPlanner::leg()
{
    Leg leg{.request = m_request, .label = "rows", .means = LegMeans::Once};
    transport::KeyRange &range = leg.request.postgres.range;
    range.after = m_last;
    if (isPaged())
        range.limit = m_request.postgres.batchRows;
    if (canGoOn())
        leg.label = "rows after " + place();
    ++m_legs;
    return leg;
}

/// A key that is no key would lose rows at the next border.
Status PostgresPlanner::admit(const columnar::RecordBatch &batch)
{
    if (!hasKey())
        return {};
    std::vector<const columnar::Column *> columns;
    for (const std::string &name : m_key) {
        const auto index = batch.schema->indexOf(name);
        if (!index)
            return fail(ErrorCode::InvalidArgument, "key: there is no column \"" + name + '"');
        columns.push_back(&batch.columns[static_cast<std::size_t>(*index)]);
        for (std::int64_t row = 0; columns.back()->nullCount > 0 && row < batch.rowCount; ++row) {
            if (columns.back()->isNull(row))
                return fail(ErrorCode::InvalidArgument,
                            "key: \"" + name +
                                "\" is null in some rows, which nothing can go on "
                                "behind; choose a key without nulls");
        }
    }
    const std::vector<std::string> &before = m_last;
    for (std::int64_t row = 0; row < batch.rowCount; ++row) {
        const bool isSame =
            row == 0 ? textsOf(batch, m_key, row) == before
                     : std::ranges::all_of(columns, [row](const columnar::Column *column) {
                           return isSameValue(*column, row - 1, row);
                       });
        if (isSame)
            return fail(ErrorCode::InvalidArgument,
                        "key: it is not unique: " + joined(m_key) + " is " +
                            joined(textsOf(batch, m_key, row).value_or(before)) +
                            " in more than one row");
    }
    return {};
}

bool PostgresPlanner::advance(const columnar::RecordBatch &batch, const decode::DecodeFindings &)
{
    if (batch.rowCount == 0)
        return true;
    if (!m_isWholeAgain) // what is held already is no more for being seen again
        m_rows += RowCount(batch.rowCount);
    if (hasKey())
        m_last = textsOf(batch, m_key, batch.rowCount - 1).value_or(m_last);
    return true;
}

std::int64_t PostgresPlanner::borderRows() const
{
    // Before it begins: all that are held, for the whole comes again. Later nothing does.
    return !canGoOn() && m_legs == 0 ? std::numeric_limits<std::int64_t>::max() : 0;
}

NextLegs PostgresPlanner::judge(const LegReport &report)
{
    noteNotices(report);
    if (report.rows > RowCount())
        ++m_snapshots;
    if (report.newRows > RowCount())
        m_schedule.noteProgress();
    if (report.error)
        return afterError(report);
    const auto command = findHeader(report.trailers, "Command");
    const auto counted = command ? countIn(*command) : std::nullopt;
    if (!counted) {
        m_outcome.loss.emplace_back("the server did not say how many rows it sent");
        return over();
    }
    m_command = command->substr(0, command->find(' '));
    weighCount(report, RowCount(*counted));
    const bool isLastPage = !isPaged() || *counted < m_request.postgres.batchRows;
    if (!m_outcome.loss.empty() || isLastPage) {
        m_isComplete = m_outcome.loss.empty();
        return over();
    }
    return {.isOver = false, .legs = {leg()}};
}

void PostgresPlanner::weighCount(const LegReport &report, RowCount counted)
{
    const RowCount came = report.rows + report.rejected;
    m_counted += counted.value();
    if (counted != came)
        m_outcome.loss.push_back(m_command + ' ' + groupedDigits(counted.value()) + " ≠ rows " +
                                 groupedDigits(came.value()));
    if (!std::exchange(m_isWholeAgain, false))
        return;
    // Every row that was held has to be among them.
    const RowCount missing = m_rows - (report.rows - report.newRows);
    m_rows += report.newRows;
    if (missing > RowCount())
        m_outcome.loss.push_back(rowsText(missing) +
                                 " of those that were here did not come again: the table has "
                                 "changed, and what is here is of no single state of it");
    else
        m_outcome.remarks.push_back("there is no key to go on by: the query was run again as a "
                                    "whole, and each row that was here was found in it");
}

void PostgresPlanner::noteNotices(const LegReport &report)
{
    constexpr std::size_t kMostNotices = 20;
    for (const auto &[name, value] : report.trailers) {
        if (name == "Notice" && m_notices.size() < kMostNotices)
            m_notices.push_back(value);
    }
}

NextLegs PostgresPlanner::afterError(const LegReport &report)
{
    const Error &error = *report.error;
    if (!transport::isTransient(error))
        return over(error);
    if (m_rows > RowCount() && !canGoOn()) {
        m_outcome.loss.emplace_back(
            "there is no key to go on by: resuming runs the query again as a whole and drops the "
            "rows that are here");
        return over(error);
    }
    const auto delay = m_schedule.delayAfter(error, std::nullopt);
    if (!delay)
        return over(error);
    ++m_reconnections;
    Leg next = leg();
    next.delay = *delay;
    next.waitsFor = error;
    next.retry = m_schedule.retries();
    return {.isOver = false, .legs = {std::move(next)}};
}

NextLegs PostgresPlanner::over(std::optional<Error> error)
{
    m_outcome.error = std::move(error);
    return {.isOver = true, .legs = {}};
}

PlanOutcome PostgresPlanner::outcome() const
{
    PlanOutcome outcome = m_outcome;
    if (m_isComplete)
        outcome.proof.push_back(m_command + ' ' + groupedDigits(m_counted) +
                                " = rows received, as the server counts them");
    if (m_reconnections > 0)
        outcome.remarks.push_back("reconnected " + groupedDigits(m_reconnections) +
                                  (m_reconnections == 1 ? " time" : " times"));
    if (m_snapshots + (m_isResumed && hasKey() ? 1 : 0) > 1)
        outcome.remarks.emplace_back(
            "the rows come from several snapshots of the database, each going on behind the last "
            "key of the one before: what changed in between on the rows before is not seen");
    else if (m_snapshots > 0)
        outcome.remarks.emplace_back("all rows come from one snapshot of the database");
    if (isPaged())
        outcome.remarks.push_back(groupedDigits(m_snapshots) +
                                  (m_snapshots == 1 ? " page" : " pages") + " in the order of " +
                                  joined(m_key));
    for (const std::string &notice : m_notices)
        outcome.remarks.push_back("the server says: " + notice);
    return outcome;
}

std::string PostgresPlanner::state() const
{
    QJsonArray last;
    for (const std::string &text : m_last)
        last.append(QString::fromStdString(text));
    QJsonArray key;
    for (const std::string &name : m_key)
        key.append(QString::fromStdString(name));
    const QJsonObject object{{u"kind"_s, u"postgres"_s},
                             {u"rows"_s, static_cast<qint64>(m_rows.value())},
                             {u"key"_s, key},
                             {u"last"_s, last},
                             {u"isComplete"_s, m_isComplete}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Status PostgresPlanner::restore(std::string_view state)
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray(state.data(), static_cast<qsizetype>(state.size())))
            .object();
    std::vector<std::string> key;
    const QJsonArray names = object[u"key"].toArray();
    for (const QJsonValue &name : names)
        key.push_back(name.toString().toStdString());
    std::vector<std::string> last;
    const QJsonArray texts = object[u"last"].toArray();
    for (const QJsonValue &text : texts)
        last.push_back(text.toString().toStdString());
    const qint64 rows = object[u"rows"].toInteger(-1);
    if (object[u"kind"] != u"postgres"_s || rows < 0 || key != m_key ||
        (!last.empty() && last.size() != key.size()))
        return fail(ErrorCode::LibraryDamaged, "the kept place in the query cannot be read");
    m_rows = RowCount(rows);
    m_last = std::move(last);
    m_isComplete = object[u"isComplete"].toBool();
    return {};
}

std::string PostgresPlanner::plan() const
{
    if (canGoOn())
        return "asks for the rows after " + place();
    if (m_rows == RowCount())
        return "runs the query from its start";
    return "runs the query again as a whole and passes over the " + rowsText(m_rows) +
           " that are here";
}

void PostgresPlanner::startBehind(std::vector<std::string> last, RowCount rows)
{
    m_last = std::move(last);
    m_rows = rows;
    m_isComplete = true;
}

} // namespace freshet::transfer
