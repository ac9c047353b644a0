// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_transport.h"

#include "transport/big_endian.h"
#include "transport/postgres_query.h"

#include <libpq-fe.h>

#include <charconv>

namespace freshet::transport {

namespace {

constexpr std::string_view kTrailer = "\xFF\xFF";
constexpr std::string_view kCursor = "freshet_rows";

struct CopyRowDeleter
{
    void operator()(char *row) const { PQfreemem(row); }
};
using CopyRow = std::unique_ptr<char, CopyRowDeleter>;

std::int64_t rowsOf(const PGresult *result)
{
    const std::string_view text = PQcmdTuples(const_cast<PGresult *>(result));
    std::int64_t rows = 0;
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

} // namespace

/// One query under way.
class PostgresTransport::Exchange
{
public:
    Exchange(const ByteRequest &request, PostgresConnection &connection, ByteSink &sink,
             ProgressBoard &board)
        : m_request(request), m_connection(connection), m_sink(sink), m_board(board)
    {}

    /// Output: the tag of the command.
    Result<std::string> perform()
    {
        FRESHET_TRY(m_connection.beginReading());
        if (const auto timeout = m_request.postgres.statementTimeout.count(); timeout > 0)
            FRESHET_TRY(
                m_connection.run("set local statement_timeout = " + std::to_string(timeout)));
        const std::string query(trimmedQuery(m_request.body));
        const auto columns = describeQuery(m_connection, query);
        if (!columns)
            return fail(columns.error());
        const auto sql = sentQuery(query, *columns, m_request.postgres.range);
        if (!sql)
            return fail(sql.error());
        FRESHET_TRY(tellHead());
        std::vector<PostgresColumn> sent;
        for (const QueryColumn &column : *columns)
            sent.push_back(column.sent);
        m_piece = copyHeader(sent);
        auto tag = m_request.postgres.via == PostgresVia::Cursor ? fetchAll(*sql) : copyAll(*sql);
        if (!tag)
            return tag;
        FRESHET_TRY(handOn());
        FRESHET_TRY(m_connection.run("commit"));
        return tag;
    }

    /// What came before an error is not lost.
    Status handOn()
    {
        if (m_piece.empty())
            return {};
        m_board.bodyArrived(m_piece.size());
        FRESHET_TRY(m_sink.onBytes(m_piece));
        m_board.handedOn(m_piece.size());
        m_piece.clear();
        return {};
    }

private:
    Status tellHead()
    {
        m_board.changeTiming(
            [now = m_board.sinceStart()](TransportTiming &timing) { timing.requestSent = now; });
        ResponseHead head;
        head.status = 200;
        head.finalUrl = withoutSecrets(m_request.url);
        head.contentType = "application/x-postgresql-copy";
        return m_sink.onHead(head);
    }

    Result<std::string> copyAll(const std::string &sql)
    {
        const std::string copy = "copy (" + sql + "\n) to stdout (format binary)";
        FRESHET_TRY(m_connection.sent(PQsendQuery(m_connection.handle(), copy.c_str()), copy));
        const auto begun = m_connection.next();
        if (!begun)
            return fail(begun.error());
        FRESHET_TRY(m_connection.check(begun->get()));
        if (PQresultStatus(begun->get()) != PGRES_COPY_OUT || PQbinaryTuples(begun->get()) == 0)
            return fail(ErrorCode::ProtocolViolation, "the server does not begin a binary COPY");
        FRESHET_TRY(copyRows());
        return tagOfCopy();
    }

    Status copyRows()
    {
        PGconn *const handle = m_connection.handle();
        while (true) {
            char *bytes = nullptr;
            const int size = PQgetCopyData(handle, &bytes, 1);
            const CopyRow row(bytes);
            if (size < 0) // over, or failed: the next result says which
                return {};
            if (size == 0) {
                FRESHET_TRY(handOn());
                FRESHET_TRY(m_connection.receive());
                continue;
            }
            const std::string_view text(row.get(), static_cast<std::size_t>(size));
            if (m_isPastHeader) [[likely]]
                m_piece += text;
            else
                FRESHET_TRY(passHeader(text));
            if (m_piece.size() >= kPiece)
                FRESHET_TRY(handOn());
        }
    }

    /// The server's own header gives way to ours.
    Status passHeader(std::string_view text)
    {
        m_header += text;
        if (m_header.size() < kCopyHeaderBytes)
            return {};
        const std::size_t size =
            kCopyHeaderBytes + bigEndian32(m_header.data() + kCopyHeaderBytes - 4);
        const std::uint32_t flags = bigEndian32(m_header.data() + kCopySignature.size());
        if (!std::string_view(m_header).starts_with(kCopySignature) || (flags >> 16) != 0)
            return fail(ErrorCode::ProtocolViolation,
                        "the server's COPY stream begins in a way that is not known");
        if (m_header.size() < size)
            return {};
        m_piece.append(m_header, size);
        m_header.clear();
        m_isPastHeader = true;
        return {};
    }

