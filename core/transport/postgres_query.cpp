// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "transport/postgres_query.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <map>

namespace freshet::transport {

namespace {

struct KnownType
{
    Oid oid;
    PostgresType type;
};

/// Source: src/include/catalog/pg_type.dat; these never change.
constexpr std::array kKnownTypes = {
    KnownType{16, PostgresType::Bool},        KnownType{17, PostgresType::Bytea},
    KnownType{19, PostgresType::Text}, // name
    KnownType{20, PostgresType::Int8},        KnownType{21, PostgresType::Int2},
    KnownType{23, PostgresType::Int4},        KnownType{25, PostgresType::Text},
    KnownType{26, PostgresType::Oid},         KnownType{114, PostgresType::Json},
    KnownType{700, PostgresType::Float4},     KnownType{701, PostgresType::Float8},
    KnownType{1042, PostgresType::Text}, // character(n)
    KnownType{1043, PostgresType::Text}, // varchar
    KnownType{1082, PostgresType::Date},      KnownType{1083, PostgresType::Time},
    KnownType{1114, PostgresType::Timestamp}, KnownType{1184, PostgresType::TimestampTz},
    KnownType{1186, PostgresType::Interval},  KnownType{1266, PostgresType::TimeTz},
    KnownType{1700, PostgresType::Numeric},   KnownType{2950, PostgresType::Uuid},
    KnownType{3802, PostgresType::Jsonb},
};

/// What pg_type says of a type that has no rule of ours.
struct OtherType
{
    PostgresType type = PostgresType::Text;
    std::string writer;
};

std::string textAt(const PGresult *rows, int row, int column)
{
    return {PQgetvalue(rows, row, column),
            static_cast<std::size_t>(PQgetlength(rows, row, column))};
}

Result<std::map<Oid, OtherType>> lookUp(PostgresConnection &connection,
                                        const std::vector<Oid> &oids)
{
    std::map<Oid, OtherType> types;
    if (oids.empty())
        return types;
    std::string list;
    for (const Oid oid : oids)
        list += (list.empty() ? "" : ",") + std::to_string(oid);
    const auto rows =
        connection.run("select t.oid, t.typtype, t.typlen = -1 and t.typelem <> 0 and "
                       "t.typoutput = 'array_out'::regproc, quote_ident(n.nspname) || '.' || "
                       "quote_ident(p.proname) "
                       "from pg_catalog.pg_type t join pg_catalog.pg_proc p on p.oid = t.typoutput "
                       "join pg_catalog.pg_namespace n on n.oid = p.pronamespace where t.oid in (" +
                       list + ")");
    if (!rows)
        return fail(rows.error());
    for (int row = 0; row < PQntuples(rows->get()); ++row) {
        const auto oid = static_cast<Oid>(std::stoul(textAt(rows->get(), row, 0)));
        const std::string kind = textAt(rows->get(), row, 1);
        OtherType &type = types[oid];
        if (textAt(rows->get(), row, 2) == "t")
            type = {PostgresType::Json, "pg_catalog.array_to_json"};
        else if (kind == "c" || textAt(rows->get(), row, 3) == "pg_catalog.record_out")
            type = {PostgresType::Json, "pg_catalog.row_to_json"};
        else if (kind != "e")
            type.writer = textAt(rows->get(), row, 3);
    }
    return types;
}

/// A statement that nothing can be downloaded from; the server, which cannot write here, may say
/// why.
Error refusalOf(PostgresConnection &connection, const std::string &sql)
{
    if (const auto done = connection.run(sql); !done)
        return done.error();
    return Error{.code = ErrorCode::InvalidArgument,
                 .detail = "only queries can be downloaded: SELECT, VALUES, TABLE or WITH"};
}

Result<PostgresResult> describe(PostgresConnection &connection, const std::string &sql)
{
    FRESHET_TRY(
        connection.sent(PQsendPrepare(connection.handle(), "", sql.c_str(), 0, nullptr), sql));
    Status prepared;
    while (true) {
        const auto result = connection.next();
        if (!result)
            return fail(result.error());
        if (!*result)
            break;
        if (prepared)
            prepared = connection.check(result->get());
    }
    FRESHET_TRY(prepared);
    FRESHET_TRY(connection.sent(PQsendDescribePrepared(connection.handle(), ""), sql));
    auto described = connection.next();
    if (!described || !*described)
        return described;
    while (true) {
        const auto more = connection.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
    }
    FRESHET_TRY(connection.check(described->get()));
    return described;
}

} // namespace

Result<std::vector<QueryColumn>> describeQuery(PostgresConnection &connection,
                                               const std::string &sql)
{
    const auto described = describe(connection, sql);
    if (!described)
        return fail(described.error());
    const PGresult *const fields = described->get();
    if (PQnparams(fields) > 0)
        return fail(ErrorCode::InvalidArgument,
                    "the query has parameters ($1 …), and nothing gives their values");
    if (PQnfields(fields) == 0 || !isQuery(sql))
        return fail(refusalOf(connection, sql));

    std::vector<QueryColumn> columns;
    std::vector<Oid> others;
    for (int i = 0; i < PQnfields(fields); ++i) {
        QueryColumn column{.sent = {.name = PQfname(fields, i), .modifier = PQfmod(fields, i)}};
        const Oid oid = PQftype(fields, i);
        const auto *const known = std::ranges::find(kKnownTypes, oid, &KnownType::oid);
        if (known != kKnownTypes.end())
            column.sent.type = known->type;
        else
            others.push_back(oid);
        columns.push_back(std::move(column));
    }
    const auto types = lookUp(connection, others);
    if (!types)
        return fail(types.error());
    for (int i = 0; i < PQnfields(fields); ++i) {
        const Oid oid = PQftype(fields, i);
        if (std::ranges::find(kKnownTypes, oid, &KnownType::oid) != kKnownTypes.end())
            continue;
        QueryColumn &column = columns[static_cast<std::size_t>(i)];
        const auto type = types->find(oid);
        if (type == types->end())
            return fail(ErrorCode::Unsupported, "the server does not say what the type " +
                                                    std::to_string(oid) + " of the column \"" +
                                                    column.sent.name + "\" is");
        column.sent.type = type->second.type;
        column.writer = type->second.writer;
    }
    return columns;
}

} // namespace freshet::transport
