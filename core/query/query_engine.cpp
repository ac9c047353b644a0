// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/query_engine.h"

#include "query/database.h"
#include "query/result_reader.h"
#include "query/snapshot_scan.h"

namespace freshet::query {

using columnar::BatchReader;

struct QueryEngine::Impl
{
    std::shared_ptr<Database> database;
    std::shared_ptr<SnapshotRegistry> registry = std::make_shared<SnapshotRegistry>();
    ConnectionHandle connection; ///< for views
};

namespace {

std::string scanOf(const AttachedSnapshot &attached)
{
    return std::string(kScanFunction) + "(" + quotedText(attached.name) + ")";
}

std::string viewDefinition(const AttachedSnapshot &attached)
{
    std::string columns;
    for (const std::string &name : attached.columnNames)
        columns += (columns.empty() ? "" : ", ") + quotedIdentifier(name);
    return "CREATE OR REPLACE VIEW " + quotedIdentifier(attached.name) + " AS SELECT " + columns +
           " FROM " + scanOf(attached);
}

} // namespace

Result<std::unique_ptr<QueryEngine>> QueryEngine::open(const Options &options)
{
    auto database = Database::open({.threads = options.threads,
                                    .memoryLimit = options.memoryLimit,
                                    .temporaryFolder = options.temporaryFolder,
                                    .allowedFile = {}});
    if (!database)
        return fail(std::move(database).error());
    auto impl = std::make_unique<Impl>();
    impl->database = std::move(*database);
    auto connection = impl->database->connect();
    if (!connection)
        return fail(std::move(connection).error());
    impl->connection = std::move(*connection);
    FRESHET_TRY(registerSnapshotScan(impl->connection.get(), impl->registry, options.threads));
    return std::unique_ptr<QueryEngine>(new QueryEngine(std::move(impl)));
}

QueryEngine::QueryEngine(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
QueryEngine::~QueryEngine() = default;

Status QueryEngine::attach(const std::string &name, store::DatasetSnapshot snapshot)
{
    if (name.empty() || name.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument, "the view needs a name");
    if (snapshot.schema()->fields.empty()) {
        return fail(ErrorCode::InvalidArgument,
                    "the dataset has no columns yet, there is nothing to query");
    }
    const auto attached = m_impl->registry->attach(name, std::move(snapshot));
    return run(m_impl->connection.get(), viewDefinition(*attached));
}

Result<std::unique_ptr<BatchReader>> QueryEngine::query(std::string_view sql,
                                                        const CancelToken &cancel)
{
    return ResultReader::start(m_impl->database, m_impl->registry, sql, cancel);
}

Result<std::unique_ptr<BatchReader>> QueryEngine::matchingRows(const std::string &name,
                                                               std::string_view condition,
                                                               const CancelToken &cancel)
{
    const auto attached = m_impl->registry->find(name);
    if (!attached)
        return fail(ErrorCode::InvalidArgument, "no dataset is attached as " + name);
    // The line break ends a comment at the end of the condition.
    const std::string sql = "SELECT " + quotedIdentifier(attached->rowColumn) + " FROM " +
                            scanOf(*attached) + " AS " + quotedIdentifier(name) + " WHERE (\n" +
                            std::string(condition) + "\n)";
    return ResultReader::start(m_impl->database, m_impl->registry, sql, cancel);
}

std::string quotedIdentifier(std::string_view name)
{
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"')
            quoted += c;
        quoted += c;
    }
    quoted += '"';
    return quoted;
}

} // namespace freshet::query