    Result<std::string> tagOfCopy()
    {
        std::string tag;
        while (true) {
            const auto result = m_connection.next();
            if (!result)
                return fail(result.error());
            if (!*result)
                break;
            FRESHET_TRY(m_connection.check(result->get()));
            tag = PQcmdStatus(result->get());
        }
        if (!tag.starts_with("COPY "))
            return fail(ErrorCode::ConnectionLost, "the COPY ended without the server's count");
        return tag;
    }

    Result<std::string> fetchAll(const std::string &sql)
    {
        const std::string cursor(kCursor);
        const std::string declare = "declare " + cursor + " no scroll cursor for ";
        // The place of an error is one in the query.
        FRESHET_TRY(m_connection.run(declare + sql));
        const std::int64_t batch = m_request.postgres.batchRows;
        const std::string fetch = "fetch forward " + std::to_string(batch) + " from " + cursor;
        std::int64_t all = 0;
        while (true) {
            const auto rows = fetchBatch(fetch);
            if (!rows)
                return fail(rows.error());
            all += *rows;
            if (*rows < batch)
                break;
        }
        FRESHET_TRY(m_connection.run("close " + cursor));
        m_piece += kTrailer;
        return "FETCH " + std::to_string(all);
    }

    /// Output: how many rows the server counts.
    Result<std::int64_t> fetchBatch(const std::string &fetch)
    {
        PGconn *const handle = m_connection.handle();
        FRESHET_TRY(m_connection.sent(
            PQsendQueryParams(handle, fetch.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1),
            fetch));
        // Row by row: a batch of long rows need not fit into memory.
        (void)PQsetSingleRowMode(handle);
        std::int64_t counted = 0;
        while (true) {
            if (PQisBusy(handle) != 0)
                FRESHET_TRY(handOn());
            const auto result = m_connection.next();
            if (!result)
                return fail(result.error());
            if (!*result)
                return counted;
            FRESHET_TRY(m_connection.check(result->get()));
            if (PQresultStatus(result->get()) == PGRES_SINGLE_TUPLE)
                appendRow(result->get());
            else
                counted = rowsOf(result->get());
            if (m_piece.size() >= kPiece)
                FRESHET_TRY(handOn());
        }
    }

    void appendRow(const PGresult *row)
    {
        constexpr std::uint32_t kNull = 0xFFFFFFFF;
        const int columns = PQnfields(row);
        appendBigEndian16(m_piece, static_cast<std::uint16_t>(columns));
        for (int i = 0; i < columns; ++i) {
            if (PQgetisnull(row, 0, i) != 0) {
                appendBigEndian32(m_piece, kNull);
                continue;
            }
            const auto size = static_cast<std::size_t>(PQgetlength(row, 0, i));
            appendBigEndian32(m_piece, static_cast<std::uint32_t>(size));
            m_piece.append(PQgetvalue(row, 0, i), size);
        }
    }

    const ByteRequest &m_request;
    PostgresConnection &m_connection;
    ByteSink &m_sink;
    ProgressBoard &m_board;
    std::string m_piece;
    std::string m_header;
    bool m_isPastHeader = false;
};

Result<std::unique_ptr<Transport>> PostgresTransport::create(ByteRequest request)
{
    FRESHET_TRY(checkPostgresUrl(request.url));
    if (trimmedQuery(request.body).empty())
        return fail(ErrorCode::InvalidArgument, "a PostgreSQL server needs a query");
    if (request.postgres.batchRows < 1)
        return fail(ErrorCode::InvalidArgument, "a batch has at least one row");
    return std::make_unique<PostgresTransport>(std::move(request));
}

PostgresTransport::PostgresTransport(ByteRequest request) : m_request(std::move(request)) {}

Result<TransportEnd> PostgresTransport::run(ByteSink &sink, const CancelToken &cancel)
{
    m_board.start();
    const auto connection = PostgresConnection::open(m_request, cancel, m_board);
    if (!connection)
        return fail(connection.error());
    Exchange exchange(m_request, **connection, sink, m_board);
    auto tag = exchange.perform();
    for (const std::string &notice : (*connection)->notices())
        m_trailers.push_back({"Notice", notice});
    if (!tag) {
        if (tag.error().code != ErrorCode::Cancelled)
            FRESHET_TRY(exchange.handOn());
        return fail(std::move(tag).error());
    }
    m_trailers.push_back({"Command", std::move(*tag)});
    return TransportEnd{BodyEnd::FramingComplete, m_board.wireBytes(), m_board.decodedBytes()};
}

} // namespace freshet::transport
