// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/export_job_answer.h"

#include "transfer/job_words.h"
#include "transport/retry_after.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <utility>

namespace freshet::transfer {

namespace {

constexpr int kDeepest = 3;           ///< objects within objects that are looked into
constexpr double kMostCounted = 9e15; ///< below it, doubles are exact

/// A number, be it sent as one or as text: `40`, `"40%"`, `"40 % done"`.
std::optional<double> numberOf(const QJsonValue &value)
{
    if (value.isDouble())
        return value.toDouble();
    QString text = value.toString().trimmed();
    qsizetype length = 0;
    while (length < text.size() && (text[length].isDigit() || text[length] == u'.'))
        ++length;
    bool isNumber = false;
    const double number = text.left(length).toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

template <typename Count>
std::optional<Count> countOf(const QJsonValue &value)
{
    const auto number = numberOf(value);
    if (!number || *number < 0 || *number > kMostCounted || std::floor(*number) != *number)
        return std::nullopt;
    return Count(static_cast<std::int64_t>(*number));
}

/// 0.4, 40 and "40 %" all mean 40; what is no percentage says nothing.
std::optional<double> percentOf(const QJsonValue &value)
{
    const auto number = numberOf(value);
    if (!number || *number < 0 || *number > 100)
        return std::nullopt;
    const bool isFraction = value.isDouble() && *number < 1;
    return isFraction ? *number * 100 : *number;
}

bool looksLikeUrl(const std::string &text)
{
    return text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/');
}

/// Takes down what the members of an answer say, those further out first.
class Reader
{
public:
    Reader(const ExportJobRule &rule, JobAnswer &found) : m_rule(rule), m_found(found) {}

    void read(const QJsonObject &object, int depth)
    {
        for (auto member = object.begin(); member != object.end(); ++member)
            take(jobSignOf(member.key().toStdString()), member.value());
        if (depth == kDeepest)
            return;
        for (auto member = object.begin(); member != object.end(); ++member) {
            const std::string name = member.key().toStdString();
            if (!member.value().isObject())
                continue;
            if (!takeLink(jobSignOf(name), member.value()) && tellsAboutJob(name))
                read(member.value().toObject(), depth + 1);
        }
    }

    /// An address that is the file's if nothing better was found.
    [[nodiscard]] const std::string &maybe() const { return m_maybe; }

    void addFile(const QJsonValue &value)
    {
        JobFile file;
        if (value.isString()) {
            file.url = textOf(value);
        } else {
            const QJsonObject object = value.toObject();
            for (auto member = object.begin(); member != object.end(); ++member)
                describe(file, jobSignOf(member.key().toStdString()), member.value());
        }
        if (!file.url.empty())
            m_found.files.push_back(std::move(file));
    }

private:
    static std::string addressIn(const QJsonValue &value)
    {
        const QJsonObject object = value.toObject();
        for (const auto &name :
             {QStringLiteral("href"), QStringLiteral("url"), QStringLiteral("uri")}) {
            if (const std::string text = textOf(object[name]); looksLikeUrl(text))
                return text;
        }
        return {};
    }

    /// `links: {status: {href: …}, download: {href: …}}`. Output: whether it was one of these.
    bool takeLink(JobSign sign, const QJsonValue &value)
    {
        const std::string address = addressIn(value);
        const bool isOfFile = sign == JobSign::ResultUrl || sign == JobSign::Results;
        if (address.empty() || (sign != JobSign::State && !isOfFile))
            return false;
        if (isOfFile && m_found.files.empty())
            addFile(value);
        if (!isOfFile && m_found.statusUrl.empty())
            m_found.statusUrl = address;
        return true;
    }

    static void describe(JobFile &file, JobSign sign, const QJsonValue &value)
    {
        const std::string text = textOf(value);
        switch (sign) {
        case JobSign::ResultUrl:
            file.url = text;
            break;
        case JobSign::ResultMaybe:
            if (file.url.empty())
                file.url = text;
            break;
        case JobSign::FileName:
            file.name = text;
            break;
        case JobSign::Bytes:
            file.bytes = countOf<ByteCount>(value);
            break;
        case JobSign::Rows:
        case JobSign::Count:
            file.rows = countOf<RowCount>(value);
            break;
        default:
            break;
        }
    }

    void takeFiles(const QJsonValue &value)
    {
        if (!m_found.files.empty())
            return;
        const QJsonArray files = value.toArray();
        for (const auto &file : files)
            addFile(file);
    }

    void take(JobSign sign, const QJsonValue &value)
    {
        const std::string text = textOf(value);
        switch (sign) {
        case JobSign::StatusUrl:
            if (m_found.statusUrl.empty())
                m_found.statusUrl = text;
            break;
        case JobSign::State:
            takeState(text);
            break;
        case JobSign::IsDone:
            if (value.isBool() && m_found.state == JobState::Unknown)
                m_found.state = value.toBool() ? JobState::Done : JobState::Pending;
            break;
        case JobSign::Progress:
            if (!m_found.percent)
                m_found.percent = percentOf(value);
            break;
        case JobSign::ResultUrl:
        case JobSign::Results:
            if (value.isArray())
                takeFiles(value);
            else if (m_found.files.empty() && (sign == JobSign::ResultUrl || looksLikeUrl(text)))
                addFile(value.isString() ? value : QJsonValue());
            break;
        case JobSign::ResultMaybe:
            if (m_maybe.empty() && looksLikeUrl(text))
                m_maybe = text;
            break;
        case JobSign::Rows:
            if (!m_found.rows)
                m_found.rows = countOf<RowCount>(value);
            break;
        case JobSign::Message:
            takeMessage(value);
            break;
        case JobSign::AskAgainIn:
            if (const auto seconds = numberOf(value); seconds && *seconds >= 0 && *seconds < 1e6)
                m_found.askAgainIn = std::chrono::milliseconds(std::llround(*seconds * 1000));
            break;
        case JobSign::Bytes:
        case JobSign::Count:
        case JobSign::FileName:
        case JobSign::None:
            break;
        }
    }

    /// The state further out counts, unless it is the one of the answer: `{status: "success", data:
    /// {status: "pending"}}`.
    void takeState(const std::string &text)
    {
        const JobState state = jobStateOf(text, m_rule);
        if (state == JobState::Unknown || (!m_found.stateText.empty() && !m_isOfAnswer))
            return;
        m_isOfAnswer = isStateOfAnswer(text);
        m_found.stateText = text;
        m_found.state = state;
    }

    void takeMessage(const QJsonValue &value)
    {
        std::string text = textOf(value);
        for (const auto &name :
             {QStringLiteral("message"), QStringLiteral("detail"), QStringLiteral("code")}) {
            if (text.empty())
                text = textOf(value[name]);
        }
        if (text.empty() && value.isArray() && !value.toArray().isEmpty())
            return takeMessage(value.toArray().first());
        if (m_found.message.empty())
            m_found.message = std::move(text);
    }

    const ExportJobRule &m_rule;
    JobAnswer &m_found;
    std::string m_maybe;
    bool m_isOfAnswer = false; ///< the state found so far may be of the answer, not of the job
};

/// What the headers say, which is what RFC 9110, Azure and FHIR use.
void readHeaders(const transport::ResponseHead &head, JobAnswer &found)
{
    const auto take = [&](const char *name) {
        const auto value = findHeader(head.headers, name);
        if (value && found.statusUrl.empty())
            found.statusUrl = *value;
    };
    take("Operation-Location");
    take("Azure-AsyncOperation");
    if (head.status == 201 || head.status == 202) {
        take("Location");
        take("Content-Location");
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (const auto value = findHeader(head.headers, "Retry-After")) {
        if (const auto delay = transport::parseRetryAfter(*value, now))
            found.askAgainIn = *delay;
    }
    if (const auto value = findHeader(head.headers, "X-Progress"))
        found.percent = percentOf(
            QJsonValue(QString::fromUtf8(value->data(), static_cast<qsizetype>(value->size()))));
}

/// The first value at a place of the rule; nothing where the rule or the answer has none.
std::optional<QJsonValue> valueAt(const std::string &place, const JsonAnswer &answer)
{
    if (place.empty())
        return std::nullopt;
    const auto parsed = JsonPlace::parse(place);
    const auto values = parsed ? parsed->valuesIn(answer) : std::vector<QJsonValue>();
    return values.empty() ? std::nullopt : std::optional(values.front());
}

/// The addresses that `rule` points at: of places, or itself with places filled in.
Result<std::vector<QJsonValue>> addressesAt(const std::string &rule, const JsonAnswer &answer)
{
    if (!isJsonPlace(rule)) {
        auto filled = filledTemplate(rule, answer);
        if (!filled)
            return fail(std::move(filled).error());
        return std::vector{QJsonValue(QString::fromStdString(*filled))};
    }
    const auto place = JsonPlace::parse(rule);
    if (!place)
        return fail(place.error());
    std::vector<QJsonValue> values;
    for (const auto &value : place->valuesIn(answer)) {
        const QJsonArray elements = value.toArray();
        if (value.isArray())
            values.insert(values.end(), elements.begin(), elements.end());
        else
            values.push_back(value);
    }
    return values;
}

Status applyRule(const JsonAnswer &answer, const ExportJobRule &rule, Reader &reader,
                 JobAnswer &found)
{
    if (!rule.statusUrlFrom.empty()) {
        // A later answer need not say it again.
        if (const auto values = addressesAt(rule.statusUrlFrom, answer); values && !values->empty())
            found.statusUrl = textOf(values->front());
    }
    if (const auto state = valueAt(rule.stateFrom, answer)) {
        found.stateText = textOf(*state);
        found.state = state->isBool() ? (state->toBool() ? JobState::Done : JobState::Pending)
                                      : jobStateOf(found.stateText, rule);
    }
    if (const auto progress = valueAt(rule.progressFrom, answer))
        found.percent = percentOf(*progress);
    if (const auto rows = valueAt(rule.rowsFrom, answer))
        found.rows = countOf<RowCount>(*rows);
    if (rule.resultsFrom.empty() || found.state == JobState::Pending ||
        found.state == JobState::Failed)
        return {};
    const auto values = addressesAt(rule.resultsFrom, answer);
    if (!values && found.state == JobState::Done)
        return fail(values.error());
    found.files.clear();
    for (const auto &value : values ? *values : std::vector<QJsonValue>())
        reader.addFile(value);
    if (found.files.empty() && found.state == JobState::Done)
        return fail(ErrorCode::ProtocolViolation, "the job is done, but its answer has no address "
                                                  "of a file at " +
                                                      rule.resultsFrom);
    return {};
}

/// The rows of all files, if each states its own and they make a number that can be.
std::optional<RowCount> rowsOf(const std::vector<JobFile> &files)
{
    double all = 0;
    for (const JobFile &file : files) {
        if (!file.rows)
            return std::nullopt;
        all += static_cast<double>(file.rows->value());
    }
    return files.empty() || all > kMostCounted
               ? std::nullopt
               : std::optional(RowCount(static_cast<std::int64_t>(all)));
}

} // namespace

Result<JobAnswer> readJobAnswer(const JsonAnswer &answer, const ExportJobRule &rule)
{
    JobAnswer found;
    readHeaders(answer.head, found);
    Reader reader(rule, found);
    reader.read(answer.body.toObject(), 0);
    if (answer.body.isString() && looksLikeUrl(textOf(answer.body)))
        reader.addFile(answer.body);
    FRESHET_TRY(applyRule(answer, rule, reader, found));
    // 202 means that it is under way, unless the answer itself knows better.
    if (answer.head.status == 202 && found.state == JobState::Unknown)
        found.state = JobState::Pending;
    if (found.state == JobState::Unknown && !found.files.empty())
        found.state = JobState::Done;
    if (found.state == JobState::Done && found.files.empty() && !reader.maybe().empty())
        found.files.push_back({.url = reader.maybe()});
    if (!found.rows)
        found.rows = rowsOf(found.files);
    return found;
}

} // namespace freshet::transfer
