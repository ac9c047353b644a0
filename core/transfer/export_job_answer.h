// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transfer/export_job_rule.h"
#include "transfer/json_place.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

enum class JobState { Unknown, Pending, Done, Failed };

/// One file that a job has made, as its answer names it.
struct JobFile
{
    std::string url; ///< as sent: absolute or not, probably signed
    std::string name;
    std::optional<ByteCount> bytes;
    std::optional<RowCount> rows;
};

/// What one answer says about a job.
struct JobAnswer
{
    JobState state = JobState::Unknown;
    std::string stateText;         ///< as sent: "InProgress"
    std::string statusUrl;         ///< as sent; empty if it names none
    std::optional<double> percent; ///< done
    std::vector<JobFile> files;    ///< in order
    std::optional<RowCount> rows;  ///< of all files together
    std::string message;           ///< why it failed
    std::optional<std::chrono::milliseconds> askAgainIn;
};

/// Read the answer to the request for a job, or to the question how far it is, by the places that
/// `rule` gives and else by the names that APIs use.
///
/// Source: RFC 9110 §10.2.3, §15.3.3; Azure's guidelines for long-running operations; FHIR bulk
/// data; the export APIs of Salesforce, Shopify, Stripe, Snowflake, Zendesk and Amplitude.
/// Errors: ProtocolViolation for a place of the rule that an answer of a finished job lacks.
[[nodiscard]] Result<JobAnswer> readJobAnswer(const JsonAnswer &answer, const ExportJobRule &rule);

} // namespace freshet::transfer
