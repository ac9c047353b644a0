// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <array>
#include <cerrno>
#include <cstring>

namespace freshet {

std::string_view errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Internal:
        return "Internal";
    case ErrorCode::InvalidArgument:
        return "InvalidArgument";
    case ErrorCode::Unsupported:
        return "Unsupported";
    case ErrorCode::Cancelled:
        return "Cancelled";
    case ErrorCode::LimitReached:
        return "LimitReached";
    case ErrorCode::FileNotFound:
        return "FileNotFound";
    case ErrorCode::PermissionDenied:
        return "PermissionDenied";
    case ErrorCode::DiskFull:
        return "DiskFull";
    case ErrorCode::IoError:
        return "IoError";
    case ErrorCode::LibraryBusy:
        return "LibraryBusy";
    case ErrorCode::LibraryDamaged:
        return "LibraryDamaged";
    case ErrorCode::DatasetNotFound:
        return "DatasetNotFound";
    case ErrorCode::UrlInvalid:
        return "UrlInvalid";
    case ErrorCode::ResolveFailed:
        return "ResolveFailed";
    case ErrorCode::ConnectFailed:
        return "ConnectFailed";
    case ErrorCode::TlsFailed:
        return "TlsFailed";
    case ErrorCode::Timeout:
        return "Timeout";
    case ErrorCode::ConnectionLost:
        return "ConnectionLost";
    case ErrorCode::ProtocolViolation:
        return "ProtocolViolation";
    case ErrorCode::TooManyRedirects:
        return "TooManyRedirects";
    case ErrorCode::HttpStatus:
        return "HttpStatus";
    case ErrorCode::WrongContentType:
        return "WrongContentType";
    case ErrorCode::CodingUnsupported:
        return "CodingUnsupported";
    case ErrorCode::CodingCorrupt:
        return "CodingCorrupt";
    case ErrorCode::CodingTruncated:
        return "CodingTruncated";
    case ErrorCode::SizeLimitExceeded:
        return "SizeLimitExceeded";
    case ErrorCode::SyntaxError:
        return "SyntaxError";
    case ErrorCode::InvalidUtf8:
        return "InvalidUtf8";
    case ErrorCode::Truncated:
        return "Truncated";
    case ErrorCode::RowTooLarge:
        return "RowTooLarge";
    case ErrorCode::NestingTooDeep:
        return "NestingTooDeep";
    case ErrorCode::WrongFieldCount:
        return "WrongFieldCount";
    case ErrorCode::RowsNotFound:
        return "RowsNotFound";
    case ErrorCode::InBandError:
        return "InBandError";
    case ErrorCode::SourceChanged:
        return "SourceChanged";
    case ErrorCode::GrpcStatus:
        return "GrpcStatus";
    case ErrorCode::DatabaseRefused:
        return "DatabaseRefused";
    case ErrorCode::SchemaInvalid:
        return "SchemaInvalid";
    case ErrorCode::SqlError:
        return "SqlError";
    }
    return "Internal";
}

std::string Error::excerptOf(std::string_view text)
{
    if (text.size() <= kMaxExcerpt)
        return std::string(text);
    std::size_t end = kMaxExcerpt;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return std::string(text.substr(0, end)) + "…";
}

std::string Error::toString() const
{
    std::string place;
    const auto add = [&place](std::string_view word, std::int64_t value) {
        place += place.empty() ? " (" : ", ";
        place.append(word).append(std::to_string(value));
    };
    if (line)
        add("line ", *line);
    if (row)
        add("row ", row->value());
    if (byteOffset)
        add("byte ", byteOffset->value());
    if (!place.empty())
        place += ')';
    std::string text(errorCodeName(code));
    text += ": " + detail;
    if (!column.empty())
        text += ", column \"" + column + '"';
    return text + place;
}

Error systemError(int errorNumber, std::string_view what)
{
    ErrorCode code = ErrorCode::IoError;
    switch (errorNumber) {
    case ENOENT:
    case ENOTDIR:
        code = ErrorCode::FileNotFound;
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        code = ErrorCode::PermissionDenied;
        break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        code = ErrorCode::DiskFull;
        break;
    default:
        break;
    }
    std::array<char, 256> buffer{};
    // The GNU variant returns the text, which may or may not stand in the buffer.
    const char *text = strerror_r(errorNumber, buffer.data(), buffer.size());
    return Error{
        .code = code, .detail = std::string(what) + ": " + text, .nativeCode = errorNumber};
}

} // namespace freshet
