// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/remedy.h"

#include "cli/error_text.h"
#include "decode/table_signature.h"
#include "transfer/earlier_run.h"
#include "transfer/get_anew.h"
#include "transfer/shell_words.h"
#include "transport/stated_digests.h"

namespace freshet::cli {

namespace {

/// Whether the next try may well come further.
bool mayPass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
    case ErrorCode::ResolveFailed:
    case ErrorCode::ConnectFailed:
    case ErrorCode::TlsFailed:
    case ErrorCode::Timeout:
    case ErrorCode::ConnectionLost:
    case ErrorCode::ProtocolViolation:
    case ErrorCode::HttpStatus:
    case ErrorCode::GrpcStatus:
    case ErrorCode::CodingTruncated:
    case ErrorCode::Truncated:
    case ErrorCode::InBandError:
    case ErrorCode::DiskFull:
    case ErrorCode::IoError:
        return true;
    default:
        return false;
    }
}

/// Where the library could not write it down any more, the verdict is not in the record.
bool canBeResumed(const GetSummary &summary)
{
    if (!summary.record)
        return false;
    const auto &verdict = summary.progress.verdict;
    const bool isUnwritten = summary.record->verdict.empty() && verdict &&
                             verdict->kind == transfer::VerdictKind::Incomplete;
    return isUnwritten || transfer::isResumable(*summary.record);
}

/// Whether it is about one place, so that behind good rows the format itself is right.
bool stopsRows(ErrorCode code)
{
    return code == ErrorCode::SyntaxError || code == ErrorCode::InvalidUtf8 ||
           code == ErrorCode::WrongFieldCount;
}

/// The file that an error is about: of several, its detail begins with the one (see FilePlanner).
std::string fileOf(const Error &error, const std::string &source)
{
    std::string named = error.detail.substr(0, error.detail.find(": "));
    const bool isNamed = decode::tableFormatByName(named) != decode::Format::Auto;
    return isNamed ? named : source;
}

/// What can be done about a Parquet or Arrow file that cannot be read; empty if it is none.
std::string adviceForTable(const Error &error, const GetSummary &summary, const std::string &source)
{
    const std::string file = fileOf(error, source);
    const bool isDamage =
        error.code == ErrorCode::SyntaxError || error.code == ErrorCode::Truncated;
    if (!isDamage || !decode::isTableFormat(decode::tableFormatByName(file)))
        return {};
    const std::string damaged =
        error.code == ErrorCode::SyntaxError
            ? "If it is in another format, name it with --format; else it is damaged"
            : "It is damaged";
    if (transfer::isLocalPlace(file))
        return damaged + ": freshet-cli verify " + transfer::shellQuoted(file) +
               " tells whether it is what was fetched or saved; if not, fetch it again.";
    const std::string again = canBeResumed(summary)
                                  ? "freshet-cli resume " +
                                        transfer::shellQuoted(summary.record->name) +
                                        " fetches it anew."
                                  : "get it again.";
    return damaged + " at its source; once it is mended there, " + again;
}

/// A file on this machine that stops in the middle stays as it is until somebody replaces it.
bool isCutFile(const Error &error, const std::string &source)
{
    return transfer::isLocalPlace(source) &&
           (error.code == ErrorCode::Truncated || error.code == ErrorCode::CodingTruncated);
}

std::string anewCommand(const store::DatasetRecord &record)
{
    return "freshet-cli resume " + transfer::shellQuoted(record.name) + " --anew";
}

/// What can be done about data that is not what its checksum states.
std::string adviceForChecksum(const Error &error, const GetSummary &summary,
                              const std::string &source)
{
    if (!transport::isNotAsStated(error))
        return {};
    const bool isKept = canBeResumed(summary);
    if (transfer::isLocalPlace(source))
        return "Fetch the file again from where it came; if it fails again, the file or its "
               "checksum is wrong there." +
               (isKept ? ' ' + anewCommand(*summary.record) + " then reads it into a new dataset."
                       : std::string());
    constexpr std::string_view kElse =
        "; if it fails again, the checksum or the file at the server is wrong.";
    return (isKept ? anewCommand(*summary.record) +
                         " gets it again into a new dataset and keeps this one"
                   : std::string("Get it again")) +
           std::string(kElse);
}

} // namespace

std::string remedyFor(const Error &error, const GetSummary &summary, const std::string &source)
{
    if (const std::string advice = adviceForTable(error, summary, source); !advice.empty())
        return advice;
    if (const std::string advice = adviceForChecksum(error, summary, source); !advice.empty())
        return advice;
    if (!canBeResumed(summary))
        return {};
    if (error.code == ErrorCode::SourceChanged)
        return anewCommand(*summary.record) +
               " gets it again into a new dataset and keeps this one.";
    const std::string name = transfer::shellQuoted(summary.record->name);
    if (error.code == ErrorCode::LimitReached && summary.progress.rejected.value() > 0)
        return "freshet-cli rejects " + name + " shows them; freshet-cli resume " + name +
               " --max-bad-rows N lets more of them pass.";
    const bool isUnreadable = stopsRows(error.code) && summary.record->rows.value() > 0;
    // A query that has given rows is no wrong one.
    const bool isPassing =
        error.code == ErrorCode::DatabaseRefused && summary.record->rows > RowCount();
    if (!mayPass(error.code) && !isUnreadable && !isPassing)
        return {};
    std::string before = isUnreadable ? std::string() : whatNext(error, source);
    if (isCutFile(error, source))
        before = "Put the whole file in its place;";
    if (isUnreadable && summary.progress.rejected.value() > 0)
        before = "freshet-cli rejects " + name + " shows what could not be read;";
    const auto point = transfer::ResumePoint::fromJson(summary.record->resumePoint);
    const std::string does =
        point && point->beginsAgain() ? point->plan() : "goes on where it stopped";
    return before + (before.empty() ? "" : " ") + "freshet-cli resume " + name + ' ' + does + '.';
}

std::string remedyFor(const store::DatasetRecord &record)
{
    const auto ways = transfer::waysOn(record);
    if (!ways.mayNeedNew)
        return {};
    return std::string(ways.fellShort.empty() ? "The rows that are here may be wrong; "
                                              : "No resume reads that file again; ") +
           anewCommand(record) + " gets all of it into a new dataset and keeps this one.";
}

std::string remedyForSave(const GetSummary &summary)
{
    const std::string first = whatNext(*summary.saveError);
    return first + (first.empty() ? "" : " ") + "freshet-cli save " +
           transfer::shellQuoted(summary.record->name) +
           " FILE writes them without fetching them again.";
}

} // namespace freshet::cli
