// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/postgres_options.h"

#include "cli/get_options.h"
#include "transport/postgres_statement.h"

#include <charconv>

namespace freshet::cli {

namespace {

tl::unexpected<Error> usage(std::string sentence)
{
    return fail(ErrorCode::InvalidArgument, std::move(sentence));
}

Result<std::string> queryFrom(const Arguments &arguments)
{
    const auto sql = arguments.value("sql");
    const auto table = arguments.value("table");
    if (sql && table)
        return usage("--sql and --table exclude each other");
    if (table)
        return transport::tableQuery(*table);
    if (!sql)
        return usage("a PostgreSQL server needs --sql 'select …' or --table [SCHEMA.]NAME");
    if (sql->starts_with('@'))
        return textFrom(*sql);
    return *sql;
}

Result<std::chrono::milliseconds> timeoutFrom(const std::string &text)
{
    constexpr double kMostSeconds = 2'000'000; // what PostgreSQL takes
    double seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc() || end != text.data() + text.size() || !(seconds >= 0.001) ||
        seconds > kMostSeconds)
        return usage("--timeout is a number of seconds, such as 30 or 0.5");
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

} // namespace

Status readPostgres(const Arguments &arguments, transfer::DownloadRequest &request)
{
    if (!transport::isPostgresUrl(request.bytes.url)) {
        for (const auto *option : {"sql", "table", "via", "timeout", "batch-rows"}) {
            if (arguments.has(option))
                return usage(std::string("--") + option + " goes with a postgresql:// URL");
        }
        return {};
    }
    // A recipe has its query already.
    const bool isKept =
        !request.bytes.body.empty() && !arguments.has("sql") && !arguments.has("table");
    auto query = isKept ? Result<std::string>(request.bytes.body) : queryFrom(arguments);
    if (!query)
        return fail(std::move(query).error());
    request.bytes.body = std::move(*query);
    request.decode.format = decode::Format::Postgres;
    transport::PostgresFetch &fetch = request.bytes.postgres;
    if (const auto name = arguments.value("via")) {
        const auto via = transport::postgresViaByName(*name);
        if (!via)
            return usage("--via is copy, cursor or keyset, not \"" + *name + '"');
        fetch.via = *via;
    }
    if (const auto key = arguments.value("key"))
        fetch.range.columns = splitList(*key);
    if (const auto text = arguments.value("timeout")) {
        const auto timeout = timeoutFrom(*text);
        if (!timeout)
            return fail(timeout.error());
        fetch.statementTimeout = *timeout;
    }
    const auto batch = arguments.number("batch-rows", 1);
    if (!batch)
        return fail(batch.error());
    fetch.batchRows = batch->value_or(fetch.batchRows);
    if (const auto table = arguments.value("table"); table && request.name.empty())
        request.name = table->substr(table->find_last_of('.') + 1);
    return {};
}

} // namespace freshet::cli
