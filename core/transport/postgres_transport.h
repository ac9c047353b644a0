// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "transport/progress_board.h"
#include "transport/transport.h"

namespace freshet::transport {

/// The rows of a query to a PostgreSQL server, or to what speaks as one: postgresql://, the query
/// being the request's body.
///
/// Output: a binary COPY stream with the columns in its header (see postgres_columns.h), however
/// the rows came: by COPY, or by a cursor, whose rows are framed in the same way. All of it comes
/// from one snapshot, out of a transaction that cannot write. Rows are handed on as they come; a
/// sink that blocks stops the server, and memory stays at one row and `kPiece`.
///
/// The trailers hold `Command`, the tag that the server counts the rows with (`COPY 1000`, for a
/// cursor the sum of its FETCHes), and a `Notice` for each of the server's notices.
/// Errors: those of `postgresError` with the place in the query; InvalidArgument for a body that is
/// no query.
/// Source: PostgreSQL 15, chapter 34, "libpq", and COPY.
class PostgresTransport final : public Transport
{
public:
    static constexpr std::size_t kPiece = 64 * 1024;

    /// Errors: UrlInvalid; InvalidArgument for an empty query.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> create(ByteRequest request);

    explicit PostgresTransport(ByteRequest request);
    Result<TransportEnd> run(ByteSink &sink, const CancelToken &cancel) override;
    TransportProgress progress() const override { return m_board.snapshot(); }
    std::vector<Header> trailers() const override { return m_trailers; }

private:
    class Exchange;

    const ByteRequest m_request;
    ProgressBoard m_board;
    std::vector<Header> m_trailers;
};

} // namespace freshet::transport
