// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/parquet_reader.h"

#include "base/file.h"
#include "query/database.h"
#include "query/parquet_columns.h"
#include "query/parquet_values.h"
#include "query/result_reader.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace freshet::query {

using columnar::Column;
using columnar::Field;
using columnar::LogicalType;
using columnar::RecordBatch;
using columnar::TypeKind;

namespace {

constexpr std::size_t kMagic = 4;

/// Say before DuckDB does, and in clearer words, what is no whole Parquet file.
Status checkEnds(const File &file)
{
    const auto size = file.size();
    if (!size)
        return fail(size.error());
    std::array<char, kMagic> start{};
    std::array<char, kMagic> end{};
    constexpr ByteCount kSmallest(12);
    if (*size < kSmallest)
        return fail(ErrorCode::Truncated, "too short for a Parquet file");
    FRESHET_TRY(file.readAt(ByteOffset(), start));
    FRESHET_TRY(file.readAt(ByteOffset(size->value()) - ByteCount(kMagic), end));
    if (std::memcmp(end.data(), "PARE", kMagic) == 0 ||
        std::memcmp(start.data(), "PARE", kMagic) == 0)
        return fail(ErrorCode::Unsupported, "an encrypted Parquet file");
    if (std::memcmp(start.data(), "PAR1", kMagic) != 0)
        return fail(ErrorCode::SyntaxError, "not a Parquet file");
    if (std::memcmp(end.data(), "PAR1", kMagic) != 0)
        return fail(Error{.code = ErrorCode::Truncated,
                          .detail = "the Parquet file is cut: its footer is not there",
                          .byteOffset = ByteOffset(size->value())});
    return {};
}

/// What DuckDB said of a file, as an error of the file and not of a query.
Error ofFile(Error error)
{
    if (error.code != ErrorCode::SqlError && error.code != ErrorCode::IoError)
        return error;
    error.detail.resize(std::min(error.detail.size(), error.detail.find('\n')));
    if (error.detail.find("Out of Memory") != std::string::npos)
        return {.code = ErrorCode::Unsupported,
                .detail = "the Parquet file has a part that takes more memory than there is for "
                          "reading: " +
                          error.detail};
    const bool isRefused = error.detail.find("Not implemented") != std::string::npos ||
                           error.detail.find("MAP_KEY_VALUE") != std::string::npos ||
                           error.detail.find("nsupported") != std::string::npos;
    error.code = isRefused ? ErrorCode::Unsupported : ErrorCode::SyntaxError;
    error.detail = "the Parquet file cannot be read: " + error.detail;
    return error;
}

} // namespace

struct ParquetReader::Impl
{
    File file;
    std::vector<ParquetColumn> columns;
    std::vector<std::string> notes;
    RowCount totalRows;
    std::int64_t rowGroups = 0;
    columnar::SchemaPtr schema;
    std::unique_ptr<columnar::BatchReader> rows; ///< goes before the file it reads

    [[nodiscard]] Status begin(const ParquetReadOptions &options, const CancelToken &cancel);
    [[nodiscard]] Status readFooter(duckdb_connection connection, const std::string &path);
    void nameColumns();
    [[nodiscard]] Result<std::optional<RecordBatch>> next();
};

