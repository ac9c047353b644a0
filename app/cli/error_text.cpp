// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/error_text.h"

#include "cli/exit_code.h"
#include "transfer/verdict.h"
#include "transport/stated_digests.h"

#include <cstdio>

namespace freshet::cli {

namespace {

struct Words
{
    std::string_view what;
    std::string_view next;
};

constexpr std::string_view kReport = "This is a fault in Freshet; please report it.";

Words wordsFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Internal:
        return {"Something went wrong inside the program", kReport};
    case ErrorCode::InvalidArgument:
        return {"This cannot be done", ""};
    case ErrorCode::Unsupported:
        return {"This is not supported", ""};
    case ErrorCode::Cancelled:
        return {"Cancelled", ""};
    case ErrorCode::LimitReached:
        return {"A limit was reached", ""};
    case ErrorCode::FileNotFound:
        return {"The file or its folder was not found", "Check the path."};
    case ErrorCode::PermissionDenied:
        return {"Permission was denied", "Check who may read and write there."};
    case ErrorCode::DiskFull:
        return {"The disk is full", "Free some space first."};
    case ErrorCode::IoError:
        return {"Reading or writing a file failed", ""};
    case ErrorCode::LibraryBusy:
        return {"Another program is writing this dataset", "Wait for it to finish."};
    case ErrorCode::LibraryDamaged:
        return {"The library is damaged", ""};
    case ErrorCode::DatasetNotFound:
        return {"There is no such dataset", "freshet-cli ls shows those that are there."};
    case ErrorCode::UrlInvalid:
        return {"This is no URL that can be fetched", "Check its spelling."};
    case ErrorCode::ResolveFailed:
        return {"The server's name was not found", "Check its spelling and the network."};
    case ErrorCode::ConnectFailed:
        return {"The server could not be reached", "Check the address, the port and the network."};
    case ErrorCode::TlsFailed:
        return {"No secure connection came about", "A certificate of your own goes with --cacert "
                                                   "FILE, an SSH key with --known-hosts FILE."};
    case ErrorCode::Timeout:
        return {"The server did not answer in time", "Try again later."};
    case ErrorCode::ConnectionLost:
        return {"The connection was lost", ""};
    case ErrorCode::ProtocolViolation:
        return {"The server broke the rules of its protocol", ""};
    case ErrorCode::TooManyRedirects:
        return {"The server redirects without end", ""};
    case ErrorCode::HttpStatus:
        return {"The server refused", ""};
    case ErrorCode::WrongContentType:
        return {"What came is not data that can be read", "Choose with --format if it is."};
    case ErrorCode::CodingUnsupported:
        return {"The server used an unknown compression", "Try --accept-encoding identity."};
    case ErrorCode::CodingCorrupt:
        return {"The data is damaged",
                "If its server compresses it, try --accept-encoding identity."};
    case ErrorCode::CodingTruncated:
        return {"The compressed data stops before its end", ""};
    case ErrorCode::SizeLimitExceeded:
        return {"There is more data than is taken", ""};
    case ErrorCode::SyntaxError:
        return {"The data cannot be read", "If it is in another format, name it with --format."};
    case ErrorCode::InvalidUtf8:
        return {"The data is not valid UTF-8", ""};
    case ErrorCode::Truncated:
        return {"The data stops in the middle", ""};
    case ErrorCode::RowTooLarge:
        return {"A row is too large", ""};
    case ErrorCode::NestingTooDeep:
        return {"The data is nested too deeply", ""};
    case ErrorCode::WrongFieldCount:
        return {"A row has another number of fields than the header", ""};
    case ErrorCode::RowsNotFound:
        return {"No rows were found in the document", "Say where they are with --rows-at."};
    case ErrorCode::InBandError:
        return {"The server reported an error inside the data", ""};
    case ErrorCode::SourceChanged:
        return {"The source has changed since the download began",
                "Get it again as a new dataset; the rows so far are kept."};
    case ErrorCode::GrpcStatus:
        return {"The gRPC service refused or failed", ""};
    case ErrorCode::DatabaseRefused:
        return {"The database refused", ""};
    case ErrorCode::SchemaInvalid:
        return {"The schema cannot be used", ""};
    case ErrorCode::SqlError:
        return {"The query cannot be run", ""};
    }
    return {"Something went wrong inside the program", kReport};
}

bool asksWho(const Error &error)
{
    return error.code == ErrorCode::HttpStatus &&
           (error.nativeCode == 401 || error.nativeCode == 403);
}

