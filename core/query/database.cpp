// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/database.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace freshet::query {

namespace {

struct Setting
{
    const char *name;
    std::string value;
};

Result<ConfigHandle> makeConfig(const std::vector<Setting> &settings)
{
    ConfigHandle config;
    if (duckdb_create_config(config.receive()) != DuckDBSuccess)
        return fail(ErrorCode::Internal, "DuckDB: no configuration could be made");
    for (const Setting &setting : settings) {
        if (duckdb_set_config(config.get(), setting.name, setting.value.c_str()) != DuckDBSuccess) {
            return fail(ErrorCode::InvalidArgument, std::string("DuckDB refuses the setting ") +
                                                        setting.name + " = " + setting.value);
        }
    }
    return config;
}

/// DuckDB shows the place of a syntax error twice.
std::string onceOnly(std::string_view text)
{
    const std::size_t first = text.find("\n\nLINE ");
    const std::size_t second = first == std::string_view::npos ? std::string_view::npos
                                                               : text.find("\n\nLINE ", first + 1);
    const bool isTwice = second != std::string_view::npos &&
                         text.substr(first, second - first) == text.substr(second);
    return std::string(isTwice ? text.substr(0, second) : text);
}

} // namespace

Result<std::shared_ptr<Database>> Database::open(const Options &options)
{
    // An empty temp_directory stands for no spilling; DuckDB would else write to the working
    // folder.
    auto config = makeConfig({
        {"threads", std::to_string(options.threads)},
        {"memory_limit", std::to_string(options.memoryLimit.value()) + "B"},
        {"temp_directory", options.temporaryFolder.string()},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
    });
    if (!config)
        return fail(std::move(config).error());
    return guarded([&]() -> Result<std::shared_ptr<Database>> {
        std::shared_ptr<Database> database(new Database());
        char *message = nullptr;
        const auto opened =
            duckdb_open_ext(nullptr, database->m_database.receive(), config->get(), &message);
        const std::string reason = takeText(message);
        if (opened != DuckDBSuccess)
            return fail(ErrorCode::Internal, "DuckDB did not start: " + reason);

        auto connection = database->connect();
        if (!connection)
            return fail(std::move(connection).error());
        // Files stay reachable until the allowed one is named; afterwards nothing can be undone.
        std::string sql = "SET GLOBAL TimeZone = 'UTC';";
        if (!options.allowedFile.empty())
            sql += "SET GLOBAL allowed_paths = [" + quotedText(options.allowedFile.string()) + "];";
        sql += "SET GLOBAL enable_external_access = false; SET GLOBAL lock_configuration = true;";
        FRESHET_TRY(run(connection->get(), sql));
        return database;
    });
}

Result<ConnectionHandle> Database::connect() const
{
    ConnectionHandle connection;
    if (duckdb_connect(m_database.get(), connection.receive()) != DuckDBSuccess)
        return fail(ErrorCode::Internal, "DuckDB: no connection could be made");
    return connection;
}

Status run(duckdb_connection connection, const std::string &sql)
{
    return guarded([&]() -> Status {
        ResultHandle result;
        if (duckdb_query(connection, sql.c_str(), result.get()) != DuckDBSuccess)
            return fail(duckdbError(result.error()));
        return {};
    });
}

Error duckdbError(const char *text)
{
    const std::string detail = text != nullptr ? onceOnly(text) : "DuckDB failed without a reason";
    // DuckDB hands on strerror's words and not the number.
    if (detail.starts_with("IO Error")) {
        constexpr std::array kDiskErrors{ENOSPC, EDQUOT, EFBIG, EACCES, EPERM, EROFS, ENOENT, EIO};
        for (const int number : kDiskErrors) {
            if (detail.find(std::strerror(number)) != std::string::npos)
                return systemError(number, detail);
        }
        return Error{.code = ErrorCode::IoError, .detail = detail};
    }
    return Error{.code = ErrorCode::SqlError, .detail = detail};
}

std::string quotedText(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += c;
        quoted += c;
    }
    quoted += '\'';
    return quoted;
}

} // namespace freshet::query
