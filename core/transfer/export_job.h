// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/wait_point.h"
#include "transfer/export_job_answer.h"
#include "transport/resuming_transport.h"

#include <mutex>
#include <string>
#include <vector>

namespace freshet::transfer {

/// A job on a server that prepares an export: asked for, asked about until it is done, and asked
/// again for fresh addresses when those of its files have expired.
///
/// What is secret in the request goes to the origin that it was made for and nowhere else, and not
/// along with an address that is signed itself.
/// Source: RFC 9110 §15.3.3; Azure's guidelines for long-running operations; reliability rules R39
/// and R40. Threads: one thread at a time; `says` and `hurry` from any thread.
class ExportJob
{
public:
    ExportJob(transport::ByteRequest request, ExportJobRule rule, transport::RetryPolicy retry);

    /// Send the request. Errors: those of transports; WrongContentType if the answer is data, not
    /// about a job; ProtocolViolation if it says nothing of one; InBandError if the job failed.
    [[nodiscard]] Status start(const CancelToken &cancel, transport::RetryListener *listener);
    /// Ask until the job is done. Errors: as above; Timeout when the rule's patience is at its end.
    [[nodiscard]] Status waitUntilDone(const CancelToken &cancel,
                                       transport::RetryListener *listener);
    /// Whether `start` has succeeded or `goOn` said where to ask.
    [[nodiscard]] bool isStarted() const { return !m_statusUrl.empty() || isDone(); }
    [[nodiscard]] bool isDone() const { return m_isDone; }

    /// Absolute; empty while nobody knows it.
    [[nodiscard]] const std::string &statusUrl() const { return m_statusUrl; }
    /// Take up a job that an earlier run has started.
    void goOn(std::string statusUrl) { m_statusUrl = std::move(statusUrl); }

    /// Of the last answer, once the job is done.
    [[nodiscard]] const std::vector<JobFile> &files() const { return m_answer.files; }
    [[nodiscard]] std::optional<RowCount> rows() const { return m_answer.rows; }
    /// The request for file `number`, which is one of `files()`.
    [[nodiscard]] Result<transport::ByteRequest> requestFor(std::size_t number) const;

    /// "running, 40 %"
    [[nodiscard]] std::string says() const;
    /// What the last answer stated of that, of 1.
    [[nodiscard]] std::optional<double> done() const;
    /// End a wait that is under way.
    void hurry() { m_wait.hurry(); }

private:
    [[nodiscard]] Status ask(const transport::ByteRequest &request, const CancelToken &cancel,
                             transport::RetryListener *listener);
    [[nodiscard]] Status take(JobAnswer answer, const JsonAnswer &raw, const std::string &askedUrl);
    [[nodiscard]] Result<transport::ByteRequest> requestTo(const std::string &url) const;
    [[nodiscard]] std::chrono::milliseconds pauseBefore(int question) const;
    void say(std::string text, std::optional<double> done);

    const transport::ByteRequest m_request;
    const ExportJobRule m_rule;
    const transport::RetryPolicy m_retry;
    std::string m_statusUrl;
    JobAnswer m_answer;
    std::string m_filesFrom; ///< the address whose answer named the files
    bool m_isDone = false;
    WaitPoint m_wait;

    mutable std::mutex m_mutex; ///< guards what is below
    std::string m_says = "asking for it";
    std::optional<double> m_done;
};

} // namespace freshet::transfer
