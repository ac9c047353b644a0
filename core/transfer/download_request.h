// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "decode/row_decoder.h"
#include "transfer/export_job_rule.h"
#include "transfer/file_set.h"
#include "transfer/grpc_call.h"
#include "transfer/page_rule.h"
#include "transfer/since_rule.h"
#include "transfer/typed_secrets.h"
#include "transfer/url_login.h"
#include "transport/retry_policy.h"
#include "transport/transport.h"

#include <optional>
#include <string>
#include <vector>

namespace freshet::transfer {

enum class OnBadRow { Keep, Stop };

/// How a WebSocket is talked to, beside the opening message, which is the request's body.
struct WebSocketOptions
{
    /// Opens a connection that goes on behind the last row; see `MessageTemplate`. Empty: a lost
    /// stream does not go on.
    std::string resumeMessage;
};

/// Everything that says what to download and how; plain values with defaults.
struct DownloadRequest
{
    transport::ByteRequest bytes;
    decode::DecodeOptions decode;
    /// A gRPC call as it was written down; `prepareGrpcCall` makes `bytes` and `decode` of it,
    /// which is what counts from then on.
    std::optional<GrpcCall> grpc;
    /// Name of the dataset; empty: made from the URL.
    std::string name;
    /// How to get the pages behind the first; unset: the one answer is all that is wanted.
    std::optional<PageRule> pages;
    /// Several files, or one that takes more than a stream of bytes; `bytes` says how to ask for
    /// those that are remote. See `settleFiles`.
    std::optional<FileSet> files;
    /// How to ask for what is new.
    std::optional<SinceRule> since;
    /// The request starts an export that the server prepares.
    std::optional<ExportJobRule> job;
    WebSocketOptions webSocket;
    /// Stop after so many rows (the verdict is then incomplete).
    std::optional<RowCount> limit;
    /// Keep only the last so many rows, for feeds that never end.
    std::optional<RowCount> ring;
    OnBadRow onBadRow = OnBadRow::Keep;
    /// What is done about an interruption.
    transport::RetryPolicy retry;
    /// Stop after so many bad rows.
    std::int64_t maxBadRows = 100'000;

    /// Names of headers that `toJson` left out because they are secret; set by `fromJson`. Those of
    /// a call's metadata are among them.
    std::vector<std::string> missingSecrets;
    /// For files of a set that lie elsewhere than the first. `toJson` keeps where, not the logins.
    std::vector<UrlLogin> logins;
    /// What of its proof of who asks was typed for it. `toJson` keeps that it was, not what it was.
    std::vector<TypedSecret> typedSecrets;

    /// Errors: InvalidArgument, UrlInvalid, with the field named.
    [[nodiscard]] Status validate() const;
    /// As JSON without secrets, to be kept in the library; `fromJson` reads it back. The values of
    /// secret headers and of secret URL parameters are left out: they have to be given anew.
    [[nodiscard]] std::string toJson() const;
    [[nodiscard]] static Result<DownloadRequest> fromJson(std::string_view text);
    /// A name for the dataset from the last meaningful part of the URL: `users`, `orders-2026`.
    [[nodiscard]] std::string suggestedName() const;
};

/// The Accept header for a request that names none: what the format needs, or for Auto what streams
/// best first.
[[nodiscard]] std::string_view acceptFor(decode::Format format);
/// `bytes` with that header, if it goes over HTTP and names none.
[[nodiscard]] transport::ByteRequest withAccept(transport::ByteRequest bytes,
                                                decode::Format format);

} // namespace freshet::transfer