/// Where a source of this kind is told what is missing; empty: as all others.
std::string whatNextAt(const Error &error, std::string_view source)
{
    if (source.starts_with("sftp://")) {
        if (error.code == ErrorCode::TlsFailed)
            return "Another list of the keys of servers goes with --known-hosts FILE.";
        if (asksWho(error))
            return "Give the key that it knows with --ssh-key FILE, or put it into the agent.";
    }
    if (source.starts_with("s3://")) {
        if (asksWho(error))
            return "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile of ~/.aws "
                   "with --profile NAME.";
        if (error.code == ErrorCode::HttpStatus &&
            (error.nativeCode == 301 || error.nativeCode == 400))
            return "Say with --region NAME where the bucket is.";
    }
    return {};
}

std::string placeOf(const Error &error)
{
    std::string place;
    const auto add = [&place](std::string_view word, std::int64_t value) {
        place += (place.empty() ? "at " : ", ") + std::string(word) + ' ' +
                 transfer::groupedDigits(value);
    };
    if (error.line)
        add("line", *error.line);
    if (error.row)
        add("row", error.row->value());
    if (error.byteOffset)
        add("byte", error.byteOffset->value());
    if (!error.column.empty())
        place += (place.empty() ? "in column \"" : ", column \"") + error.column + '"';
    return place;
}

void printLine(std::string_view line)
{
    std::fprintf(stderr, "  %.*s\n", static_cast<int>(line.size()), line.data());
}

} // namespace

ExitCode exitCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::UrlInvalid:
    case ErrorCode::Unsupported:
    case ErrorCode::SqlError:
    case ErrorCode::SchemaInvalid:
    case ErrorCode::DatasetNotFound:
        return ExitCode::Usage;
    case ErrorCode::Cancelled:
        return ExitCode::Cancelled;
    case ErrorCode::ResolveFailed:
    case ErrorCode::ConnectFailed:
    case ErrorCode::TlsFailed:
    case ErrorCode::Timeout:
    case ErrorCode::ConnectionLost:
    case ErrorCode::ProtocolViolation:
    case ErrorCode::TooManyRedirects:
    case ErrorCode::HttpStatus:
    case ErrorCode::GrpcStatus:
    case ErrorCode::DatabaseRefused:
    case ErrorCode::WrongContentType:
    case ErrorCode::CodingUnsupported:
        return ExitCode::Refused;
    case ErrorCode::Internal:
    case ErrorCode::FileNotFound:
    case ErrorCode::PermissionDenied:
    case ErrorCode::DiskFull:
    case ErrorCode::IoError:
    case ErrorCode::LibraryBusy:
    case ErrorCode::LibraryDamaged:
        return ExitCode::LocalFailure;
    default:
        return ExitCode::Incomplete;
    }
}

std::string whatHappened(const Error &error)
{
    std::string text(transport::isNotAsStated(error) ? "The data is not what its checksum states"
                                                     : wordsFor(error.code).what);
    if (!error.detail.empty())
        text += ": " + error.detail;
    else if (error.code == ErrorCode::HttpStatus && error.nativeCode != 0)
        text += ": it answered " + std::to_string(error.nativeCode);
    return text;
}

std::string whatNext(const Error &error, std::string_view source)
{
    if (auto own = whatNextAt(error, source); !own.empty())
        return own;
    if (transport::isNotAsStated(error))
        return "Get it again; if it fails again, the checksum or the file at the server is wrong.";
    if (error.code == ErrorCode::HttpStatus) {
        switch (error.nativeCode) {
        case 401:
        case 403:
            return "Give your credentials, for example -H 'Authorization: Bearer …'.";
        case 404:
        case 410:
            return "Check the path of the URL.";
        case 429:
        case 503:
            return "The server is busy; try again later.";
        default:
            return {};
        }
    }
    return std::string(wordsFor(error.code).next);
}

void printError(const Error &error, std::string_view source, std::string_view kept,
                std::string_view remedy)
{
    std::fprintf(stderr, "freshet-cli: %s\n", whatHappened(error).c_str());
    std::string place = placeOf(error);
    if (!source.empty() && error.detail.find(source) == std::string::npos)
        place += (place.empty() ? "in " : " of ") + std::string(source);
    if (!place.empty())
        printLine(place);
    if (!error.excerpt.empty())
        printLine("there: " + error.excerpt);
    if (!kept.empty())
        printLine(kept);
    if (!remedy.empty())
        printLine(remedy);
    else if (const auto next = whatNext(error, source); !next.empty())
        printLine(next);
}

void printProblem(std::string_view sentence, std::string_view kept, std::string_view remedy)
{
    std::fprintf(stderr, "freshet-cli: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    for (const std::string_view line : {kept, remedy}) {
        if (!line.empty())
            printLine(line);
    }
}

void printUsageError(std::string_view sentence, std::string_view command)
{
    std::fprintf(stderr, "freshet-cli: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    std::fprintf(stderr, "  freshet-cli %.*s%s--help says how it is used.\n",
                 static_cast<int>(command.size()), command.data(), command.empty() ? "" : " ");
}

} // namespace freshet::cli