Status ParquetReader::Impl::begin(const ParquetReadOptions &options, const CancelToken &cancel)
{
    // By its descriptor: what is a pattern in a file's name is none to DuckDB then, and the file
    // stays the same however its name is used meanwhile.
    const std::string path = "/proc/self/fd/" + std::to_string(file.descriptor());
    auto database = Database::open({.threads = options.threads,
                                    .memoryLimit = options.memoryLimit,
                                    .temporaryFolder = {},
                                    .allowedFile = path});
    if (!database)
        return fail(std::move(database).error());
    const auto connection = (*database)->connect();
    if (!connection)
        return fail(connection.error());
    FRESHET_TRY(readFooter(connection->get(), path));
    auto plan = planParquetColumns(connection->get(), path, options.flatten);
    if (!plan)
        return fail(std::move(plan).error());
    columns = std::move(plan->columns);
    notes = std::move(plan->notes);

    std::string selected;
    for (std::size_t i = 0; i < columns.size(); ++i)
        selected += (i != 0 ? ", " : "") + columns[i].expression + " AS v" + std::to_string(i);
    std::string sql = "SELECT " + selected + " FROM read_parquet(" + quotedText(path) + ") AS t(" +
                      plan->aliases + ")";
    if (options.firstRow.value() > 0)
        sql += " OFFSET " + std::to_string(options.firstRow.value());
    auto begun = ResultReader::start(*database, std::make_shared<SnapshotRegistry>(), sql, cancel);
    if (!begun)
        return fail(std::move(begun).error());
    rows = std::move(*begun);
    nameColumns();
    return {};
}

Status ParquetReader::Impl::readFooter(duckdb_connection connection, const std::string &path)
{
    const std::string sql = "SELECT num_rows::BIGINT, num_row_groups::BIGINT FROM "
                            "parquet_file_metadata(" +
                            quotedText(path) + ")";
    ResultHandle result;
    if (duckdb_query(connection, sql.c_str(), result.get()) != DuckDBSuccess)
        return fail(duckdbError(result.error()));
    const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk || duckdb_data_chunk_get_size(chunk.get()) != 1)
        return fail(ErrorCode::SyntaxError, "no footer");
    const auto figure = [&chunk](idx_t column) {
        return *static_cast<const std::int64_t *>(
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), column)));
    };
    totalRows = RowCount(figure(0));
    rowGroups = figure(1);
    return {};
}

void ParquetReader::Impl::nameColumns()
{
    auto named = std::make_shared<columnar::Schema>(*rows->schema());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        Field &field = named->fields[i];
        field.name = columns[i].name;
        if (columns[i].kind == ParquetColumn::Kind::Nanoseconds)
            field.type = LogicalType::timestamp(kFreeMicros);
        if (columnar::isTime(field.type.kind))
            field.type.form.isFree = true;
    }
    schema = std::move(named);
}

Result<std::optional<RecordBatch>> ParquetReader::Impl::next()
{
    auto batch = rows->next();
    if (!batch)
        return fail(ofFile(std::move(batch).error()));
    if (!*batch)
        return std::nullopt;
    auto settled = std::make_shared<columnar::Schema>(*schema);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        (*batch)->columns[i].type = settled->fields[i].type;
        FRESHET_TRY(finishParquetColumn((*batch)->columns[i], settled->fields[i], columns[i].kind));
    }
    (*batch)->schema = *settled == *schema ? schema : columnar::SchemaPtr(std::move(settled));
    return batch;
}

ParquetReader::ParquetReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ParquetReader::~ParquetReader() = default;

Result<std::unique_ptr<ParquetReader>> ParquetReader::open(const std::filesystem::path &path,
                                                           const ParquetReadOptions &options,
                                                           const CancelToken &cancel)
{
    auto file = File::open(path, File::Mode::Read);
    if (!file)
        return fail(std::move(file).error());
    FRESHET_TRY(checkEnds(*file));
    auto impl = std::make_unique<Impl>();
    impl->file = std::move(*file);
    if (auto begun = guarded([&] { return impl->begin(options, cancel); }); !begun)
        return fail(ofFile(std::move(begun).error()));
    return std::unique_ptr<ParquetReader>(new ParquetReader(std::move(impl)));
}

columnar::SchemaPtr ParquetReader::schema() const
{
    return m_impl->schema;
}

Result<std::optional<RecordBatch>> ParquetReader::next()
{
    return m_impl->next();
}

std::optional<RowCount> ParquetReader::totalRows() const
{
    return m_impl->totalRows;
}

std::int64_t ParquetReader::rowGroups() const
{
    return m_impl->rowGroups;
}

const std::vector<std::string> &ParquetReader::notes() const
{
    return m_impl->notes;
}

} // namespace freshet::query
