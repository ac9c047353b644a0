// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strong_types.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace freshet {

/// What went wrong, as a stable code: tests, exit codes and `ui/text` decide by it, never by
/// `detail`.
enum class ErrorCode {
    // ours or the caller's
    Internal,
    InvalidArgument,
    Unsupported,
    Cancelled,
    LimitReached,
    // this machine
    FileNotFound,
    PermissionDenied,
    DiskFull,
    IoError,
    LibraryBusy,
    LibraryDamaged,
    DatasetNotFound,
    // the network
    UrlInvalid,
    ResolveFailed,
    ConnectFailed,
    TlsFailed,
    Timeout,
    ConnectionLost,
    ProtocolViolation,
    TooManyRedirects,
    HttpStatus,
    GrpcStatus,
    DatabaseRefused,
    WrongContentType,
    // content codings
    CodingUnsupported,
    CodingCorrupt,
    CodingTruncated,
    SizeLimitExceeded,
    // decoding
    SyntaxError,
    InvalidUtf8,
    Truncated,
    RowTooLarge,
    NestingTooDeep,
    WrongFieldCount,
    RowsNotFound,
    InBandError,
    SourceChanged,
    SchemaInvalid,
    // queries and exports
    SqlError,
};

/// The code's name as scripts see it in `--json`, for example "ConnectionLost".
[[nodiscard]] std::string_view errorCodeName(ErrorCode code);

/// A failure with its place. `detail` is a technical sentence in English without secrets; what a
/// user reads is made from `code` and the places in `ui/text`.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string detail;
    /// Where in the decoded byte stream (or file), from 0.
    std::optional<ByteOffset> byteOffset;
    /// Which row of the dataset, from 0.
    std::optional<RowIndex> row;
    /// Which line of the input, from 1.
    std::optional<std::int64_t> line;
    std::string column;
    /// The text at the place, cut to `kMaxExcerpt` bytes at a UTF-8 border.
    std::string excerpt;
    /// The status for ErrorCode::HttpStatus and GrpcStatus, the errno or library's code elsewhere;
    /// 0 if none.
    int nativeCode = 0;

    static constexpr std::size_t kMaxExcerpt = 160;

    /// Shorten `text` to an excerpt; never cuts inside a UTF-8 sequence.
    [[nodiscard]] static std::string excerptOf(std::string_view text);

    /// One line for logs and the command line: `SyntaxError: unexpected ',' (line 7, byte 512)`.
    [[nodiscard]] std::string toString() const;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// `return fail(ErrorCode::IoError, "…");` from a function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string detail)
{
    return tl::unexpected<Error>(Error{.code = code, .detail = std::move(detail)});
}
/// An Error for a failed system call on `what`: maps `errorNumber` (errno) to a code.
[[nodiscard]] Error systemError(int errorNumber, std::string_view what);

} // namespace freshet

/// Leave the function with the error of `expression` (a Status or Result) if it has one.
#define FRESHET_TRY(expression)                                                                    \
    do {                                                                                           \
        if (auto freshetTried = (expression); !freshetTried)                                       \
            return ::tl::unexpected<::freshet::Error>(std::move(freshetTried).error());            \
    } while (false)
