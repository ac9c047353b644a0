// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/export_job.h"

#include "transport/ascii.h"
#include "transport/url.h"

#include <QByteArray>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <utility>

namespace freshet::transfer {

using transport::ByteRequest;
using transport::ResponseHead;

namespace {

/// An answer about a job is some kilobytes; one that names thousands of files still fits.
constexpr std::size_t kMaxAnswer = 8 << 20;

constexpr std::chrono::milliseconds kLeastPause{200};
constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{30'000};

bool mayBeJson(const std::string &contentType)
{
    const std::string type(
        transport::trimmed(std::string_view(contentType).substr(0, contentType.find(';'))));
    const std::string low = transport::lowered(type);
    const bool isLines = low.find("ndjson") != low.npos || low.find("jsonl") != low.npos ||
                         low.find("json-seq") != low.npos;
    return low.empty() || low == "text/plain" || (low.find("json") != low.npos && !isLines);
}

/// Takes an answer in whole, or stops at its head if that announces data.
class AnswerSink final : public transport::ByteSink
{
public:
    Status onHead(const ResponseHead &head) override
    {
        answer.head = head;
        isData = !mayBeJson(head.contentType) && head.status == 200;
        if (isData)
            return fail(ErrorCode::WrongContentType,
                        "the answer is " + head.contentType + ", which tells nothing of a job");
        return {};
    }
    Status onBytes(std::string_view bytes) override
    {
        if (bytes.size() > kMaxAnswer - text.size())
            return fail(ErrorCode::SizeLimitExceeded, "the answer about the job is too long");
        text.append(bytes);
        return {};
    }

    /// Errors: SyntaxError. An empty body is none, and neither is a line of text: the headers may
    /// say everything.
    Status readBody()
    {
        const auto first = text.find_first_not_of(" \t\r\n");
        if (first == text.npos || (text[first] != '{' && text[first] != '[' && text[first] != '"'))
            return {};
        QJsonParseError problem;
        // A lone string is no document for Qt, but an element of an array.
        const auto document = QJsonDocument::fromJson(
            '[' + QByteArray(text.data(), static_cast<qsizetype>(text.size())) + ']', &problem);
        if (problem.error != QJsonParseError::NoError)
            return fail(Error{.code = ErrorCode::SyntaxError,
                              .detail = "the answer about the job is no JSON: " +
                                        problem.errorString().toStdString(),
                              .byteOffset = ByteOffset(std::max(problem.offset - 1, 0)),
                              .excerpt = Error::excerptOf(text)});
        answer.body = document[0];
        return {};
    }

    JsonAnswer answer;
    std::string text;
    bool isData = false;
};

std::string lastSegment(const std::string &url)
{
    const auto parsed = transport::Url::parse(url);
    return parsed ? parsed->fileName() : std::string();
}

} // namespace

ExportJob::ExportJob(ByteRequest request, ExportJobRule rule, transport::RetryPolicy retry)
    : m_request(std::move(request)), m_rule(std::move(rule)), m_retry(retry)
{}

Status ExportJob::start(const CancelToken &cancel, transport::RetryListener *listener)
{
    ByteRequest request = m_request;
    if (!findHeader(request.headers, "Accept"))
        request.headers.push_back({"Accept", "application/json, */*;q=0.5"});
    return ask(request, cancel, listener);
}

Status ExportJob::waitUntilDone(const CancelToken &cancel, transport::RetryListener *listener)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + m_rule.patience;
    // One that was taken up has not been asked yet.
    bool isFresh = m_answer.state == JobState::Unknown || m_isDone;
    m_isDone = false;
    for (int question = 0;; ++question) {
        if (!isFresh && !m_wait.waitFor(pauseBefore(question), cancel))
            return fail(ErrorCode::Cancelled, "cancelled while the export job was under way");
        isFresh = false;
        if (std::chrono::steady_clock::now() >= giveUpAt)
            return fail(ErrorCode::Timeout, "the export job was not done within " +
                                                std::to_string(m_rule.patience.count()) +
                                                " s: " + says());
        const auto request = requestTo(m_statusUrl);
        if (!request)
            return fail(request.error());
        FRESHET_TRY(ask(*request, cancel, listener));
        if (m_isDone)
            return {};
    }
}

Status ExportJob::ask(const ByteRequest &request, const CancelToken &cancel,
                      transport::RetryListener *listener)
{
    transport::ResumingTransport::Options options;
    options.retry = m_retry;
    options.listener = listener;
    transport::ResumingTransport transport(request, std::move(options));
    AnswerSink sink;
    const auto end = transport.run(sink, cancel);
    if (!end && sink.isData && request.method == "GET") {
        // The address of the job has become the address of its file.
        m_answer.files = {{.url = request.url, .name = lastSegment(request.url)}};
        m_answer.state = JobState::Done;
        m_filesFrom = request.url;
        m_isDone = true;
        say("done", 1.0);
        return {};
    }
    if (!end)
        return fail(end.error());
    FRESHET_TRY(sink.readBody());
    auto answer = readJobAnswer(sink.answer, m_rule);
    if (!answer)
        return fail(std::move(answer).error());
    return take(std::move(*answer), sink.answer, request.url);
}

Status ExportJob::take(JobAnswer answer, const JsonAnswer &raw, const std::string &askedUrl)
{
    std::string text = answer.stateText.empty() ? "under way" : answer.stateText;
    std::optional<double> done;
    if (answer.percent) {
        done = std::clamp(*answer.percent / 100, 0.0, 1.0);
        text += ", " + std::to_string(std::lround(*answer.percent)) + " %";
    }
    say(std::move(text), done);
    if (answer.state == JobState::Failed)
        return fail(ErrorCode::InBandError,
                    "the export job ended as \"" + answer.stateText + '"' +
                        (answer.message.empty() ? "" : ": " + answer.message));
    if (!answer.statusUrl.empty()) {
        const auto base = transport::Url::parse(askedUrl);
        auto absolute = base ? base->resolve(answer.statusUrl) : base;
        if (!absolute)
            return fail(std::move(absolute).error());
        // What a later answer calls its own address is not better than the one that works.
        if (m_statusUrl.empty())
            m_statusUrl = absolute->text();
    }
    m_isDone = answer.state == JobState::Done && !answer.files.empty();
    if (m_isDone)
        m_filesFrom = askedUrl;
    else if (answer.state == JobState::Done && !m_statusUrl.empty() && askedUrl != m_statusUrl)
        answer.state = JobState::Pending; // done at once; its own address names the files
    m_answer = std::move(answer);
    if (m_isDone || (m_answer.state != JobState::Done && !m_statusUrl.empty()))
        return {};
    const char *const why = m_answer.state == JobState::Done
                                ? "the export job is done, but its answer names no file"
                                : "the answer says nothing of an export job: it names neither an "
                                  "address to ask at nor a file";
    return fail(Error{
        .code = ErrorCode::ProtocolViolation,
        .detail = std::string(why) + "; say at which place of the answer it is",
        .excerpt = Error::excerptOf(
            QJsonDocument(raw.body.toObject()).toJson(QJsonDocument::Compact).toStdString())});
}

std::chrono::milliseconds ExportJob::pauseBefore(int question) const
{
    if (m_rule.pollEvery > std::chrono::milliseconds(0))
        return m_rule.pollEvery;
    if (m_answer.askAgainIn) // some say 0 and mean "as you like"
        return question == 0 ? *m_answer.askAgainIn : std::max(*m_answer.askAgainIn, kLeastPause);
    const double factor = std::pow(1.5, std::min(question, 20));
    return std::min(kLongestPause, std::chrono::milliseconds(std::llround(
                                       static_cast<double>(kFirstPause.count()) * factor)));
}

/// A GET of `url` with what of the request may go there.
Result<ByteRequest> ExportJob::requestTo(const std::string &url) const
{
    const auto home = transport::Url::parse(m_request.url);
    const auto target = transport::Url::parse(url);
    if (!home || !target)
        return fail(home ? target.error() : home.error());
    ByteRequest request = m_request;
    request.url = url;
    request.method = "GET";
    request.body.clear();
    const bool isSigned = transport::withoutSecrets(url) != url;
    const bool mayTrust = home->origin() == target->origin() && !isSigned;
    std::erase_if(request.headers, [mayTrust](const transport::Header &header) {
        return transport::lowered(header.name).starts_with("content-") ||
               (!mayTrust && transport::isSecretHeader(header.name));
    });
    // User name and password of the request's own URL belong to its origin, too.
    if (mayTrust && home->credentials() && !target->credentials()) {
        const std::size_t authority = m_request.url.find("://") + 3;
        const std::size_t at = m_request.url.rfind('@', m_request.url.find('/', authority));
        request.url = target->text();
        request.url.insert(request.url.find("://") + 3,
                           m_request.url.substr(authority, at + 1 - authority));
    }
    return request;
}

Result<ByteRequest> ExportJob::requestFor(std::size_t number) const
{
    const auto base = transport::Url::parse(m_filesFrom);
    auto target = base ? base->resolve(m_answer.files.at(number).url) : base;
    if (!target)
        return fail(std::move(target).error());
    auto request = requestTo(target->text());
    if (request) {
        std::erase_if(request->headers, [](const transport::Header &header) {
            return transport::equalsIgnoringCase(header.name, "Accept");
        });
    }
    return request;
}

std::string ExportJob::says() const
{
    const std::lock_guard lock(m_mutex);
    return m_says;
}

std::optional<double> ExportJob::done() const
{
    const std::lock_guard lock(m_mutex);
    return m_done;
}

void ExportJob::say(std::string text, std::optional<double> done)
{
    const std::lock_guard lock(m_mutex);
    m_done = done;
    m_says = std::move(text);
}

} // namespace freshet::transfer
