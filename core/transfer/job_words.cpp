// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transfer/job_words.h"

#include "transport/ascii.h"

#include <algorithm>
#include <initializer_list>

namespace freshet::transfer {

namespace {

using Names = std::initializer_list<std::string_view>;

/// Letters and digits in lower case.
std::string compact(std::string_view name)
{
    std::string result;
    for (const char c : transport::lowered(name)) {
        if (transport::isDigit(c) || (c >= 'a' && c <= 'z'))
            result += c;
    }
    return result;
}

bool isAmong(std::string_view compactName, Names names)
{
    return std::ranges::find(names, compactName) != names.end();
}

bool isInList(std::string_view compactWord, std::string_view list)
{
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (compact(list.substr(0, comma)) == compactWord)
            return true;
        list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
    }
    return false;
}

} // namespace

JobSign jobSignOf(std::string_view memberName)
{
    const std::string name = compact(memberName);
    const auto is = [&name](Names names) {
        return isAmong(name, names);
    };
    if (is({"statusurl",
            "statusuri",
            "statuslink",
            "statushref",
            "pollurl",
            "polluri",
            "pollingurl",
            "pollinguri",
            "checkurl",
            "monitorurl",
            "monitoruri",
            "operationurl",
            "operationlocation",
            "joburl",
            "joburi",
            "progressurl",
            "statusqueryurl",
            "statusquerygeturi",
            "contentlocation",
            "azureasyncoperation"}))
        return JobSign::StatusUrl;
    if (is({"status", "state", "jobstatus", "jobstate", "exportstatus", "exportstate", "statustext",
            "runstatus", "lifecyclestate", "operationstatus", "phase"}))
        return JobSign::State;
    if (is({"done", "isdone", "ready", "isready", "completed", "iscompleted", "complete",
            "iscomplete", "finished", "isfinished"}))
        return JobSign::IsDone;
    if (is({"progress", "percent", "percentage", "percentcomplete", "percentcompleted",
            "percentdone", "progresspercent", "progresspercentage", "completionpercentage",
            "xprogress", "jobprogress", "completion"}))
        return JobSign::Progress;
    if (is({"downloadurl", "downloaduri",      "downloadlink", "downloadhref",  "resulturl",
            "resulturi",   "resulturls",       "resultlink",   "resultsurl",    "fileurl",
            "fileuri",     "fileurls",         "exporturl",    "contenturl",    "contenturi",
            "signedurl",   "signedurls",       "presignedurl", "presignedurls", "outputurl",
            "outputuri",   "resourcelocation", "downloadurls", "downloadlinks", "dataurl",
            "archiveurl",  "reporturl",        "externallink", "download",      "filelocation"}))
        return JobSign::ResultUrl;
    if (is({"url", "uri", "href", "link", "location"}))
        return JobSign::ResultMaybe;
    if (is({"results", "result", "files", "file", "urls", "parts", "outputs", "output", "downloads",
            "artifacts", "resultfiles", "exportfiles", "chunks", "externallinks", "documents"}))
        return JobSign::Results;
    if (is({"rows", "rowcount", "totalrows", "numrows", "numberofrows", "rowstotal", "rowswritten",
            "records", "recordcount", "totalrecords", "recordstotal", "numberofrecords",
            "numrecords", "numberrecordsprocessed", "totalrowcount", "objectcount"}))
        return JobSign::Rows;
    if (name == "count")
        return JobSign::Count;
    if (is({"bytes", "size", "filesize", "sizebytes", "sizeinbytes", "contentlength", "bytecount",
            "totalbytes"}))
        return JobSign::Bytes;
    if (is({"name", "filename", "key", "path"}))
        return JobSign::FileName;
    if (is({"error", "errors", "errormessage", "message", "failurereason", "reason", "errordetail",
            "errordetails", "statemessage", "statusmessage", "failuremessage", "detail",
            "description"}))
        return JobSign::Message;
    if (is({"retryafter", "retryafterseconds", "pollafter", "pollinterval", "pollintervalseconds"}))
        return JobSign::AskAgainIn;
    return JobSign::None;
}

bool tellsAboutJob(std::string_view memberName)
{
    return isAmong(compact(memberName),
                   {"data", "job", "export", "response", "links", "operation", "request", "task",
                    "properties", "attributes", "bulkoperation", "report", "manifest", "meta",
                    "metadata", "self", "statistics", "stats"}) ||
           jobSignOf(memberName) == JobSign::Results || jobSignOf(memberName) == JobSign::State ||
           jobSignOf(memberName) == JobSign::ResultUrl;
}

JobState jobStateOf(std::string_view word, const ExportJobRule &rule)
{
    const std::string state = compact(word);
    if (isInList(state, rule.doneStates))
        return JobState::Done;
    if (isInList(state, rule.failedStates))
        return JobState::Failed;
    if (isAmong(state,
                {"completed", "complete", "done", "succeeded", "success", "successful", "finished",
                 "ready", "available", "jobcomplete", "ended", "exported", "generated", "ok"}))
        return JobState::Done;
    if (isAmong(state, {"failed", "failure", "fail", "error", "errored", "cancelled", "canceled",
                        "aborted", "expired", "timedout", "timeout", "rejected", "killed",
                        "deleted", "terminated", "crashed", "denied", "invalid"}))
        return JobState::Failed;
    // Whatever else it does, it is not at its end. Numbers are of HTTP, not of jobs.
    const bool isNumber = state.find_first_not_of("0123456789") == std::string::npos;
    return isNumber ? JobState::Unknown : JobState::Pending;
}

bool isStateOfAnswer(std::string_view word)
{
    return isAmong(compact(word), {"success", "ok", "accepted"});
}

} // namespace freshet::transfer
